"""A studio without models and a mind without ideas, for live talks: words are samples, sound is counted."""

import asyncio
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from tests.clocks import UnhurriedClock
from tests.waiting import patience

from switchboard.sandbox.conversation.live import SpokenVoice, Talk
from switchboard.sandbox.conversation.talk_events import AgentAudio, TalkEvent, VoiceActivity
from switchboard.sandbox.conversation.turns import Ending
from switchboard.sandbox.line import Speech, ToolCall, ToolResult
from switchboard.sandbox.speech.listener import Heard, SpeechBegan, SpeechEnded, SpeechScore
from switchboard.sandbox.speech.timbre import Timbre

SECONDS_PER_WORD = 0.3
SAMPLES_PER_WORD = round(16_000 * SECONDS_PER_WORD)


class Ears:
    """Every sample that is not zero stands for something heard."""

    def __init__(self, known: dict[int, Sequence[Heard]]) -> None:
        self._known = known
        self.fed = 0

    async def feed(self, pcm: bytes) -> list[Heard]:
        self.fed += len(pcm)
        samples = struct.unpack(f"<{len(pcm) // 2}h", pcm)
        return [heard for sample in samples if sample for heard in self._known[sample]]


class Studio:
    """Needs 0.3 s of sound for each word and no time to make it."""

    why_not: str | None = None

    def __init__(self) -> None:
        self.known: dict[int, Sequence[Heard]] = {}
        self.asked: list[str] = []
        self.timbres: list[Timbre] = []
        self.ears = Ears(self.known)

    def knows(self, language: str) -> bool:
        return language == "en"

    async def says(self, text: str, timbre: Timbre) -> AsyncIterator[bytes]:
        self.asked.append(text)
        self.timbres.append(timbre)
        yield bytes(2 * SAMPLES_PER_WORD) * len(text.split())

    def listener(self, *, pause: float) -> Ears:
        return self.ears

    def sound(self, *heard: Heard) -> bytes:
        """20 ms in which this is heard."""
        self.known[len(self.known) + 1] = heard
        return struct.pack("<h", len(self.known)) + bytes(638)

    def words(self, text: str) -> bytes:
        """A whole utterance at once."""
        return self.sound(SpeechBegan(0.0), SpeechEnded(text, 0.0, 0.5))

    def voice(self, seconds: float) -> bytes:
        """Somebody is speaking."""
        return self.sound(SpeechBegan(0.0), *[SpeechScore(0.9)] * round(seconds / 0.032))


class Mind:
    """Opens with `Hello.` or as told, and answers what it hears with `You said: …`."""

    def __init__(self, opening: str = "Hello.", patience: float = 500.0) -> None:
        self.opening = opening
        self.patience = patience
        self.heard: list[str] = []
        self.replies: dict[str, Speech | ToolCall | None] = {}

    async def opens(self) -> Speech:
        return Speech(self.opening)

    async def answers(self, heard: str) -> Speech | ToolCall | None:
        self.heard.append(heard)
        return self.replies.get(heard, Speech(f"You said: {heard}"))

    async def learns(self, call: ToolCall, result: ToolResult) -> Speech | ToolCall | None:
        self.heard.append(result.text)
        return Speech(f"It says: {result.text}")

    def waits(self) -> float:
        return self.patience

    def notes(self, context: str) -> None:
        self.heard.append(context)


class Line:
    """A running talk and what it told so far."""

    def __init__(self, talk: Talk, clock: UnhurriedClock) -> None:
        self.talk = talk
        self._clock = clock
        self._more = asyncio.Event()
        self.events: list[TalkEvent] = []
        self.running = asyncio.create_task(talk.run())

    async def follow(self) -> None:
        async for event in self.talk.events():
            self.events.append(event)
            self._more.set()

    async def until(self, kind: type, count: int = 1) -> list:
        """The events of a kind, once there are so many."""
        async with patience():
            while len(found := self.of(kind)) < count:
                self._more.clear()
                await self._more.wait()
        return found

    async def let_pass(self, seconds: float) -> None:
        """Sandbox seconds."""
        await self._clock.sleep(seconds)

    def of(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]

    def told(self) -> list[str]:
        """Kinds in their order; sound only once in a row."""
        names = [type(event).__name__ for event in self.events if not isinstance(event, VoiceActivity)]
        sound = AgentAudio.__name__
        return [name for at, name in enumerate(names) if name != sound or names[at - 1] != sound]

    async def end(self) -> Ending:
        async with patience():
            return await self.running


@asynccontextmanager
async def live(
    mind: Mind, *, speed: float = 50, studio: Studio | None = None, thinks_ahead: float = 0.0, **how
) -> AsyncIterator[Line]:
    """A talk that is followed until the block ends, by voice where a studio is given."""
    voice = SpokenVoice(studio, Timbre(), thinks_ahead) if studio else None  # type: ignore[arg-type]  # as much as is asked
    clock = UnhurriedClock(speed)
    line = Line(Talk(mind, clock, voice=voice, **how), clock)
    following = asyncio.create_task(line.follow())
    try:
        yield line
    finally:
        line.talk.stop()
        with suppress(asyncio.CancelledError):
            await line.end()
        await following
