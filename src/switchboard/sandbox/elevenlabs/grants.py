"""Signed addresses: who may begin a conversation with an agent that is not public.

Source: ElevenLabs "Get signed URL" (fact sheet 3.4): to be used within 15 minutes, once when it names its
conversation.
"""

from dataclasses import dataclass

from switchboard.sandbox.clock import SandboxClock

VALID_SECONDS = 15 * 60.0
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Grant:
    """`conversation_id` is given when the address is good for that one conversation only."""

    agent_id: str
    expires_at: float
    conversation_id: str | None = None


class Grants:
    """The signatures handed out, by themselves. Of more than 10 000 the oldest are forgotten."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    def give(self, signature: str, agent_id: str, conversation_id: str | None = None) -> Grant:
        if len(self._grants) >= _MOST_KEPT:
            del self._grants[next(iter(self._grants))]
        grant = Grant(agent_id, self._clock.elapsed() + VALID_SECONDS, conversation_id)
        self._grants[signature] = grant
        return grant

    def redeem(self, signature: str, agent_id: str) -> Grant | None:
        """None when it is unknown, of another agent, expired or used up."""
        grant = self._grants.get(signature)
        if grant is None or grant.agent_id != agent_id:
            return None
        if grant.conversation_id is not None or grant.expires_at < self._clock.elapsed():
            del self._grants[signature]
        return grant if self._clock.elapsed() <= grant.expires_at else None

    def clear(self) -> None:
        self._grants.clear()
