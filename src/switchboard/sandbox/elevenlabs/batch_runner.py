"""Works through a batch: dials its recipients, never more at once than allowed, and follows them to their end.

Source: ElevenLabs "Batch calling" (fact sheet 4.6).
"""

import time
from collections import deque

from switchboard.sandbox.conversation.signals import is_machine
from switchboard.sandbox.conversation.turns import Role
from switchboard.sandbox.elevenlabs import limits
from switchboard.sandbox.elevenlabs.conversation import Conversation, Status
from switchboard.sandbox.elevenlabs.errors import ElevenLabsError
from switchboard.sandbox.elevenlabs.records import Agent, Batch, Recipient
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.elevenlabs.telephony import Placing, ringing_seconds
from switchboard.sandbox.world import CarrierRefusal

_LOOKS_EVERY = 0.5
_WAITS_AT_MOST = 60.0
"""Sandbox seconds in which a scheduled batch notices that it was cancelled."""
_TOO_MANY = 429
_SAME_AS = {
    Status.INITIATED: "initiated",
    Status.IN_PROGRESS: "in_progress",
    Status.PROCESSING: "in_progress",
    Status.FAILED: "failed",
}


class BatchRunner:
    """Runs one round of a batch in the background: until every recipient is through, or the next round began."""

    def __init__(self, state: State, account: Account, batch: Batch, base: str) -> None:
        self._state = state
        self._account = account
        self._batch = batch
        self._base = base
        self._round = batch.retries
        self._waiting = deque(one for one in batch.recipients if one.status == "pending")
        self._under_way: list[Recipient] = []

    async def run(self) -> None:
        batch, clock = self._batch, self._state.world.clock
        # The schedule is real time; counted on the sandbox's clock it passes as fast as calls do.
        begins_at = clock.elapsed() + batch.scheduled_at - time.time()
        while not batch.is_over and (left := begins_at - clock.elapsed()) > 0:
            await clock.sleep(min(left, _WAITS_AT_MOST))
        while batch.retries == self._round:
            if batch.status == "pending":
                batch.status = "in_progress"
            self._look()
            if batch.is_over:
                self._waiting.clear()
            self._dial()
            if not (self._waiting or self._under_way):
                batch.status = "completed" if batch.status == "in_progress" else batch.status
                return
            await clock.sleep(_LOOKS_EVERY)

    def _dial(self) -> None:
        while self._waiting:
            agent = self._account.agents.get(self._batch.agent_id)
            if agent and len(self._under_way) >= self._at_once(agent):
                return
            if not self._call(self._waiting[0], agent):
                return
            self._waiting.popleft()

    def _at_once(self, agent: Agent) -> int:
        return self._batch.at_once or limits.at_once_in_batch(self._state.limits, agent.settings)

    def _call(self, recipient: Recipient, agent: Agent | None) -> bool:
        """False when there is no room right now. Without the agent or its number the call fails."""
        batch, number = self._batch, self._account.phone_numbers.get(self._batch.phone_number_id)
        if agent is None or number is None:
            self._becomes(recipient, "failed")
            return True
        ringing = ringing_seconds(batch.telephony)
        placing = Placing(self._state, self._account, agent, number, ringing, self._base)
        ids = (batch.batch_id, recipient.recipient_id)
        try:
            conversation = placing.call(recipient.phone_number, recipient.client_data, ids)
        except ElevenLabsError as error:
            if error.status == _TOO_MANY:
                return False
            self._becomes(recipient, "failed")
        except CarrierRefusal:
            self._becomes(recipient, "failed")
        else:
            recipient.conversation_id = conversation.conversation_id
            self._becomes(recipient, "initiated")
            self._under_way.append(recipient)
        return True

    def _look(self) -> None:
        for recipient in self._under_way:
            conversation = self._account.conversations.get(recipient.conversation_id or "")
            self._becomes(recipient, _status(conversation) if conversation else "failed")
        self._under_way = [one for one in self._under_way if one.is_under_way]

    def _becomes(self, recipient: Recipient, status: str) -> None:
        recipient.becomes(status, int(time.time()))
        self._batch.updated_at = max(self._batch.updated_at, recipient.updated_at)


def _status(conversation: Conversation) -> str:
    if conversation.status is not Status.DONE:
        return _SAME_AS[conversation.status]
    turns = conversation.dialogue.turns if conversation.dialogue else []
    first = next((turn.text for turn in turns if turn.role is Role.USER), "")
    return "voicemail" if is_machine(first) else "completed"
