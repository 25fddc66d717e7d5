"""One mind on a live line: it hears and speaks as words come, by voice or by text."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.conversation.dialogue import Ending, Manners, Turn
from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.conversation.talk_events import TalkEvent
from switchboard.sandbox.conversation.toolbox import RunTool
from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.speech.timbre import Timbre


@dataclass(frozen=True, slots=True)
class SpokenVoice:
    """A studio, which also lends its ears, and how the mind sounds."""

    studio: Studio
    timbre: Timbre


class Talk:
    """A conversation with whoever is at the other end of a line.

    Everything but `run` and `events` may be called at any time and never blocks.
    """

    def __init__(
        self,
        mind: Mind,
        clock: SandboxClock,
        *,
        manners: Manners | None = None,
        voice: SpokenVoice | None = None,
        run_tool: RunTool | None = None,
        lead_seconds: float = 0.2,
    ) -> None:
        """Without a voice: text only. `lead_seconds`: how far the audio may run ahead of real time."""
        self.turns: list[Turn] = []
        self.speaks = voice is not None

    async def run(self) -> Ending:
        """Converse until one side ends it. Cancelled: the line went dead; the turns stay as spoken."""
        raise NotImplementedError

    def events(self) -> AsyncIterator[TalkEvent]:
        """What happens, for one reader. Ends after `Over`. Of what is not read the oldest audio is dropped."""
        raise NotImplementedError

    def hear_audio(self, pcm: bytes) -> None:
        """Audio from the other side: s16le mono 16 kHz, chunks of any length, without gaps."""

    def hear_text(self, text: str) -> None:
        """Words that the other side wrote; they interrupt the agent."""

    def stir(self) -> None:
        """The other side is active: wait for it anew."""

    def interrupt(self) -> None:
        """Stop what is being said."""

    def stop(self, farewell: str = "") -> None:
        """End the conversation now, after saying `farewell`."""

    def say(self, text: str) -> None:
        """Make the agent say this."""

    def other_side_left(self) -> None:
        """End with `Ending.CALLEE_HUNG_UP`."""
