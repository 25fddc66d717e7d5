"""The stream over real HTTP: uvicorn in a thread, events appended from here."""

import json

import httpx
import pytest
from tests.edge_app import ADMIN, edge_app, served
from tests.waiting import PATIENCE

from switchboard.events.routes import stream
from switchboard.events.schemas import EVERYTHING, NewEvent
from switchboard.events.service import EventLog
from switchboard.events.wakeups import Wakeups


@pytest.fixture
def server(database_url):
    with served(edge_app(database_url)) as running:
        yield running


@pytest.fixture
async def append(database):
    wakeups = Wakeups(database.conninfo)
    await wakeups.start()
    log = EventLog(database, wakeups)

    async def append(*types, call_id=None):
        async with database.transaction() as session:
            return await log.append_all(session, [NewEvent(type_, {}, call_id=call_id) for type_ in types])

    yield append
    await wakeups.close()


class Stream:
    def __init__(self, response):
        self.response = response
        self._lines = response.aiter_lines()

    async def frame(self):
        """The next frame as a dict; comments are skipped."""
        fields = {}
        async for line in self._lines:
            if not line and fields:
                return fields
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        return fields or None

    async def event(self):
        frame = await self.frame()
        return frame and {**json.loads(frame["data"]), "sse_id": frame["id"], "sse_event": frame["event"]}


class Following:
    def __init__(self, server, path="/api/v1/events", secret=ADMIN, **headers):
        self._client = httpx.AsyncClient(base_url=server.url, timeout=PATIENCE)
        self._request = self._client.build_request("GET", path, headers={"X-API-Key": secret, **headers})

    async def __aenter__(self):
        self._response = await self._client.send(self._request, stream=True)
        stream = Stream(self._response)
        stream.opening = await stream.frame() if self._response.status_code == 200 else None
        return stream

    async def __aexit__(self, *_):
        await self._response.aclose()
        await self._client.aclose()


async def test_a_stream_starts_at_the_end_of_the_log_and_shows_what_comes(server, append):
    await append("call.queued")
    async with Following(server) as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert stream.opening["retry"] == "1000"
        [written] = await append("call.ringing", call_id="call_1")
        event = await stream.event()
    assert event["type"] == event["sse_event"] == "call.ringing"
    assert event["sse_id"] == str(written.position)
    assert (event["id"], event["call_id"]) == (written.id, "call_1")


async def test_a_stream_resumes_after_the_last_event_it_saw(server, append):
    async with Following(server) as stream:
        await append("call.queued")
        seen = await stream.event()
    missed = await append("call.initiated", "call.ringing")
    async with Following(server, **{"Last-Event-ID": seen["sse_id"]}) as stream:
        await append("call.answered")
        types = [(await stream.event())["type"] for _ in range(3)]
    assert types == ["call.initiated", "call.ringing", "call.answered"]
    assert missed[0].position > int(seen["sse_id"])


async def test_the_first_frame_gives_an_id_so_that_nothing_before_the_first_event_is_lost(server, append):
    await append("call.queued")
    async with Following(server) as stream:
        opening = stream.opening["id"]
    await append("call.ringing")
    async with Following(server, **{"Last-Event-ID": opening}) as stream:
        assert (await stream.event())["type"] == "call.ringing"


async def test_a_header_wins_over_the_address_as_browsers_need_it(server, append):
    first, second, third = await append("call.queued", "call.initiated", "call.ringing")
    headers = {"Last-Event-ID": str(second.position)}
    async with Following(server, f"/api/v1/events?after={first.position - 1}", **headers) as stream:
        assert (await stream.event())["sse_id"] == str(third.position)


async def test_filters_keep_out_the_rest(server, append):
    await append("call.queued", "call.ringing", call_id="call_1")
    await append("call.ringing", call_id="call_2")
    path = "/api/v1/events?after=0&types=call.ringing,call.busy&call_id=call_2"
    async with Following(server, path) as stream:
        event = await stream.event()
        assert (event["type"], event["call_id"]) == ("call.ringing", "call_2")


async def test_a_stream_ends_before_it_tells_anything_to_a_revoked_key(server, append):
    headers = {"X-API-Key": ADMIN}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=PATIENCE) as client:
        key = (await client.post("/api/v1/keys", json={"name": "watcher", "scopes": ["events:read"]})).json()
        async with Following(server, secret=key["secret"]) as stream:
            await client.delete(f"/api/v1/keys/{key['id']}")
            await append("call.ringing")
            assert await stream.event() is None


