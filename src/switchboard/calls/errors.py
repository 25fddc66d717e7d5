"""What can be wrong with calls."""

from switchboard.core.errors import Conflict, InvalidInput, NotFound


class UnknownCall(NotFound):
    """Unknown call."""

    slug = "unknown-call"

    def __init__(self, call_id: str) -> None:
        super().__init__(f"No call {call_id[:64]} exists. List them with GET /api/v1/calls.")


class CallAlreadyEnded(Conflict):
    """The call has already ended."""

    slug = "call-already-ended"


class NoRecording(NotFound):
    """There is no recording."""

    slug = "no-recording"


class InvalidCall(InvalidInput):
    """The call cannot be placed like this."""

    slug = "invalid-call"
