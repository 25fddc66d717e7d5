import pytest
from procrastinate import Blueprint, JobContext
from sqlalchemy import text
from tests.waiting import patience

from switchboard.jobs.app import RETRY, Jobs, create_job_app
from switchboard.jobs.rescue import blueprint as rescue_jobs
from switchboard.jobs.rescue import rescue

ran = []


async def work(context: JobContext, name: str) -> None:
    ran.append(name)


def _tasks():
    tasks = Blueprint()
    tasks.task(name="work", pass_context=True, retry=RETRY)(work)
    return tasks


@pytest.fixture
async def app(database):
    ran.clear()
    app = create_job_app(database.conninfo, {"work": _tasks, "jobs": rescue_jobs})
    async with app.open_async():
        yield app


@pytest.fixture
def rescuing(app):
    async def run():
        await rescue(JobContext(app=app, abort_reason=lambda: None, job=None, start_timestamp=0), 0)  # type: ignore[arg-type]

    return run


async def _defer(database, app, name, **options):
    async with database.transaction() as session:
        await Jobs(app).defer(session, "work:work", name=name, **options)


async def _taken_by_a_dead_worker(database, heartbeat="interval '1 minute'"):
    """The waiting jobs, as a worker leaves them that was killed while it ran them."""
    async with database.transaction() as session:
        await session.execute(
            text(f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - {heartbeat})")
        )
        await session.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing', "
                "worker_id = (SELECT max(id) FROM procrastinate_workers) WHERE status = 'todo'"
            )
        )


async def _work(app):
    async with patience():
        await app.run_worker_async(queues=["work"], wait=False, listen_notify=False, install_signal_handlers=False)


async def test_a_job_of_a_dead_worker_is_done_by_another(database, app, rescuing):
    await _defer(database, app, "a")
    await _taken_by_a_dead_worker(database)
    await _work(app)
    assert ran == []
    await rescuing()
    await _work(app)
    assert ran == ["a"]


async def test_a_job_of_a_living_worker_is_left_alone(database, app, rescuing):
    await _defer(database, app, "a")
    await _taken_by_a_dead_worker(database, "interval '1 second'")
    await rescuing()
    await _work(app)
    assert ran == []


async def test_a_job_that_waits_again_already_does_not_keep_others_from_rescue(database, app, rescuing):
    await _defer(database, app, "twice", queueing_lock="one")
    await _defer(database, app, "other")
    await _taken_by_a_dead_worker(database)
    await _defer(database, app, "twice", queueing_lock="one")
    await rescuing()
    await rescuing()
    await _work(app)
    assert sorted(ran) == ["other", "twice"]


async def test_the_dead_job_that_waits_again_does_not_hold_its_lock_for_ever(database, app, rescuing):
    await _defer(database, app, "follow", queueing_lock="q", lock="call")
    await _taken_by_a_dead_worker(database)
    await _defer(database, app, "follow", queueing_lock="q", lock="call")
    await rescuing()
    await _work(app)
    assert ran == ["follow"]
