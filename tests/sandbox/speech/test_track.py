import io
import wave

from tests.sandbox.speech.words import missing

from switchboard.sandbox.speech.aloud import Voice, said
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.studio import RATE, Studio
from switchboard.sandbox.speech.track import TRACK_RATE, Line, Track
from switchboard.sandbox.speech.voices import PALETTE

LINES = [
    Line("Good morning, how can I help you?", 0.5, 2.6, by_agent=True),
    Line("I am looking for my order.", 4.0, 2.2, by_agent=False),
]


def _track(*lines: Line, seconds: float = 7.0) -> Track:
    return Track(lines, seconds, Voice(PALETTE["joe"], 220), Voice(PALETTE["ada"], 300))


def _channels(file: bytes) -> tuple[bytes, bytes]:
    with wave.open(io.BytesIO(file)) as read:
        assert (read.getnchannels(), read.getframerate()) == (2, TRACK_RATE)
        both = memoryview(read.readframes(read.getnframes())).cast("h")
    return both[::2].tobytes(), both[1::2].tobytes()


async def test_each_side_is_heard_in_its_channel_when_it_spoke(studio):
    callee, agent = _channels(await _track(*LINES).wav(studio))
    assert len(callee) == len(agent) == 2 * 7 * TRACK_RATE
    assert not any(callee[: 2 * int(3.9 * TRACK_RATE)])
    assert not any(agent[: 2 * int(0.5 * TRACK_RATE)])
    wide = [Resampler(TRACK_RATE, RATE).feed(side, last=True) for side in (callee, agent)]
    for text, side in zip((LINES[1].text, LINES[0].text), wide, strict=True):
        assert missing(text, await studio.hear(side)) <= 1


async def test_what_goes_on_after_the_calls_end_is_not_recorded(studio):
    callee, _ = _channels(
        await _track(LINES[1], Line("Too late.", 9.0, 1.0, by_agent=False), seconds=4.3).wav(studio)
    )
    assert len(callee) == 2 * round(4.3 * TRACK_RATE)


async def test_words_that_nobody_can_pronounce_are_tones(studio):
    callee, _ = _channels(await _track(Line("もしもし", 1.0, 1.0, by_agent=False), seconds=3.0).wav(studio))
    samples = memoryview(callee).cast("h")
    assert any(samples[TRACK_RATE : 2 * TRACK_RATE])
    assert not any(samples[2 * TRACK_RATE :])


async def test_without_speech_recordings_and_previews_are_tones():
    mute = Studio()
    mute.why_not = "Speech is not installed."
    callee, agent = _channels(await _track(*LINES).wav(mute))
    assert max(memoryview(callee).cast("h")) == max(memoryview(agent).cast("h")) < 2000
    assert (await _track(*LINES).mp3(mute))[:4] == b"\xff\xfb\x18\xc0"
    voice = Voice(PALETTE["joe"], 200)
    for wanted, head in (("mp3_44100_64", b"\xff\xfb"), ("wav_24000", b"RIFF"), ("ulaw_8000", b"")):
        sound = await said(mute, "Good morning.", voice, wanted)
        assert sound.startswith(head)
        assert len(sound) > 500


async def test_an_mp3_has_two_channels(studio):
    sound = await _track(*LINES).mp3(studio)
    assert sound[:2] == b"\xff\xf3"
    assert sound[3] >> 6 != 3, "not mono"
    assert abs(len(sound) * 8 / 64_000 - 7) < 0.2
