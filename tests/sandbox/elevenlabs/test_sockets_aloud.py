"""The conversation socket by voice, with a studio that counts instead of speaking."""

import base64

import pytest
from tests.sandbox.conversation.lines import SECONDS_PER_WORD
from tests.sandbox.elevenlabs.talkers import INIT, at_socket, spoken_config


async def _sounds(talker, least: int) -> list[dict]:
    """So many audio events."""
    return [(await talker.frame("audio"))["audio_event"] for _ in range(least)]


def _metadata(talker):
    return talker.frames[0]["conversation_initiation_metadata_event"]


async def test_words_come_with_their_sound_and_its_letters(talking):
    async with at_socket(talking, await talking.made(spoken_config(first_message="Good day."))) as talker:
        said = await talker.frame("agent_response")
        first = (await talker.frame("audio"))["audio_event"]
        await talker.frame("ping")
    sound = [frame["audio_event"] for frame in talker.frames if frame["type"] == "audio"]
    assert {one["event_id"] for one in sound} == {said["agent_response_event"]["event_id"]}
    pcm = base64.b64decode(first["audio_base_64"])
    assert 640 <= len(pcm) <= 3200  # 20 to 100 ms
    letters = "".join(letter for one in sound for letter in one["alignment"]["chars"])
    assert letters == "Good day."[: len(letters)]
    assert letters
    lengths = {len(value) for value in first["alignment"].values()}
    assert len(lengths) == 1


@pytest.mark.parametrize(
    ("name", "bytes_per_second"), [("ulaw_8000", 8_000), ("pcm_8000", 16_000), ("pcm_44100", 88_200)]
)
async def test_sound_comes_in_the_agents_format(talking, name, bytes_per_second):
    config = spoken_config(first_message="One two three four five six seven eight.")
    config["tts"] = {"agent_output_audio_format": name}
    async with at_socket(talking, await talking.made(config)) as talker:
        received = 0
        while received < 0.95 * 8 * SECONDS_PER_WORD * bytes_per_second:
            (sound,) = await _sounds(talker, 1)
            received += len(base64.b64decode(sound["audio_base_64"]))
    assert _metadata(talker)["agent_output_audio_format"] == name
    assert received == pytest.approx(8 * SECONDS_PER_WORD * bytes_per_second, rel=0.05)


async def test_what_is_said_aloud_is_heard_and_answered(talking):
    async with at_socket(talking, await talking.made(spoken_config(first_message=""))) as talker:
        await talker.frame()
        await talker.sound(talking.world.studio.words("When is breakfast served?"))
        heard = (await talker.frame("user_transcript"))["user_transcription_event"]
        answer = (await talker.frame("agent_response"))["agent_response_event"]
    assert heard["user_transcript"] == "When is breakfast served?"
    assert "7 to 10" in answer["agent_response"]
    assert answer["event_id"] > heard["event_id"]
    shown = await talking.settled(_metadata(talker)["conversation_id"])
    assert [turn["source_medium"] for turn in shown["transcript"]][:1] == ["audio"]
    assert shown["metadata"]["text_only"] is False


async def test_speaking_into_the_agents_words_interrupts_and_corrects_them(talking):
    """Checklist 11.5; the sound of the interrupted turn is void, that of later ones is not."""
    words = "One two three four five six seven eight nine ten. " * 4
    async with at_socket(talking, await talking.made(spoken_config(first_message=words))) as talker:
        await _sounds(talker, 30)
        await talker.sound(talking.world.studio.voice(1.2))
        cut = (await talker.frame("interruption"))["interruption_event"]
        fixed = (await talker.frame("agent_response_correction"))["agent_response_correction_event"]
        await talker.sound(talking.world.studio.words("When is breakfast served?"))
        answer = (await talker.frame("agent_response"))["agent_response_event"]
        later = (await talker.frame("audio"))["audio_event"]
    assert fixed["original_agent_response"].startswith("One two three")
    assert 0 < len(fixed["corrected_agent_response"]) < len(fixed["original_agent_response"])
    assert later["event_id"] == answer["event_id"] > cut["event_id"]
    turn = (await talking.settled(_metadata(talker)["conversation_id"]))["transcript"][0]
    assert (turn["interrupted"], turn["message"]) == (True, fixed["corrected_agent_response"])
    assert turn["original_message"] == words.strip()


async def test_without_the_event_the_agent_is_not_interrupted(talking):
    config = spoken_config(first_message="One two three four five six seven eight nine ten. " * 2)
    config["conversation"]["client_events"].remove("interruption")
    async with at_socket(talking, await talking.made(config)) as talker:
        await _sounds(talker, 5)
        await talker.sound(talking.world.studio.voice(1.2))
        await _sounds(talker, 30)
    assert "agent_response_correction" not in talker.kinds()


async def test_voice_activity_is_told_to_who_asks(talking):
    async with at_socket(talking, await talking.made(spoken_config(first_message=""))) as talker:
        await talker.frame()
        await talker.sound(talking.world.studio.voice(0.2))
        score = (await talker.frame("vad_score"))["vad_score_event"]["vad_score"]
    assert score == 0.9


async def test_odd_pieces_of_sound_are_put_together(talking):
    async with at_socket(talking, await talking.made(spoken_config(first_message=""))) as talker:
        await talker.frame()
        sound = talking.world.studio.words("Breakfast?")
        await talker.sound(sound[:1])
        await talker.sound(sound[1:])
        assert (await talker.frame("user_transcript"))["user_transcription_event"][
            "user_transcript"
        ] == "Breakfast?"


async def test_a_talk_aloud_has_a_recording_of_both_sides(talking):
    async with at_socket(talking, await talking.made(spoken_config())) as talker:
        await _sounds(talker, 5)
        await talker.sound(bytes(16_000))
    shown = await talking.settled(_metadata(talker)["conversation_id"])
    assert (shown["has_audio"], shown["has_user_audio"], shown["has_response_audio"]) == (True, True, True)
    sound = await talking.http.get(f"/v1/convai/conversations/{shown['conversation_id']}/audio")
    assert sound.headers["content-type"] == "audio/mpeg"
    assert sound.content[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xe3")


async def test_without_speech_the_agent_writes_and_says_why(talking):
    talking.world.studio.why_not = "Speech is not installed."
    async with at_socket(talking, await talking.made(spoken_config())) as talker:
        await talker.answer()
        await talker.sound(bytes(640))
        await talker.say("When is breakfast?")
        assert "7 to 10" in await talker.answer()
    assert "audio" not in talker.kinds()
    shown = await talking.settled(_metadata(talker)["conversation_id"])
    assert shown["metadata"]["warnings"] == ["Speech is not installed."]


async def test_sound_sent_to_a_text_only_talk_is_not_looked_at(talking):
    config = spoken_config()
    config["conversation"]["text_only"] = True
    async with at_socket(talking, await talking.made(config), INIT) as talker:
        await talker.answer()
        await talker.sound(talking.world.studio.words("When is breakfast served?"))
        await talker.say("What is a room?")
        assert "95 euros" in await talker.answer()
    assert "user_transcript" not in talker.kinds()


async def test_a_language_that_speech_does_not_know_is_a_warning(talking):
    async with at_socket(talking, await talking.made(spoken_config(language="es"))) as talker:
        await _sounds(talker, 1)
    shown = await talking.settled(_metadata(talker)["conversation_id"])
    assert shown["metadata"]["warnings"] == ["Speech knows English only; es is read and heard as English."]
