"""Lists, pages, filters and matches of voices through the API."""

import pytest

from switchboard.providers.errors import ProviderUnavailable
from switchboard.providers.normalised import Voice

VOICES = "/api/v1/voices"
DOWN = ProviderUnavailable("It is out of reach.", provider="elevenlabs")


@pytest.fixture
def api(switchboard):
    return switchboard.api


def _named(answer):
    return [voice["name"] for voice in answer.json()]


async def test_pages_hold_every_voice_once_and_lead_on(switchboard, api):
    switchboard.elevenlabs.voices = [Voice("elevenlabs", f"v{n:03}", f"Voice {n % 7}") for n in range(123)]
    answer = await api.get(VOICES, params={"platform": "elevenlabs", "limit": 50})
    assert answer.headers["X-Total-Count"] == "123"
    seen = [voice["id"] for voice in answer.json()]
    while following := answer.links.get("next"):
        answer = await api.get(following["url"])
        seen += [voice["id"] for voice in answer.json()]
    assert len(seen) == len(set(seen)) == 123


async def test_a_cursor_of_another_list_is_refused(api):
    answer = await api.get(VOICES, params={"cursor": "WzFd"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"search": "ann"}, ["Ann", "Ann"]),
        ({"language": "es"}, ["Ben", "Ben"]),
        ({"gender": "female", "platform": "ultravox"}, ["Ann"]),
        ({"category": "premade", "language": "en"}, ["Ann", "Ann"]),
        ({"accent": "martian"}, []),
    ],
)
async def test_voices_are_searched_and_filtered(api, query, names):
    assert _named(await api.get(VOICES, params=query)) == names


@pytest.mark.parametrize(
    "query", [{"gender": "robot"}, {"age": "ancient"}, {"language": "Spanish!"}, {"limit": 0}]
)
async def test_a_filter_that_makes_no_sense_is_refused(api, query):
    answer = await api.get(VOICES, params=query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, next(iter(query)))


async def test_reading_again_asks_no_vendor(switchboard, api):
    for path in (VOICES, f"{VOICES}?platform=ultravox", f"{VOICES}/ultravox/ultravox-voice-1"):
        assert (await api.get(path)).status_code == 200
    assert (switchboard.ultravox.voice_lists, switchboard.elevenlabs.voice_lists) == (1, 1)


async def test_fresh_lists_tell_their_age_only(api):
    headers = (await api.get(VOICES)).headers
    assert 0 <= int(headers["Age"]) < 60
    assert "X-Stale" not in headers
    assert "X-Unavailable" not in headers


async def test_while_a_vendor_is_down_its_old_voices_are_shown_with_their_age(switchboard, api):
    await api.get(VOICES)
    old = (
        "UPDATE voice_lists SET fetched_at = now() - interval '2 hours' WHERE platform = 'elevenlabs' RETURNING 1"
    )
    await switchboard.sql(old)
    switchboard.elevenlabs.fail_next(DOWN)
    first = await api.get(VOICES)
    assert (len(first.json()), first.headers["X-Stale"]) == (4, "elevenlabs")
    while switchboard.elevenlabs.voice_lists < 2:
        await api.get(VOICES)
    troubled = await api.get(VOICES)
    while "X-Unavailable" not in troubled.headers:
        troubled = await api.get(VOICES)
    assert troubled.headers["X-Unavailable"] == "elevenlabs"
    assert 7200 <= int(troubled.headers["Age"]) < 7300
    one = await api.get(f"{VOICES}/elevenlabs/elevenlabs-voice-1")
    assert (one.status_code, one.headers["X-Unavailable"]) == (200, "elevenlabs")


async def test_a_platform_that_never_told_its_voices_is_named_beside_the_others(switchboard, api):
    switchboard.elevenlabs.fail_next(DOWN)
    answer = await api.get(VOICES)
    assert ({voice["platform"] for voice in answer.json()}, answer.headers["X-Unavailable"]) == (
        {"ultravox"},
        "elevenlabs",
    )


async def test_matches_come_from_the_other_platform_with_reasons(api):
    (first, second) = (await api.get(f"{VOICES}/ultravox/ultravox-voice-2/matches")).json()
    assert (first["voice"]["platform"], first["voice"]["id"]) == ("elevenlabs", "elevenlabs-voice-2")
    assert first["reasons"] == ["speaks es", "male"]
    assert (second["speaks_language"], second["differences"]) == (
        False,
        ["does not speak es", "female instead of male"],
    )


async def test_matches_may_be_asked_of_one_platform_in_another_language(api):
    query = {"platform": "ultravox", "language": "en", "limit": 1}
    (only,) = (await api.get(f"{VOICES}/ultravox/ultravox-voice-2/matches", params=query)).json()
    assert only["voice"]["id"] == "ultravox-voice-1"


async def test_matches_of_an_unknown_voice_are_not_found(api):
    answer = await api.get(f"{VOICES}/ultravox/nobody/matches")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-voice")
