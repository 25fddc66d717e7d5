"""The control API: reset, clock, what was asked and called, who lives where."""

import pytest
from tests.waiting import PATIENCE, answered

SID = "AC" + "1" * 32


async def test_the_same_seed_gives_the_same_ids_after_a_reset(sandbox):
    async def ids(seed):
        answer = await sandbox.http.post("/_sandbox/reset", json={"seed": seed})
        assert answer.json() == {"seed": seed}
        return [await sandbox.place() for _ in range(3)]

    first, again, other = await ids(7), await ids(7), await ids(8)
    assert first == again
    assert not set(first) & set(other)


async def test_a_reset_without_a_seed_never_repeats_ids(sandbox):
    before = await sandbox.place()
    answer = await sandbox.http.post("/_sandbox/reset")
    assert answer.status_code == 200
    assert await sandbox.place() != before
    assert sandbox.world.seed == answer.json()["seed"] != 1


async def test_a_reset_forgets_everything_and_stops_what_runs(sandbox, receiver):
    stream, twiml = sandbox.stream(end=None)
    sid = await sandbox.place(Twiml=twiml, StatusCallback=f"{receiver.url}/status")
    await sandbox.status_is(sid, "in-progress")
    await sandbox.fault(provider="twilio", status=503, path="*/none")
    await sandbox.http.post("/_sandbox/reset", json={})
    assert stream.cancelled.is_set()
    for part in ("calls", "faults", "requests", "callbacks"):
        assert await sandbox.control(part) == []
    gone = await sandbox.http.get(sandbox.call_path(sid), auth=(SID, "a-token"))
    assert gone.status_code == 404
    assert receiver.received == []


@pytest.mark.parametrize("speed", [0, 0.5, 101, "fast", None])
async def test_a_speed_outside_1_to_100_is_refused(sandbox, speed):
    answer = await sandbox.http.put("/_sandbox/clock", json={"speed": speed})
    assert answer.status_code == 422
    assert (await sandbox.control("clock"))["speed"] == 50


async def test_the_clock_runs_at_the_speed_that_was_set(sandbox):
    assert (await sandbox.http.put("/_sandbox/clock", json={"speed": 100})).json()["speed"] == 100
    assert sandbox.world.clock.speed == 100
    before = (await sandbox.control("clock"))["elapsed_seconds"]
    await answered(lambda: sandbox.control("clock"), lambda told: told["elapsed_seconds"] > before)


async def test_a_faster_clock_hurries_a_call_that_is_waiting(sandbox):
    await sandbox.http.put("/_sandbox/clock", json={"speed": 1})
    sid = await sandbox.place(To="+14155550109")
    await sandbox.http.put("/_sandbox/clock", json={"speed": 100})
    await sandbox.status_is(sid, "completed")


async def test_requests_are_on_record_parsed_and_without_credentials(sandbox):
    sid = await sandbox.place(StatusCallbackEvent=["ringing", "completed"], Twiml="<Response/>")
    await sandbox.http.get(sandbox.call_path(sid), params={"x": "1"}, auth=(SID, "a-token"))
    await sandbox.http.post(
        "/api/telephony",
        json={"authToken": "hush", "list": [{"secrets": ["hush"]}]},
        headers={"X-API-Key": "hush"},
    )
    posted, fetched, unknown = await sandbox.control("requests")
    assert (posted["provider"], posted["method"], posted["status"]) == ("twilio", "POST", 201)
    assert posted["body"]["StatusCallbackEvent"] == ["ringing", "completed"]
    assert posted["headers"]["authorization"] == "***"
    assert (fetched["query"], fetched["body"]) == ({"x": "1"}, None)
    assert (unknown["provider"], unknown["status"]) == ("ultravox", 404)
    assert unknown["body"] == {"authToken": "***", "list": [{"secrets": "***"}]}
    assert "hush" not in str(unknown)


async def test_requests_can_be_filtered_and_cleared(sandbox):
    await sandbox.place()
    await sandbox.http.get("/v1/voices")
    assert [one["path"] for one in await sandbox.control("requests", provider="elevenlabs")] == ["/v1/voices"]
    assert len(await sandbox.control("requests", method="post", path="*/Calls.json")) == 1
    assert await sandbox.control("requests", provider="ultravox") == []
    assert (await sandbox.http.delete("/_sandbox/requests")).status_code == 204
    assert await sandbox.control("requests") == []


async def test_a_huge_body_is_remembered_by_its_size_only(sandbox):
    await sandbox.http.post("/api/anything", content=b"x" * 100_000)
    (seen,) = await sandbox.control("requests")
    assert seen["status"] == 404
    assert seen["body"] == {"bytes": 100_000}


async def test_calls_tell_their_person_and_what_was_said_so_far(sandbox, wait):
    stream, twiml = sandbox.stream(end=None)
    sid = await sandbox.place(Twiml=twiml)
    await sandbox.status_is(sid, "in-progress")
    await wait(lambda: bool(stream.legs))
    told = await sandbox.told(sid)
    assert (told["status"], told["carrier_status"]) == ("in-progress", "in-progress")
    assert told["person"]["name"] == "Ann Lee"
    assert [(said["who"], said["text"]) for said in told["transcript"]] == [
        ("callee", "Hello?"),
        ("caller", "Good day."),
        ("callee", "Yes."),
    ]


