"""What really passed in a conversation, for its recording: both sides on one time line.

Memory: 16 kHz and 16 bit take 1.9 MB a minute and side until the conversation is over.
"""

from collections.abc import Callable
from dataclasses import dataclass

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.elevenlabs import recording as imagined
from switchboard.sandbox.elevenlabs.conversation import Conversation
from switchboard.sandbox.speech import recording
from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.speech.timbre import RATE

_BYTES_PER_SECOND = 2 * RATE
_LONGEST = 3600 * _BYTES_PER_SECOND
_KBPS = 64


class BrowserTape:
    """Two channels of signed 16 bit samples at 16 kHz, laid where they came. Holds an hour at most.

    Unlike a telephone's, a client's sound may have gaps, so that the clock tells where it belongs.
    """

    def __init__(self, clock: SandboxClock) -> None:
        self._watch = clock.stopwatch()
        self._user = bytearray()
        self._agent = bytearray()

    def user(self, pcm: bytes) -> None:
        """A piece of the user's side; it was spoken until now."""
        _lay(self._user, self._now() - len(pcm), pcm)

    def agent(self, pcm: bytes) -> None:
        """A piece of the agent's side, to be heard from now on, or after what waits already."""
        _lay(self._agent, self._now(), pcm)

    def cut_agent(self) -> None:
        """What the agent sent ahead of the clock will not be heard."""
        del self._agent[self._now() :]

    def channels(self) -> tuple[bytes, bytes]:
        """User and agent, equally long."""
        length = max(len(self._user), len(self._agent))
        return bytes(self._user).ljust(length, b"\0"), bytes(self._agent).ljust(length, b"\0")

    def _now(self) -> int:
        return min(_LONGEST, int(self._watch.seconds() * RATE) * 2)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a tape holds when the conversation is over; `rate` in samples a second."""

    channels: Callable[[], tuple[bytes, bytes]]
    rate: int

    def mp3(self) -> bytes | None:
        """The recording; None when nothing was heard at all. CPU-bound: call off the event loop."""
        both = self.channels()
        return recording.mp3(both, self.rate, _KBPS) if any(both) else None


async def sound(conversation: Conversation, studio: Studio) -> bytes:
    """The recording as MP3: what really passed, or what the transcript would sound like."""
    if conversation.recording is not None:
        return conversation.recording
    return await imagined.mp3(conversation, studio)


def _lay(side: bytearray, at: int, pcm: bytes) -> None:
    side += bytes(max(0, at - len(side)))
    side += pcm[: max(0, _LONGEST - len(side))]