async def test_the_server_stops_at_once_although_streams_are_open(database_url, caplog):
    with served(edge_app(database_url)) as server:
        async with Following(server) as stream:
            server.stop()
            assert await stream.event() is None
            server.thread.join(PATIENCE)
            assert not server.thread.is_alive()
    assert "timeout graceful shutdown exceeded" not in caplog.text  # uvicorn's, where a stream would hold it up


@pytest.mark.parametrize(
    ("path", "headers", "field"),
    [
        ("/api/v1/events?types=call.rang", {}, "types"),
        ("/api/v1/events?types=,", {}, "types"),
        ("/api/v1/events?after=-1", {}, "after"),
        ("/api/v1/events?after=99999999999999999999", {}, "after"),
        ("/api/v1/events", {"Last-Event-ID": "yesterday"}, "Last-Event-ID"),
        ("/api/v1/events", {"Last-Event-ID": "9" * 30}, "Last-Event-ID"),
        ("/api/v1/events?cursor=nonsense", {"Accept": "application/json"}, "cursor"),
    ],
)
async def test_a_bad_question_names_its_field(api, path, headers, field):
    answer = await api.get(path, headers=headers)
    assert answer.status_code == 422
    assert [wrong["field"] for wrong in answer.json()["errors"]] == [field]


async def test_past_events_are_pages_of_json_newest_first(api, append):
    await append(*["call.turn"] * 5, call_id="call_1")
    seen, url = [], "/api/v1/events?limit=2&call_id=call_1"
    while url:
        page = await api.get(url, headers={"Accept": "application/json"})
        seen += [event["position"] for event in page.json()]
        url = page.links.get("next", {}).get("url")
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


async def test_past_events_after_a_position_are_oldest_first(api, append):
    written = await append(*["call.turn"] * 5)
    seen, url = [], f"/api/v1/events?limit=2&after={written[0].position}"
    while url:
        page = await api.get(url, headers={"Accept": "application/json"})
        seen += [event["position"] for event in page.json()]
        url = page.links.get("next", {}).get("url")
    assert seen == [event.position for event in written[1:]]


async def test_events_need_their_scope(api):
    key = (await api.post("/api/v1/keys", json={"name": "x", "scopes": ["calls:read"]})).json()
    answer = await api.get("/api/v1/events", headers={"X-API-Key": key["secret"]})
    assert (answer.status_code, answer.json()["missing_scopes"]) == (403, ["events:read"])


async def made_key(api, *scopes):
    made = (await api.post("/api/v1/keys", json={"name": "x", "scopes": list(scopes)})).json()
    return {"X-API-Key": made["secret"], "Accept": "application/json"}


async def test_who_is_let_in_is_told_to_admins_only(api, append):
    reader = await made_key(api, "events:read", "keys:write")
    await append("user.created", "agent.created")
    told = (await api.get("/api/v1/events", headers=reader)).json()
    assert [event["type"] for event in told] == ["agent.created"]
    every = (await api.get("/api/v1/events", headers={"Accept": "application/json"})).json()
    assert {"user.created", "key.created", "agent.created"} <= {event["type"] for event in every}
    answer = await api.get("/api/v1/events", params={"types": "agent.created,key.created"}, headers=reader)
    assert (answer.status_code, answer.json()["missing_scopes"]) == (403, ["admin"])


async def allowed():
    return True


async def test_a_stream_ends_when_it_is_no_longer_allowed(database):
    answers = iter((True, False, True))

    async def until_asked_twice():
        return next(answers)

    log = EventLog(database, Wakeups(database.conninfo))
    frames = [frame async for frame in stream(log, until_asked_twice, 0, EVERYTHING, heartbeat_seconds=0.02)]
    assert frames[1:] == [b": still here\n\n"]


async def test_a_quiet_stream_sends_heartbeats_and_ends_when_its_time_is_up(database):
    log = EventLog(database, Wakeups(database.conninfo))
    frames = [
        frame async for frame in stream(log, allowed, 0, EVERYTHING, heartbeat_seconds=0.02, longest_seconds=0.05)
    ]
    assert frames[0] == b"retry: 1000\nid: 0\n\n"
    assert set(frames[1:]) == {b": still here\n\n"}
