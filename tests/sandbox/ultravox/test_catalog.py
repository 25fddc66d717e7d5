import io
import wave

import pytest
from tests.sandbox.speech.words import plain

from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.timbre import RATE
from switchboard.sandbox.ultravox.session import billed_seconds


async def test_about_a_dozen_voices_in_several_languages(customer):
    page = await customer.get("/api/voices?pageSize=50")
    assert page["total"] == len(page["results"]) >= 12
    assert len({voice["primaryLanguage"][:2] for voice in page["results"]}) >= 7
    assert all(voice["voiceId"] and voice["name"] and voice["description"] for voice in page["results"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=madrid", set()),
        ("search=castilian", {"Lucia"}),
        ("primaryLanguage=de", {"Greta"}),
        ("ownership=private", set()),
    ],
)
async def test_voices_are_filtered(customer, query, names):
    found = (await customer.get(f"/api/voices?pageSize=50&{query}"))["results"]
    assert {voice["name"] for voice in found} == names


async def test_a_voice_is_heard_at_its_preview_address(customer):
    """Checklist 8.1.8: previews are `audio/wav`."""
    voice = (await customer.get("/api/voices"))["results"][0]
    assert (await customer.get(f"/api/voices/{voice['voiceId']}"))["name"] == voice["name"]
    sound = await customer.http.get(voice["previewUrl"])
    assert sound.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(sound.content)) as file:
        assert (file.getframerate(), file.getnchannels()) == (24_000, 1)
        pcm = Resampler(24_000, RATE).feed(file.readframes(file.getnframes()), last=True)
    assert "hello my name is mark" in plain(await customer.world.studio.hear(pcm))


@pytest.mark.parametrize("path", ["/api/voices/nobody", "/api/voices/nobody/preview"])
async def test_an_unknown_voice_is_404(customer, path):
    assert (await customer.http.get(path)).status_code == 404


async def test_models_are_listed_by_name(customer):
    assert {"name": "ultravox-v0.7"} in (await customer.get("/api/models"))["results"]


async def test_an_account_begins_with_thirty_free_minutes(customer):
    account = await customer.get("/api/accounts/me")
    assert (account["freeTimeUsed"], account["freeTimeRemaining"]) == ("0s", "1800s")
    assert account["allowedConcurrentCalls"] == 1000


@pytest.mark.parametrize(("talked", "billed"), [(0, 0), (1, 6), (6.0, 6), (12, 12), (37, 42), (55, 60)])
def test_time_is_billed_in_steps_of_six_seconds(talked, billed):
    """Checklist 8.1.4: rounding to 6 s."""
    assert billed_seconds(talked) == billed


async def test_accounts_may_find_many_voices_and_lose_some(customer):
    lost = (await customer.get("/api/voices"))["results"][0]["voiceId"]
    order = {"extra": 250, "withdrawn": [lost]}
    assert (await customer.http.put("/_sandbox/ultravox/voices", json=order)).json() == order
    page = await customer.get("/api/voices?pageSize=200")
    assert (len(page["results"]), page["total"], bool(page["next"])) == (200, 12 + 250 - 1, True)
    assert (await customer.http.get(f"/api/voices/{lost}/preview")).status_code == 404
    assert (await customer.http.get(f"/api/voices/{page['results'][-1]['voiceId']}/preview")).status_code == 200


async def test_a_definition_is_heard_before_it_is_registered(customer):
    wanted = {"name": "Mine", "definition": {"cartesia": {"voiceId": "x"}}}
    sound = await customer.http.post("/api/voice_preview", json=wanted)
    assert (sound.status_code, sound.headers["content-type"]) == (200, "audio/wav")
    refused = await customer.http.post("/api/voice_preview", json={"definition": {}})
    assert (refused.status_code, list(refused.json())) == (400, ["definition"])
