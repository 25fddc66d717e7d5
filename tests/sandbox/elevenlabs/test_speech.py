import io
import wave

import pytest
from tests.sandbox.speech.words import plain

SPEAK = "/v1/text-to-speech"
ERIC = "cjVigY5qzO86Huf0OWal"
FREE = {"xi-api-key": "free-plan"}


async def _say(customer, text="Good morning.", voice=ERIC, *, query="", path=SPEAK, headers=None, **body):
    return await customer.http.post(f"{path}/{voice}{query}", json={"text": text} | body, headers=headers)


def _code(answer):
    return answer.status_code, answer.json()["detail"]["code"]


async def test_speech_is_an_mp3_by_default_and_tells_what_it_cost(customer):
    answer = await _say(customer)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.content[:2] == b"\xff\xfb"
    assert answer.headers["character-cost"] == "13"
    assert answer.headers["request-id"]


async def test_longer_texts_take_longer_and_speed_shortens_them(customer):
    sizes = [
        len((await _say(customer, text)).content) for text in ("One two.", "One two three four five six seven.")
    ]
    fast = await _say(customer, "One two three four five six seven.", voice_settings={"speed": 1.2})
    assert sizes[0] < len(fast.content) < sizes[1]


async def test_the_words_are_heard_in_every_voice(customer):
    for voice in (await customer.get("/v2/voices?page_size=3"))["voices"]:
        said = "The table is booked for seven people."
        answer = await _say(customer, said, voice=voice["voice_id"], query="?output_format=pcm_16000")
        heard = plain(await customer.world.studio.hear(answer.content))
        assert len(set(plain(said).split()) - set(heard.split())) <= 1, heard


async def test_voices_sound_different(customer):
    other = (await customer.get("/v2/voices?search=Poppy"))["voices"][0]["voice_id"]
    assert (await _say(customer)).content != (await _say(customer, voice=other)).content


async def test_the_stream_gives_the_same_sound(customer):
    streamed = await customer.http.post(f"{SPEAK}/{ERIC}/stream", json={"text": "Good morning."})
    assert streamed.content == (await _say(customer)).content
    assert "character-cost" in streamed.headers


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ("pcm_16000", "audio/pcm"),
        ("wav_24000", "audio/wav"),
        ("ulaw_8000", "audio/basic"),
        ("alaw_8000", "audio/x-alaw-basic"),
        ("mp3_22050_32", "audio/mpeg"),
    ],
)
async def test_other_formats_are_made(customer, wanted, kind):
    answer = await _say(customer, query=f"?output_format={wanted}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    if kind == "audio/wav":
        with wave.open(io.BytesIO(answer.content)) as file:
            assert file.getframerate() == 24000


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        ({"voice": "nobody"}, 404, "voice_not_found"),
        ({"model_id": "eleven_telepathy_v9"}, 400, "unsupported_model"),
        ({"text": "  "}, 400, "empty_text"),
        ({"text": "a" * 10_001}, 400, "text_too_long"),
        ({"language_code": "xx"}, 400, "invalid_parameters"),
        ({"model_id": "eleven_flash_v2", "language_code": "es"}, 400, "invalid_parameters"),
        ({"voice_settings": {"stability": 2}}, 400, "invalid_voice_settings"),
        ({"voice_settings": {"speed": 0.1}}, 400, "invalid_voice_settings"),
        ({"query": "?output_format=pcm_44100"}, 403, "subscription_required"),
        ({"query": "?output_format=opus_48000_32"}, 400, "invalid_parameters"),
    ],
)
async def test_what_cannot_be_spoken_is_refused_and_costs_nothing(customer, order, status, code):
    assert _code(await _say(customer, **order)) == (status, code)
    assert (await customer.get("/v1/user/subscription"))["character_count"] == 0


async def test_a_format_that_does_not_exist_is_422(customer):
    assert (await _say(customer, query="?output_format=tape")).status_code == 422


async def test_the_quota_counts_and_ends(customer):
    assert (await _say(customer, "a" * 9_990, headers=FREE)).status_code == 200
    refused = await _say(customer, "a" * 11, headers=FREE)
    assert _code(refused) == (401, "quota_exceeded")
    assert "10 credits" in refused.json()["detail"]["message"]
    assert (await _say(customer, "a" * 10, headers=FREE)).status_code == 200


async def test_the_free_plan_hears_no_library_voices(customer):
    bruce = (await customer.get("/v2/voices?category=professional"))["voices"][0]["voice_id"]
    answer = await _say(customer, voice=bruce, headers=FREE)
    assert (_code(answer), answer.json()["detail"]["status"]) == ((402, "paid_plan_required"), "payment_required")


async def test_accounts_may_hold_many_voices_and_lose_some(customer):
    order = {"extra": 150, "withdrawn": [ERIC]}
    assert (await customer.http.put("/_sandbox/elevenlabs/voices", json=order)).json() == order
    page = await customer.get("/v2/voices?page_size=100")
    assert (len(page["voices"]), page["has_more"], page["total_count"]) == (100, True, 13 + 150 - 1)
    assert (await customer.http.get(f"/v1/voices/{ERIC}")).status_code == 404
    assert _code(await _say(customer)) == (404, "voice_not_found")
    rest = await customer.get(f"/v2/voices?page_size=100&next_page_token={page['next_page_token']}")
    assert (await _say(customer, voice=rest["voices"][-1]["voice_id"])).status_code == 200
    await customer.world.reset()
    assert (await customer.get("/v2/voices"))["total_count"] == 13
