"""A person of the town with a telephone in hand: hears the line and speaks into it."""

import asyncio

from switchboard.core.g711 import from_mu_law, to_mu_law
from switchboard.sandbox.conversation.live import Talk
from switchboard.sandbox.conversation.talk_events import AgentAudio, AgentDone, Interrupted
from switchboard.sandbox.conversation.tape import LINE_RATE, SILENCE
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.studio import RATE
from switchboard.sandbox.twilio.playout import FRAME

_MOST_WAITING = 2 * LINE_RATE


class TalkingHandset:
    """Carries a talk over the line. `run` ends when the talk does and its last word was sent."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._to_talk = Resampler(LINE_RATE, RATE)
        self._mouth = bytearray()
        self._all_said = asyncio.Event()

    def take(self) -> bytes:
        if not self._mouth:
            self._all_said.set()
        frame = bytes(self._mouth[:FRAME])
        del self._mouth[:FRAME]
        return frame.ljust(FRAME, SILENCE)

    def give(self, frame: bytes) -> None:
        self._talk.hear_audio(self._to_talk.feed(from_mu_law(frame)))

    async def run(self) -> None:
        speaking = asyncio.create_task(self._speak())
        try:
            await self._talk.run()
            await speaking
            self._all_said.clear()
            await self._all_said.wait()
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)

    async def _speak(self) -> None:
        to_line = Resampler(RATE, LINE_RATE)
        async for event in self._talk.events():
            if isinstance(event, AgentAudio):
                self._say(to_line.feed(event.pcm))
            elif isinstance(event, AgentDone):
                self._say(to_line.feed(b"", last=True))
                to_line = Resampler(RATE, LINE_RATE)
            elif isinstance(event, Interrupted):
                self._mouth.clear()
                to_line = Resampler(RATE, LINE_RATE)

    def _say(self, pcm: bytes) -> None:
        self._mouth += to_mu_law(pcm)
        del self._mouth[: max(0, len(self._mouth) - _MOST_WAITING)]
