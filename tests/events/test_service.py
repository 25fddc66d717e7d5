import asyncio
import time
from contextlib import aclosing

import pytest
from tests.waiting import answered, patience, until

from switchboard.events.schemas import EventFilter, NewEvent
from switchboard.events.service import EventLog
from switchboard.events.wakeups import Wakeups


@pytest.fixture
async def wakeups(database):
    wakeups = Wakeups(database.conninfo)
    await wakeups.start()
    yield wakeups
    await wakeups.close()


@pytest.fixture
def log(database, wakeups):
    return EventLog(database, wakeups)


async def append(database, log, *types, call_id=None):
    async with database.transaction() as session:
        return await log.append_all(session, [NewEvent(type_, {"n": 1}, call_id=call_id) for type_ in types])


async def collect(log, count, after=0, **filters):
    found = []
    async with patience(), aclosing(log.follow(after, **filters)) as events:
        async for event in events:
            found.append(event)
            if len(found) == count:
                return found
    return found


async def test_an_event_comes_back_as_it_was_appended(database, log):
    async with database.transaction() as session:
        written = await log.append(
            session, "call.queued", agent_id="agt_1", call_id="call_1", data={"a": [1, None]}
        )
    [read] = await log.after(0)
    assert read.as_json() == written.as_json()
    assert read.data == {"a": [1, None]}
    assert read.id.startswith("evt_")
    assert await log.last_position() == read.position


async def test_events_of_one_append_stand_in_the_given_order(database, log):
    written = await append(database, log, *[f"call.{n}" for n in range(50)])
    assert [event.type for event in await log.after(0)] == [f"call.{n}" for n in range(50)]
    assert [event.position for event in written] == sorted(event.position for event in written)


async def test_an_empty_append_writes_nothing(database, log):
    async with database.transaction() as session:
        assert await log.append_all(session, []) == []
    assert await log.last_position() == 0


async def test_a_rolled_back_event_never_happened(database, log, wakeups):
    async def fail():
        async with database.transaction() as session:
            await log.append(session, "call.queued")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await log.after(0) == []
    assert wakeups.last == 0


async def test_filters_are_joined_by_and(database, log):
    await append(database, log, "call.queued", "call.ringing", call_id="call_1")
    await append(database, log, "call.queued", call_id="call_2")
    found = await log.after(0, types=["call.queued"], call_id="call_1")
    assert [(event.type, event.call_id) for event in found] == [("call.queued", "call_1")]
    newest = await log.before(None, EventFilter(call_id="call_1"), limit=1)
    assert [event.type for event in newest] == ["call.ringing"]


async def test_a_follower_sees_old_and_new_events_once_and_in_order(database, log):
    await append(database, log, "call.queued", "call.ringing")
    following = asyncio.create_task(collect(log, 4))
    await append(database, log, "call.answered", "call.completed")
    found = await following
    assert [event.type for event in found] == ["call.queued", "call.ringing", "call.answered", "call.completed"]


async def test_a_filtered_follower_goes_on_past_what_it_does_not_want(database, log):
    following = asyncio.create_task(collect(log, 2, call_id="call_2"))
    await asyncio.sleep(0.05)
    for call_id in ("call_1", "call_2", "call_1", "call_2"):
        await append(database, log, "call.turn", call_id=call_id)
    assert {event.call_id for event in await following} == {"call_2"}


async def test_twenty_writers_leave_no_gap_that_a_follower_could_fall_into(database, log):
    """Positions taken before the commit would show 12 before 11; a follower past 12 would never see 11."""
    each, writers = 15, 20
    followers = [asyncio.create_task(collect(log, each * writers)) for _ in range(5)]

    async def write(writer):
        for number in range(each):
            async with database.transaction() as session:
                await log.append(session, "call.turn", data={"writer": writer, "number": number})

    await asyncio.gather(*(write(writer) for writer in range(writers)))
    truth = [(event.data["writer"], event.data["number"]) for event in await log.after(0, limit=1000)]
    assert len(truth) == each * writers
    for found in await asyncio.gather(*followers):
        assert [(event.data["writer"], event.data["number"]) for event in found] == truth


