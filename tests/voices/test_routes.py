import pytest

from switchboard.providers.errors import ProviderUnavailable
from switchboard.providers.normalised import Voice

VOICES = "/api/v1/voices"
DOWN = ProviderUnavailable("It is out of reach.", provider="elevenlabs")


async def test_voices_of_all_platforms_are_listed_by_platform_and_name(switchboard):
    switchboard.ultravox.voices.append(Voice("ultravox", "v3", "aaron"))
    found = (await switchboard.api.get(VOICES)).json()
    assert [(voice["platform"], voice["name"]) for voice in found] == [
        ("elevenlabs", "Ann"),
        ("elevenlabs", "Ben"),
        ("ultravox", "aaron"),
        ("ultravox", "Ann"),
        ("ultravox", "Ben"),
    ]
    assert (
        found[0].items()
        >= {
            "platform": "elevenlabs",
            "id": "elevenlabs-voice-1",
            "name": "Ann",
            "category": "premade",
            "description": "Warm",
            "language": "en",
            "labels": {"gender": "female"},
            "preview_url": None,
        }.items()
    )


async def test_voices_of_one_platform_are_listed_alone(switchboard):
    found = (await switchboard.api.get(VOICES, params={"platform": "ultravox"})).json()
    assert {voice["platform"] for voice in found} == {"ultravox"}


async def test_a_platform_out_of_reach_does_not_hide_the_others(switchboard):
    switchboard.elevenlabs.fail_next(DOWN)
    found = (await switchboard.api.get(VOICES)).json()
    assert {voice["platform"] for voice in found} == {"ultravox"}


async def test_a_platform_out_of_reach_is_told_when_it_is_asked_for(switchboard):
    switchboard.elevenlabs.fail_next(DOWN)
    answer = await switchboard.api.get(VOICES, params={"platform": "elevenlabs"})
    assert (answer.status_code, answer.json()["provider"]) == (503, "elevenlabs")
    assert answer.headers["Retry-After"]


async def test_one_voice_is_shown_as_in_the_list(switchboard):
    listed = (await switchboard.api.get(VOICES, params={"platform": "ultravox"})).json()
    shown = await switchboard.api.get(f"{VOICES}/ultravox/ultravox-voice-2")
    assert (shown.status_code, shown.json()) == (200, listed[1])


async def test_an_unknown_voice_is_not_found(switchboard):
    answer = await switchboard.api.get(f"{VOICES}/ultravox/nobody")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-voice")


@pytest.mark.parametrize("path", [f"{VOICES}?platform=nobody", f"{VOICES}/nobody/v1"])
async def test_an_unknown_platform_is_refused(switchboard, path):
    answer = await switchboard.api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-provider")
    assert "nobody" in answer.json()["detail"]


async def test_a_preview_is_audio(switchboard):
    answer = await switchboard.api.post(f"{VOICES}/ultravox/ultravox-voice-1/preview")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.content == b"RIFF-sample"


async def test_a_voice_without_a_sample_says_so(switchboard):
    answer = await switchboard.api.post(f"{VOICES}/ultravox/nobody/preview")
    assert answer.status_code == 424
    assert answer.json()["code"] == "provider-missing"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", VOICES), ("GET", f"{VOICES}/ultravox/v"), ("POST", f"{VOICES}/ultravox/v/preview")],
)
async def test_voices_need_their_scope(switchboard, method, path):
    order = {"name": "A key", "scopes": ["agents:read"]}
    key = (await switchboard.api.post("/api/v1/keys", json=order)).json()["secret"]
    answer = await switchboard.api.request(method, path, headers={"X-API-Key": key})
    assert (answer.status_code, answer.json()["missing_scopes"]) == (403, ["voices:read"])


async def test_an_agent_without_a_language_of_its_own_gets_the_first_voice(switchboard):
    agent = await switchboard.agent(language="sw")
    assert agent["voice"] == "ultravox-voice-1"
