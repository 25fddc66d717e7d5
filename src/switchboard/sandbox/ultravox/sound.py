"""The sound of a serverWebSocket call: between the client's rates and the talk's, and onto the tape."""

from switchboard.core.g711 import to_mu_law
from switchboard.sandbox.conversation.tape import LINE_RATE, SILENCE, Tape
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.timbre import RATE
from switchboard.sandbox.ultravox.call import Call

_SLACK = 0.5
"""Seconds that a client's sound may be late before the tape goes on without it."""


class Sound:
    """Signed 16 bit little endian, mono. Samples may be split between frames."""

    def __init__(self, input_rate: int, output_rate: int, call: Call, *, recorded: bool) -> None:
        self._call = call
        self._tape = Tape() if recorded else None
        call.tape = self._tape
        self._half = b""
        self._output_rate = output_rate
        self._from_client = Resampler(input_rate, RATE)
        self._to_client = Resampler(RATE, output_rate)
        self._client_to_tape = Resampler(RATE, LINE_RATE)
        self._agent_to_tape = Resampler(RATE, LINE_RATE)

    def heard(self, data: bytes) -> bytes:
        """A client's frame, at the talk's rate."""
        data = self._half + data
        whole = len(data) - len(data) % 2
        self._half = data[whole:]
        pcm = self._from_client.feed(data[:whole])
        if self._tape:
            self._tape.callee(to_mu_law(self._client_to_tape.feed(pcm)))
        return pcm

    def said(self, pcm: bytes) -> bytes:
        """The agent's sound, at the client's rate."""
        if self._tape:
            missing = self._call.seconds_in - _SLACK - self._tape.seconds
            self._tape.callee(SILENCE * max(0, int(missing * LINE_RATE)))
            self._tape.agent(to_mu_law(self._agent_to_tape.feed(pcm)))
        return self._to_client.feed(pcm)

    def rest(self) -> bytes:
        """What the filter still holds when a turn ends."""
        done, self._to_client = self._to_client.feed(b"", last=True), Resampler(RATE, self._output_rate)
        return done

    def cut(self) -> None:
        """What was sent ahead will not be heard."""
        self._to_client = Resampler(RATE, self._output_rate)
        if self._tape:
            self._tape.cut_agent()
