"""Works through a batch: dials its recipients, never more at once than allowed, and follows them to their end.

Source: ElevenLabs "Batch calling" (fact sheet 4.6).
"""

import time

from switchboard.sandbox.conversation.signals import is_machine
from switchboard.sandbox.conversation.turns import Role
from switchboard.sandbox.elevenlabs.conversation import Conversation, Status
from switchboard.sandbox.elevenlabs.errors import ElevenLabsError
from switchboard.sandbox.elevenlabs.records import Batch, Recipient
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.elevenlabs.telephony import Placing
from switchboard.sandbox.world import CarrierRefusal

_LOOKS_EVERY = 0.5
_USUALLY_AT_ONCE = 20
_OVER = frozenset({"completed", "failed", "cancelled", "voicemail"})
_SAME_AS = {
    Status.INITIATED: "initiated",
    Status.IN_PROGRESS: "in_progress",
    Status.PROCESSING: "in_progress",
    Status.FAILED: "failed",
}


class BatchRunner:
    """Runs one batch in the background until every recipient is through, or it is cancelled."""

    def __init__(self, state: State, account: Account, batch: Batch, placing: Placing) -> None:
        self._state = state
        self._account = account
        self._batch = batch
        self._placing = placing

    async def run(self) -> None:
        batch = self._batch
        if (wait := batch.scheduled_at - time.time()) > 0:
            await self._state.world.clock.sleep(wait)
        while batch.status != "cancelled":
            batch.status = "in_progress"
            self._look()
            if all(one.status in _OVER for one in batch.recipients):
                batch.status = "completed" if batch.recipients else "failed"
                return
            self._dial()
            await self._state.world.clock.sleep(_LOOKS_EVERY)
        await self._until_calls_end()

    async def _until_calls_end(self) -> None:
        """Cancelled: calls under way are left to finish."""
        while any(one.status not in _OVER for one in self._batch.recipients):
            self._look()
            await self._state.world.clock.sleep(_LOOKS_EVERY)

    def _dial(self) -> None:
        running = sum(one.status not in _OVER and one.status != "pending" for one in self._batch.recipients)
        room = (self._batch.at_once or _USUALLY_AT_ONCE) - running
        waiting = [one for one in self._batch.recipients if one.status == "pending"]
        for recipient in waiting[: max(0, room)]:
            if not self._call(recipient):
                return

    def _call(self, recipient: Recipient) -> bool:
        """False when there is no room right now."""
        ids = (self._batch.batch_id, recipient.recipient_id)
        try:
            conversation = self._placing.call(recipient.phone_number, recipient.client_data, ids)
        except ElevenLabsError as error:
            if error.status == 429:  # noqa: PLR2004 -- HTTP
                return False
            self._becomes(recipient, "failed")
        except CarrierRefusal:
            self._becomes(recipient, "failed")
        else:
            recipient.conversation_id = conversation.conversation_id
            self._becomes(recipient, "initiated")
        return True

    def _look(self) -> None:
        for recipient in self._batch.recipients:
            conversation = self._account.conversations.get(recipient.conversation_id or "")
            if recipient.status in _OVER or recipient.status == "pending":
                continue
            self._becomes(recipient, _status(conversation) if conversation else "failed")

    def _becomes(self, recipient: Recipient, status: str) -> None:
        if recipient.status != status:
            now = int(time.time())
            recipient.status, recipient.updated_at, self._batch.updated_at = status, now, now


def _status(conversation: Conversation) -> str:
    if conversation.status is not Status.DONE:
        return _SAME_AS[conversation.status]
    turns = conversation.dialogue.turns if conversation.dialogue else []
    first = next((turn.text for turn in turns if turn.role is Role.USER), "")
    return "voicemail" if is_machine(first) else "completed"
