"""Hearing voices through the API: cost told before, paid once, kept, bounded."""

import asyncio

import pytest
from tests.harness import ADMIN, Harness
from tests.waiting import patience

from switchboard.core.clock import SystemClock
from switchboard.http.rate_limit import RateLimiter, RateLimitSettings
from switchboard.providers.errors import ProviderOutOfQuota, ProviderUnavailable, ProviderUnclear
from switchboard.providers.normalised import Audio
from switchboard.voices.previews import Previews
from switchboard.voices.settings import VoiceSettings

VOICES = "/api/v1/voices"
ANN = f"{VOICES}/elevenlabs/elevenlabs-voice-1/preview"
SENTENCE = {"text": "Good morning."}


@pytest.fixture
def api(switchboard: Harness):
    return switchboard.api


@pytest.fixture
def restrict(switchboard: Harness):
    """Give the routes previews with other settings; undone at the end."""
    state = switchboard.api._transport.app.state  # noqa: SLF001 -- where routes find their parts
    before = state.previews

    def restricted(rate="off", **settings):
        state.previews = Previews(
            database=switchboard.parts.database,
            providers=switchboard.parts.providers,
            health=switchboard.parts.health,
            limiter=RateLimiter(RateLimitSettings(rate=rate)),
            settings=VoiceSettings(**settings),
            clock=SystemClock(),
        )

    yield restricted
    state.previews = before


async def test_the_cost_is_told_before_and_paid_once(switchboard, api):
    before = (await api.post(ANN, json=SENTENCE, params={"dry_run": "true"})).json()
    assert before == {
        "platform": "elevenlabs",
        "voice_id": "elevenlabs-voice-1",
        "characters": 13,
        "charge": {"amount": 13, "unit": "credits"},
        "cost": None,
        "cached": False,
        "quota_left": 20_000,
    }
    assert switchboard.elevenlabs.spoken == []
    first, second = [await api.post(ANN, json=SENTENCE) for _ in range(2)]
    assert (first.status_code, first.headers["content-type"]) == (200, "audio/mpeg")
    assert first.content == second.content == b"ID3 elevenlabs-voice-1 says Good morning."
    assert [answer.headers["X-Preview-Cached"] for answer in (first, second)] == ["false", "true"]
    assert (first.headers["X-Preview-Charged"], "X-Preview-Charged" in second.headers) == ("13", False)
    assert len(switchboard.elevenlabs.spoken) == 1
    after = (await api.post(ANN, json=SENTENCE, params={"dry_run": "true"})).json()
    assert (after["cached"], after["charge"], after["quota_left"]) == (True, None, 19_987)
    assert after["cost"] == {"amount": "0.00", "currency": "USD"}


async def test_text_language_and_settings_each_make_another_preview(switchboard, api):
    orders = [SENTENCE, {"text": "Good evening."}, SENTENCE | {"language": "en"}, SENTENCE | {"speed": 1.1}]
    tags = {(await api.post(ANN, json=order)).headers["ETag"] for order in orders}
    assert len(tags) == 4
    assert switchboard.elevenlabs.spoken[2:] == [
        ("elevenlabs-voice-1", "Good morning.", "en", {}),
        ("elevenlabs-voice-1", "Good morning.", None, {"speed": 1.1}),
    ]