async def test_another_process_is_woken_by_notify(database, log, monkeypatch):
    monkeypatch.setattr("switchboard.events.tail.POLL_SECONDS", 1000.0)  # polling alone would find nothing
    elsewhere = Wakeups(database.conninfo)
    await elsewhere.start()
    try:
        other_log = EventLog(database, elsewhere)
        following = asyncio.create_task(collect(other_log, 1))
        await until(lambda: elsewhere._waiting)  # noqa: SLF001 -- until it waits
        await append(database, log, "call.queued")
        await following
    finally:
        await elsewhere.close()


async def test_a_follower_that_hears_nothing_finds_the_event_by_polling(database, monkeypatch):
    monkeypatch.setattr("switchboard.events.tail.POLL_SECONDS", 0.05)
    deaf = EventLog(database, Wakeups(database.conninfo))
    writer = EventLog(database, Wakeups(database.conninfo))
    following = asyncio.create_task(collect(deaf, 1))
    await asyncio.sleep(0.02)
    await append(database, writer, "call.queued")
    [event] = await following
    assert event.type == "call.queued"


async def test_a_follower_far_behind_reads_the_table_and_then_joins_the_others(database, log, monkeypatch):
    monkeypatch.setattr("switchboard.events.service.KEPT", 7)
    monkeypatch.setattr("switchboard.events.tail.KEPT", 7)
    await append(database, log, *["call.turn"] * 40)
    ahead = asyncio.create_task(collect(log, 30, after=40))
    behind = asyncio.create_task(collect(log, 70, after=0))
    for _ in range(30):
        await append(database, log, "call.turn")
    assert [event.position for event in await ahead] == list(range(41, 71))
    assert [event.position for event in await behind] == list(range(1, 71))


async def test_a_quiet_log_gives_empty_batches_for_heartbeats(log):
    async with patience(), aclosing(log.batches(0, idle_seconds=0.05)) as batches:
        assert await anext(batches) == []


async def test_followers_end_when_the_server_stops(log):
    following = asyncio.create_task(collect(log, 1))
    await asyncio.sleep(0.02)
    log.stop_following()
    assert await following == []


async def test_many_followers_share_the_reading(database, log, monkeypatch):
    reads = []
    everything_after = log._tail._read  # noqa: SLF001 -- counting is the point

    async def counted(position, limit):
        reads.append(position)
        return await everything_after(position, limit)

    monkeypatch.setattr(log._tail, "_read", counted)  # noqa: SLF001
    following = [asyncio.create_task(collect(log, 10)) for _ in range(50)]
    await asyncio.sleep(0.05)
    for _ in range(10):
        await append(database, log, "call.turn")
    await asyncio.gather(*following)
    assert len(reads) <= 40


async def connected(sender, heard):
    """Announce until the last word arrives: what is said while nobody listens is lost. Answers that word."""
    said = 0
    async with patience():
        while said == 0 or said not in heard:
            said += 1
            sender.announce(said)
            await asyncio.sleep(0.05)
    return said


async def test_announcements_are_sent_at_most_once_in_twenty_milliseconds(database):
    sender, listener = Wakeups(database.conninfo), Wakeups(database.conninfo)
    heard = []
    listener._arrived = heard.append  # noqa: SLF001
    await listener.start()
    await sender.start()
    try:
        said = await connected(sender, heard)
        heard.clear()
        began = time.monotonic()
        for position in range(said + 1, said + 201):
            sender.announce(position)
            await asyncio.sleep(0.001)
        await until(lambda: said + 200 in heard)
        assert len(heard) <= (time.monotonic() - began) / 0.02 + 2
    finally:
        await sender.close()
        await listener.close()


async def test_listening_goes_on_after_the_server_cut_the_connection(database):
    wakeups = Wakeups(database.conninfo)
    await wakeups.start()
    try:
        log = EventLog(database, wakeups)
        await asyncio.sleep(0.1)
        async with database.transaction() as session:
            connection = await session.connection()
            await connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        other = Wakeups(database.conninfo)
        await other.start()
        try:
            elsewhere = EventLog(database, other)

            async def heard_by_now() -> bool:
                await append(database, elsewhere, "call.queued")
                return wakeups.last > 0

            await answered(heard_by_now, bool)
            await collect(log, 1)
        finally:
            await other.close()
    finally:
        await wakeups.close()
