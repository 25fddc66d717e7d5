import asyncio

import psycopg
import pytest
from procrastinate import Blueprint, JobContext
from tests.waiting import patience

from switchboard.jobs.app import Jobs, create_job_app
from switchboard.jobs.rescue import rescue
from switchboard.jobs.worker import run_worker

SEEN = "seen"


async def note(context: JobContext, call_id: str) -> None:
    context.additional_context[SEEN].append(call_id)


def blueprint():
    tasks = Blueprint()
    tasks.task(name="note", pass_context=True, queue="calls")(note)
    return tasks


@pytest.fixture
async def app(database):
    app = create_job_app(database.conninfo, {"calls": blueprint})
    async with app.open_async():
        yield app


def waiting(database):
    with psycopg.connect(database.conninfo) as connection:
        return [row[0]["call_id"] for row in connection.execute("SELECT args FROM procrastinate_jobs ORDER BY id")]


@pytest.mark.parametrize("queueing_lock", [None, "one"])
async def test_a_job_exists_exactly_if_its_transaction_commits(app, database, queueing_lock):
    jobs = Jobs(app)

    async def fail():
        async with database.transaction() as session:
            await jobs.defer(session, "calls:note", queueing_lock=queueing_lock, call_id="lost")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.transaction() as session:
        await jobs.defer(session, "calls:note", queueing_lock=queueing_lock, call_id="kept")
        assert waiting(database) == []
    assert waiting(database) == ["kept"]


async def test_a_second_job_under_the_same_lock_is_quietly_not_queued(app, database):
    jobs = Jobs(app)
    async with database.transaction() as session:
        for call_id in ("first", "second"):
            await jobs.defer(session, "calls:note", queueing_lock="one", call_id=call_id)
        await jobs.defer(session, "calls:note", call_id="third")
    assert waiting(database) == ["first", "third"]


async def test_the_worker_runs_what_was_deferred_and_leaves_nothing_behind(app, database):
    seen: list[str] = []
    async with database.transaction() as session:
        await Jobs(app).defer(session, "calls:note", call_id="call_1")
    worker = asyncio.create_task(run_worker(app, {"calls": 2}, {SEEN: seen}))
    async with patience():
        while not seen or waiting(database):  # noqa: ASYNC110 -- another task's work has no event
            await asyncio.sleep(0.02)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert seen == ["call_1"]


async def test_a_delayed_job_waits(app, database):
    async with database.transaction() as session:
        await Jobs(app).defer(session, "calls:note", delay_seconds=60, call_id="later")
    assert (
        await app.job_manager.fetch_job(queues=["calls"], worker_id=await app.job_manager.register_worker())
        is None
    )


class Manager:
    def __init__(self):
        self.retried = []

    async def get_stalled_jobs(self, *, seconds_since_heartbeat):
        self.patience = seconds_since_heartbeat
        return [StalledJob()]

    async def retry_job(self, job):
        self.retried.append(job)


class StalledJob:
    task_name, id = "calls:note", 1


class Context:
    def __init__(self, manager):
        self.app = type("App", (), {"job_manager": manager})()


async def test_jobs_of_a_silent_worker_are_put_back():
    manager = Manager()
    await rescue(Context(manager), 0)
    assert len(manager.retried) == 1
    assert manager.patience <= 10
