"""Several servers on one database, and the sandbox as the vendors: what they are asked, and how often."""

import asyncio
import signal
import threading
from contextlib import suppress

import httpx
import psycopg
import pytest
from tests.processes import AGENT, town
from tests.waiting import PATIENCE, wait_until

VOICES = "/api/v1/voices"
LISTS = {"elevenlabs": "/v2/voices", "ultravox": "/api/voices"}


@pytest.fixture(scope="module")
def running(postgres, migrated_template):
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE voices_town TEMPLATE {migrated_template}")
    settings = {"SWITCHBOARD_VOICES_REFILL_SECONDS": "2", "SWITCHBOARD_VOICES_RETRY_SECONDS": "0.5"}
    with town(postgres.url("voices_town"), **settings) as started:
        yield started


@pytest.fixture(autouse=True)
def nothing_known(postgres, running):
    with psycopg.connect(postgres.url("voices_town"), autocommit=True) as connection:
        connection.execute("TRUNCATE voice_lists, voice_previews, voice_usage")
    for part in ("faults", "requests"):
        running.sandbox.delete(f"/_sandbox/{part}").raise_for_status()
    for vendor in LISTS:
        running.sandbox.put(f"/_sandbox/{vendor}/voices", json={}).raise_for_status()


def asked(running, path, method="GET"):
    seen = running.sandbox.get("/_sandbox/requests", params={"path": path, "method": method})
    return len(seen.raise_for_status().json())


def make_old(postgres, seconds):
    with psycopg.connect(postgres.url("voices_town"), autocommit=True) as connection:
        connection.execute(f"UPDATE voice_lists SET fetched_at = fetched_at - interval '{seconds} s'")