async def test_the_telephone_book_names_the_known_numbers_and_any_other_on_request(sandbox):
    known = await sandbox.control("phones")
    assert [home["resident"]["number"][-4:] for home in known] == [f"01{index:02d}" for index in range(11)]
    (other,) = await sandbox.control("phones", number="+4930123456")
    assert (other["outcome"], other["resident"]["language"]) == ("answers", "de")


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/v1/nothing", 404, {"detail": "Not Found"}),
        ("GET", "/v2/nothing", 404, {"detail": "Not Found"}),
        ("GET", "/api/nothing", 404, {"detail": "Not found."}),
        ("GET", "/nothing", 404, {"detail": "Not Found"}),
        ("PUT", "/_sandbox/faults", 405, {"detail": "Method Not Allowed"}),
    ],
)
async def test_unknown_paths_are_refused_in_their_vendors_shape(sandbox, method, path, status, body):
    answer = await sandbox.http.request(method, path)
    assert (answer.status_code, answer.json()) == (status, body)


async def test_a_platform_dials_through_the_carrier_and_hears_how_it_ended(sandbox):
    ended = []

    async def dial():
        return sandbox.world.carrier.place(
            account_sid=SID,
            auth_token="a-token",
            to="+14155550101",
            from_="+15005550006",
            twiml="<Response/>",
            on_end=ended.append,
        )

    sid = await sandbox.inside(dial())
    await sandbox.status_is(sid, "busy")
    assert [(fields["CallSid"], fields["CallStatus"]) for fields in ended] == [(sid, "busy")]


async def test_a_platforms_dial_is_refused_with_the_carriers_code(sandbox):
    async def dial():
        sandbox.world.carrier.place(
            account_sid=SID, auth_token="invalid", to="+14155550100", from_="+15005550006", twiml="<Response/>"
        )

    with pytest.raises(Exception, match="Authenticate") as refusal:
        await sandbox.inside(dial())
    assert refusal.value.code == 20003


async def test_a_platform_can_hang_up(sandbox):
    stream, twiml = sandbox.stream(end=None)
    sid = await sandbox.place(Twiml=twiml)
    await sandbox.status_is(sid, "in-progress")

    async def hang_up():
        sandbox.world.carrier.hang_up(sid)
        sandbox.world.carrier.hang_up("CA unknown")

    await sandbox.inside(hang_up())
    await sandbox.status_is(sid, "completed")
    assert stream.cancelled.wait(PATIENCE)


async def test_requests_are_told_from_an_index_on_and_as_many_as_are_wanted(sandbox):
    for _ in range(4):
        await sandbox.http.get("/v1/voices")
    first, *_, last = await sandbox.control("requests")
    assert [one["index"] for one in await sandbox.control("requests", after=str(last["index"] - 1))] == [
        last["index"]
    ]
    latest = await sandbox.control("requests", limit="2", after=str(first["index"]))
    assert [one["index"] for one in latest] == [last["index"] - 1, last["index"]]
    assert (await sandbox.http.get("/_sandbox/requests", params={"limit": 0})).status_code == 422


async def test_the_latest_calls_are_told_first_and_as_many_as_are_wanted(sandbox):
    sids = [await sandbox.place() for _ in range(3)]
    assert [one["sid"] for one in await sandbox.control("calls", limit="2")] == [sids[2], sids[1]]


async def test_no_secret_is_told_of_queries_and_callback_addresses(sandbox, receiver, wait):
    await sandbox.http.get("/v1/voices", params={"xi-api-key": "hush", "access_token": "hush", "page_token": "p"})
    await sandbox.place(
        StatusCallback=f"{receiver.url.replace('//', '//ann:hush@')}/status?token=hush&call=1", Timeout="1"
    )
    await receiver.until(1)
    told = await sandbox.http.get("/_sandbox/callbacks")
    assert "hush" not in told.text
    assert told.json()[0]["url"].endswith("/status?token=***&call=1")
    seen = (await sandbox.control("requests"))[0]
    assert seen["query"] == {"xi-api-key": "***", "access_token": "***", "page_token": "p"}


async def test_callbacks_can_be_filtered(sandbox, receiver):
    await sandbox.place(StatusCallback=f"{receiver.url}/status")
    await receiver.until(1)
    assert len(await sandbox.control("callbacks", provider="twilio", url="*/status")) == 1
    assert await sandbox.control("callbacks", provider="ultravox") == []


async def test_asking_changes_no_later_id(sandbox):
    sids = []
    for looks in (0, 3):
        await sandbox.http.post("/_sandbox/reset", json={"seed": 9})
        await sandbox.place()
        for _ in range(looks):
            await sandbox.http.get(sandbox.calls_path, auth=(SID, "a-token"))
        sids.append(await sandbox.place())
    assert sids[0] == sids[1]


async def test_a_browser_at_the_root_is_led_to_the_page(sandbox):
    assert (await sandbox.http.get("/")).headers["location"] == "/_sandbox/"
