"""What really passed over a telephone line, both sides on one time line, for recordings."""

from switchboard.core.g711 import from_mu_law

LINE_RATE = 8_000
"""Samples per second on a telephone line."""
SILENCE = b"\xff"
"""One sample of mu-law silence."""
_LONGEST = 3_600 * LINE_RATE


class Tape:
    """Two channels of mu-law at 8 kHz. The callee's sound is continuous and so is the clock of both.

    Holds an hour at most; what comes later is not kept.
    """

    def __init__(self) -> None:
        self._callee = bytearray()
        self._agent = bytearray()

    @property
    def seconds(self) -> float:
        return len(self._callee) / LINE_RATE

    def callee(self, mu_law: bytes) -> None:
        """The next piece of the callee's side."""
        self._callee += mu_law[: max(0, _LONGEST - len(self._callee))]

    def agent(self, mu_law: bytes) -> None:
        """A piece of the agent's side: heard after what waits to be heard already, and never in the past."""
        self._agent += SILENCE * (len(self._callee) - len(self._agent))
        self._agent += mu_law[: max(0, _LONGEST - len(self._agent))]

    def cut_agent(self) -> None:
        """What the agent sent ahead of the clock will not be heard."""
        del self._agent[len(self._callee) :]

    def channels(self) -> tuple[bytes, bytes]:
        """Callee and agent, equally long, signed 16 bit little endian at 8 kHz. CPU-bound for long calls."""
        callee, agent = self.part(0.0, float("inf"))
        return from_mu_law(callee), from_mu_law(agent)

    def part(self, start: float, end: float) -> tuple[bytes, bytes]:
        """What passed between two moments, in seconds: callee and agent in mu-law, equally long."""
        length = max(len(self._callee), len(self._agent))
        last = length if end * LINE_RATE >= length else int(end * LINE_RATE)
        first = min(last, int(start * LINE_RATE))
        callee, agent = (
            bytes(side[first:last]).ljust(last - first, SILENCE) for side in (self._callee, self._agent)
        )
        return callee, agent