async def read_at_once(running, *urls, readers):
    """All answers of so many readers of each server."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        headers=dict(running.api.headers), timeout=PATIENCE, trust_env=False, limits=limits
    ) as http:
        return await asyncio.gather(*(http.get(f"{url}{VOICES}") for url in urls for _ in range(readers)))


async def test_a_hundred_readers_of_two_servers_cost_each_vendor_one_request(running):
    for platform, path in LISTS.items():
        running.fault(provider=platform, path=path, delay_seconds=0.7)
    with running.server() as (_, other):
        urls = str(running.api.base_url).rstrip("/"), str(other.base_url).rstrip("/")
        answers = await read_at_once(running, *urls, readers=50)
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["X-Total-Count"] for answer in answers} == {"25"}
    assert [asked(running, path) for path in LISTS.values()] == [1, 1]


async def test_a_hundred_readers_of_an_old_list_are_served_at_once_and_cost_one_request_more(running, postgres):
    assert running.api.get(VOICES).status_code == 200
    make_old(postgres, 1000)
    for platform, path in LISTS.items():
        running.fault(provider=platform, path=path, delay_seconds=1.0)
    with running.server() as (_, other):
        urls = str(running.api.base_url).rstrip("/"), str(other.base_url).rstrip("/")
        answers = await read_at_once(running, *urls, readers=50)
        assert {answer.headers.get("X-Stale") for answer in answers} == {"elevenlabs, ultravox"}
        wait_until(lambda: "X-Stale" not in running.api.get(VOICES).headers)
    assert [asked(running, path) for path in LISTS.values()] == [2, 2]


def test_every_page_of_both_vendors_is_fetched(running):
    for vendor in LISTS:
        running.sandbox.put(f"/_sandbox/{vendor}/voices", json={"extra": 250}).raise_for_status()
    answer = running.api.get(VOICES)
    assert answer.headers["X-Total-Count"] == str(13 + 12 + 2 * 250)
    assert [asked(running, path) for path in LISTS.values()] == [3, 3]


def test_a_server_started_while_a_vendor_is_down_lists_the_voices_of_before(running, postgres):
    assert len(running.api.get(VOICES).json()) == 25
    make_old(postgres, 5000)
    running.fault(provider="elevenlabs", path="*", status=503)
    with running.server() as (_, other):
        wait_until(lambda: other.get(VOICES).headers.get("X-Unavailable") == "elevenlabs")
        shown = other.get(VOICES, params={"platform": "elevenlabs"})
        assert (shown.status_code, len(shown.json()), shown.headers["X-Stale"]) == (200, 13, "elevenlabs")
        assert int(shown.headers["Age"]) >= 5000


def test_another_server_takes_over_from_one_that_is_killed_while_it_fetches(running):
    running.fault(provider="elevenlabs", path=LISTS["elevenlabs"], delay_seconds=30, count=1)
    with running.server() as (process, client):

        def read():
            with suppress(httpx.HTTPError):
                client.get(VOICES, params={"platform": "elevenlabs"})

        reader = threading.Thread(target=read)
        reader.start()
        wait_until(lambda: asked(running, LISTS["elevenlabs"]) == 1)
        process.send_signal(signal.SIGKILL)
        reader.join()
    answer = running.api.get(VOICES, params={"platform": "elevenlabs"}, timeout=20)
    assert (answer.status_code, len(answer.json())) == (200, 13)
    assert asked(running, LISTS["elevenlabs"]) == 2


def test_a_sentence_is_spoken_once_by_the_vendor_and_heard_from_every_server(running):
    voice = next(
        v for v in running.api.get(VOICES, params={"platform": "elevenlabs"}).json() if v["language"] == "es"
    )
    path = f"{VOICES}/elevenlabs/{voice['id']}/preview"
    order = {"text": "Buenos días, Casa Verde.", "language": "es-MX", "speed": 1.1}
    with running.server() as (_, other):
        first, second = running.api.post(path, json=order), other.post(path, json=order)
    assert (first.status_code, first.headers["content-type"]) == (200, "audio/mpeg"), first.text
    assert first.content == second.content
    assert (first.headers["X-Preview-Charged"], second.headers["X-Preview-Cached"]) == ("24", "true")
    (spoken,) = running.sandbox.get("/_sandbox/requests", params={"path": "/v1/text-to-speech/*"}).json()
    assert spoken["body"]["language_code"] == "es"
    assert spoken["body"]["voice_settings"] == {"speed": 1.1}


def test_the_vendors_samples_are_heard_through_us(running):
    for platform, kind in (("elevenlabs", "audio/mpeg"), ("ultravox", "audio/wav")):
        voice = next(v for v in running.api.get(VOICES, params={"platform": platform}).json() if v["preview_url"])
        answer = running.api.post(f"{VOICES}/{platform}/{voice['id']}/preview", json={})
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)


def test_a_voice_without_a_sample_says_what_to_do(running):
    clone = next(v for v in running.api.get(VOICES).json() if v["name"] == "My own voice")
    answer = running.api.post(f"{VOICES}/elevenlabs/{clone['id']}/preview", json={})
    assert answer.status_code == 424
    assert "text of yours" in answer.json()["detail"]


def test_ultravox_says_that_it_speaks_no_texts_and_takes_names_of_voices(running):
    voice = running.api.get(VOICES, params={"platform": "ultravox"}).json()[0]
    answer = running.api.post(f"{VOICES}/ultravox/{voice['id']}/preview", json={"text": "Hello."})
    assert (answer.status_code, answer.json()["code"]) == (424, "not-supported")
    made = running.api.post("/api/v1/agents", json=AGENT | {"platform": "ultravox", "voice": "mark"})
    assert made.status_code == 201, made.text


def test_spent_credits_are_told_as_such(running):
    bruce = next(v for v in running.api.get(VOICES).json() if v["name"] == "Bruce")
    body = {"detail": {"type": "authentication_error", "code": "quota_exceeded", "message": "No credits left."}}
    running.fault(provider="elevenlabs", method="POST", path="/v1/text-to-speech/*", status=401, body=body)
    answer = running.api.post(f"{VOICES}/elevenlabs/{bruce['id']}/preview", json={"text": "Hello."})
    assert (answer.status_code, answer.json()["code"]) == (424, "provider-out-of-quota")