async def test_equal_orders_at_once_make_one_vendor_request(switchboard, api):
    original = switchboard.elevenlabs.speak

    async def slow(*order):
        await asyncio.sleep(0.1)
        return await original(*order)

    switchboard.elevenlabs.speak = slow
    answers = await asyncio.gather(*(api.post(ANN, json=SENTENCE) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(switchboard.elevenlabs.spoken) == 1


async def test_equal_orders_in_two_processes_make_one_vendor_request(switchboard, api, restrict):
    original = switchboard.elevenlabs.speak

    async def slow(*order):
        await asyncio.sleep(0.1)
        return await original(*order)

    switchboard.elevenlabs.speak = slow
    first = asyncio.create_task(api.post(ANN, json=SENTENCE))
    await asyncio.sleep(0.05)
    restrict()  # as another process would: nothing of the first one's memory is there
    second = await api.post(ANN, json=SENTENCE)
    assert ((await first).content, second.status_code) == (second.content, 200)
    assert len(switchboard.elevenlabs.spoken) == 1


async def test_a_sample_is_free_kept_and_asked_for_once(switchboard, api):
    quote = (await api.post(ANN, params={"dry_run": "true"})).json()
    assert (quote["characters"], quote["charge"], quote["cost"]["amount"]) == (0, None, "0.00")
    assert [(await api.post(ANN)).content for _ in range(2)] == [b"RIFF-sample"] * 2
    switchboard.elevenlabs.fail_next(ProviderUnavailable("Away.", provider="elevenlabs"))
    assert (await api.post(ANN, json={})).content == b"RIFF-sample"


async def test_a_platform_that_speaks_no_texts_says_what_to_do(switchboard, api):
    switchboard.ultravox.speaks = False
    path = f"{VOICES}/ultravox/ultravox-voice-1/preview"
    for params in ({}, {"dry_run": "true"}):
        answer = await api.post(path, json=SENTENCE, params=params)
        assert (answer.status_code, answer.json()["code"]) == (424, "not-supported")
        assert "Listen to the sample" in answer.json()["detail"]


@pytest.mark.parametrize(
    "order",
    [
        {"text": ""},
        {"text": "  "},
        {"text": "a" * 301},
        {"text": "a\x07b"},
        {"text": 7},
        SENTENCE | {"speed": 3},
        SENTENCE | {"stability": -0.1},
        SENTENCE | {"language": "english"},
        SENTENCE | {"volume": 1},
    ],
)
async def test_orders_that_cannot_be_are_refused_with_their_field(switchboard, api, order):
    answer = await api.post(ANN, json=order)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert answer.json()["errors"][0]["field"] in {"text", "speed", "stability", "language", "volume"}
    assert switchboard.elevenlabs.spoken == []


async def test_three_hundred_characters_pass(api):
    assert (await api.post(ANN, json={"text": "ü" * 300})).status_code == 200


async def test_the_days_quota_ends_and_says_until_when(switchboard, api, restrict):
    restrict(preview_daily_characters=20)
    assert (await api.post(ANN, json=SENTENCE)).status_code == 200
    answer = await api.post(ANN, json={"text": "Good evening."})
    assert (answer.status_code, answer.json()["code"]) == (429, "preview-quota-spent")
    assert 0 < int(answer.headers["Retry-After"]) <= 86_400
    assert (await api.post(ANN, json={"text": "Good."})).status_code == 200, "a shorter one fits"
    assert (await api.post(ANN, json=SENTENCE)).status_code == 200, "what is kept costs nothing"
    assert (await api.post(ANN)).status_code == 200, "samples cost nothing"


async def test_orders_at_once_do_not_exceed_the_quota(switchboard, api, restrict):
    restrict(preview_daily_characters=30)
    answers = await asyncio.gather(*(api.post(ANN, json={"text": f"Morning {n}."}) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [429] * 5
    assert len(switchboard.elevenlabs.spoken) == 3


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (ProviderOutOfQuota("Spent.", provider="elevenlabs"), 20_000),
        (ProviderUnavailable("Away.", provider="elevenlabs"), 20_000),
        (ProviderUnclear("Lost.", provider="elevenlabs"), 19_987),
    ],
)
async def test_the_quota_is_given_back_when_it_was_certainly_not_spoken(switchboard, api, error, left):
    switchboard.elevenlabs.fail_next(error)
    answer = await api.post(ANN, json=SENTENCE)
    assert answer.json()["code"] == error.slug
    quote = (await api.post(ANN, json=SENTENCE, params={"dry_run": "true"})).json()
    assert (quote["quota_left"], quote["cached"]) == (left, False)
    assert (await api.post(ANN, json=SENTENCE)).status_code == 200, "it can be tried again at once"


async def test_one_key_may_not_order_without_end_but_hears_what_is_kept(switchboard, api, restrict):
    restrict(rate="2/minute")
    codes = [(await api.post(ANN, json={"text": f"Number {n}."})).status_code for n in range(3)]
    assert codes == [200, 200, 429]
    assert (await api.post(ANN, json={"text": "Number 1."})).status_code == 200
    key = (await api.post("/api/v1/keys", json={"name": "Other", "scopes": ["voices:read"]})).json()["secret"]
    assert (await api.post(ANN, json={"text": "Number 3."}, headers={"X-API-Key": key})).status_code == 200


async def test_what_is_too_large_or_no_audio_is_not_handed_on(switchboard, api, restrict):
    restrict(preview_max_bytes=1024)

    async def sample(_voice_id):
        return answers.pop()

    switchboard.elevenlabs.voice_sample = sample
    answers = [Audio(b"<html>", "text/html"), Audio(b"ID3" + bytes(2000), "audio/mpeg")]
    for word in ("1,024 bytes", "text/html"):
        answer = await api.post(ANN)
        assert (answer.status_code, answer.json()["code"]) == (424, "provider-rejected")
        assert word in answer.json()["detail"]
    answers.append(Audio(b"\xff\xfb\x90", "application/octet-stream"))
    assert (await api.post(ANN)).headers["content-type"] == "audio/mpeg"


async def test_the_longest_unheard_go_when_there_are_too_many_bytes(switchboard, api, restrict):
    restrict(preview_total_bytes=100)  # two of these sentences
    for n in range(3):
        await api.post(ANN, json={"text": f"Number {n}."})
        await switchboard.sql("UPDATE voice_previews SET used_at = used_at - interval '1 hour' RETURNING 1")
    rows = await switchboard.sql("SELECT content FROM voice_previews ORDER BY used_at")
    assert [bytes(row[0])[-9:] for row in rows] == [b"Number 1.", b"Number 2."]


async def test_old_previews_are_made_anew(switchboard, api):
    await api.post(ANN, json=SENTENCE)
    await switchboard.sql("UPDATE voice_previews SET created_at = created_at - interval '31 days' RETURNING 1")
    await switchboard.parts.previews.forget_old()
    await api.post(ANN, json=SENTENCE)
    assert len(switchboard.elevenlabs.spoken) == 2


async def test_a_kept_preview_has_an_address_that_needs_a_key_and_is_not_sent_twice(switchboard, api):
    tag = (await api.post(ANN, json=SENTENCE)).headers["ETag"]
    path = f"{VOICES}/previews/{tag.strip(chr(34))}"
    again = await api.get(path)
    assert (again.status_code, again.headers["content-type"], again.headers["ETag"]) == (200, "audio/mpeg", tag)
    unchanged = await api.get(path, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (await api.get(path, headers={"X-API-Key": "sb_nobody"})).status_code == 401
    missing = await api.get(f"{VOICES}/previews/{'0' * 64}")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown-preview")


async def test_an_audition_plays_one_sentence_in_several_voices_and_tells_who_failed(switchboard, api):
    switchboard.ultravox.speaks = False
    order = {
        "text": "Good morning.",
        "voices": [
            {"platform": "elevenlabs", "id": "elevenlabs-voice-1"},
            {"platform": "ultravox", "id": "ultravox-voice-1"},
            {"platform": "elevenlabs", "id": "nobody"},
            {"platform": "walkietalkie", "id": "v"},
            {"platform": "elevenlabs", "id": "elevenlabs-voice-1"},
        ],
    }
    answer = await api.post(f"{VOICES}/audition", json=order)
    assert answer.status_code == 200, answer.text
    spoken, sample, unknown, no_platform = answer.json()["results"]
    assert (spoken["status"], spoken["charge"], spoken["error"]) == (
        "spoken",
        {"amount": 13, "unit": "credits"},
        None,
    )
    assert (await api.get(spoken["audio"])).content == b"ID3 elevenlabs-voice-1 says Good morning."
    assert (sample["status"], sample["error"]["code"], sample["charge"]) == ("sample", "not-supported", None)
    assert (await api.get(sample["audio"])).content == b"RIFF-sample"
    assert (unknown["status"], unknown["audio"], unknown["error"]["code"]) == ("failed", None, "provider-missing")
    assert (no_platform["status"], no_platform["error"]["code"]) == ("failed", "unknown-provider")
    assert answer.json()["quota_left"] == 19_987


async def test_an_auditions_cost_can_be_told_before(switchboard, api):
    voices = [{"platform": "elevenlabs", "id": f"elevenlabs-voice-{n}"} for n in (1, 2)]
    order = {"text": "Good morning.", "voices": voices}
    answer = await api.post(f"{VOICES}/audition", json=order, params={"dry_run": "true"})
    told = [(one["status"], one["audio"], one["charge"]) for one in answer.json()["results"]]
    assert told == [("spoken", None, {"amount": 13, "unit": "credits"})] * 2
    assert switchboard.elevenlabs.spoken == []


async def test_voices_audition_at_the_same_time(switchboard, api):
    together = asyncio.Barrier(2)
    original = switchboard.elevenlabs.speak

    async def meet(*order):
        async with patience():
            await together.wait()
        return await original(*order)

    switchboard.elevenlabs.speak = meet
    voices = [{"platform": "elevenlabs", "id": f"elevenlabs-voice-{n}"} for n in (1, 2)]
    answer = await api.post(f"{VOICES}/audition", json={"text": "Hello.", "voices": voices})
    assert [one["status"] for one in answer.json()["results"]] == ["spoken", "spoken"]


@pytest.mark.parametrize("count", [0, 7])
async def test_an_audition_has_one_to_six_voices(api, count):
    voices = [{"platform": "elevenlabs", "id": f"v{n}"} for n in range(count)]
    answer = await api.post(f"{VOICES}/audition", json={"text": "Hello.", "voices": voices})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "voices")


async def test_hearing_needs_the_scope(api):
    key = (await api.post("/api/v1/keys", json={"name": "K", "scopes": ["agents:read"]})).json()["secret"]
    for path, body in ((ANN, SENTENCE), (f"{VOICES}/audition", {"text": "x", "voices": []})):
        assert (await api.post(path, json=body, headers={"X-API-Key": key})).status_code == 403
    assert (await api.post(ANN, json=SENTENCE, headers={"X-API-Key": ADMIN})).status_code == 200
