"""One Ultravox call at work: waits to be joined, talks, ends, is summed up and billed.

Source: Ultravox "Calls", "Telephony platforms", "FAQ" (billing); fact sheet 2.5, 3.3, 6.1, 7.
"""

import math

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.analysis import analyse
from switchboard.sandbox.conversation.dialogue import Dialogue, Ending
from switchboard.sandbox.line import PhoneLeg, StreamEnd
from switchboard.sandbox.ultravox import character, events
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.requests import seconds
from switchboard.sandbox.ultravox.state import Account
from switchboard.sandbox.world import World

_BILLING_TAKES = 2.0
_STEP = 6
_END_REASONS = {
    Ending.CALLEE_HUNG_UP: "hangup",
    Ending.CARRIER_HUNG_UP: "hangup",
    Ending.AGENT_ENDED: "agent_hangup",
    Ending.STOPPED: "agent_hangup",
    Ending.TIME_UP: "timeout",
}


class Session:
    """Answers at the call's joinUrl, once."""

    def __init__(self, world: World, account: Account, call: Call) -> None:
        self._world = world
        self._account = account
        self._call = call

    def wait_for_join(self) -> None:
        """Begin to live: tell `call.started`, and give up after `joinTimeout`."""
        self._tell("started")
        self._world.spawn(self._expires())

    async def talk(self, leg: PhoneLeg) -> StreamEnd:
        """Hold the conversation on a carrier's stream. A joinUrl serves once; later streams are closed."""
        if self._call.joined_at is not None or self._call.ended_at is not None:
            return StreamEnd.PLATFORM_CLOSED
        dialogue = self._joins(leg)
        ending = Ending.CARRIER_HUNG_UP
        try:
            ending = await dialogue.run()
        finally:
            self._ends(dialogue, ending, leg.to)
        return ending.stream_end

    def _joins(self, leg: PhoneLeg) -> Dialogue:
        call = self._call
        call.joined_at = call.watch.now()
        call.metadata |= {
            "ultravox.twilio.call_sid": leg.call_sid,
            "ultravox.twilio.stream_sid": leg.stream_sid,
            "ultravox.twilio.account_sid": leg.account_sid,
        }
        mind = AgentMind(character.persona(call.config, call.context))
        call.dialogue = Dialogue(mind, leg.person, self._world.clock, character.manners(call.config))
        self._tell("joined")
        return call.dialogue

    def _ends(self, dialogue: Dialogue, ending: Ending, number: str) -> None:
        call = self._call
        call.ended_at, call.end_reason = call.watch.now(), _END_REASONS[ending]
        # The vendor's names of agents are keys more than names, and its summaries do not tell them.
        language = character.language(call.config)
        found = analyse(dialogue.turns, ending, agent=None, number=number, language=language)
        call.summary, call.short_summary = found.summary, found.short_summary
        self._tell("ended")
        self._world.spawn(self._is_billed())

    async def _expires(self) -> None:
        await self._world.clock.sleep(seconds(self._call.config["joinTimeout"], "joinTimeout"))
        if self._call.joined_at is None and self._call.ended_at is None:
            self._call.ended_at, self._call.end_reason = self._call.watch.now(), "unjoined"
            self._tell("ended")
            await self._is_billed()

    async def _is_billed(self) -> None:
        await self._world.clock.sleep(_BILLING_TAKES)
        billed = billed_seconds(self._call.talked_seconds)
        self._call.billing_status = self._account.bill(billed)
        self._call.billed_seconds = billed
        self._tell("billed")

    def _tell(self, what: str) -> None:
        events.tell(self._world.delivery, self._account, self._call, what)


def billed_seconds(talked: float) -> int:
    """Rounded up to steps of 6 s: 0 → 0, 1 → 6, 12 → 12, 37 → 42. Source: Ultravox "FAQ"."""
    return math.ceil(round(talked, 3) / _STEP) * _STEP
