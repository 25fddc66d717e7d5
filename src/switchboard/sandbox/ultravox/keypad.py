"""Keys pressed on a telephone. Source: Ultravox "Telephony platforms" (`dtmfHandling`); fact sheet 3.5."""

from typing import Any

from switchboard.sandbox.conversation.live import Talk, Urgency
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.world import World

_TOGETHER = 1.0
"""Seconds within which digits count as one message."""
_URGENCIES: dict[str, Urgency] = {"URGENCY_SOON": "soon", "URGENCY_LATER": "later"}
_USUAL_TEXT = "The user pressed {digits} on the keypad."


class Keypad:
    """Tells the agent in writing, several digits at once; by default it interrupts."""

    def __init__(self, world: World, call: Call, talk: Talk) -> None:
        way: Any = next(iter((call.config.get("medium") or {}).values()), {})
        handling = way.get("dtmfHandling") or {}
        message = handling.get("userTextMessage") or {}
        self._ignores = bool(handling.get("ignore"))
        self._text = str(message.get("text") or _USUAL_TEXT)
        self._urgency = _URGENCIES.get(str(message.get("urgency")), "immediate")
        self._world = world
        self._talk = talk
        self._digits = ""

    def press(self, digit: str) -> None:
        if self._ignores:
            return
        first, self._digits = not self._digits, self._digits + digit
        if first:
            self._world.spawn(self._tell())

    async def _tell(self) -> None:
        told = ""
        while told != self._digits:
            told = self._digits
            await self._world.clock.sleep(_TOGETHER)
        self._digits = ""
        self._talk.hear_text(self._text.replace("{digits}", told), self._urgency)
