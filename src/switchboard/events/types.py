"""Every type of event; docs/reference/events.md lists the same (a test compares).

A client must ignore types that it does not know: more will come.
"""

from enum import StrEnum
from typing import Self


class EventType(StrEnum):
    """Past tense or a state. The text beside each name is its line in the reference page."""

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member

    AGENT_CREATED = "agent.created", "An agent was created here and at its platform."
    AGENT_UPDATED = "agent.updated", "An agent has a new version."
    AGENT_VOICE_REPLACED = (
        "agent.voice_replaced",
        "The agent's voice is gone from its platform; another one speaks.",
    )
    AGENT_DELETED = "agent.deleted", "An agent was deleted here and at its platform."
    AGENT_DRAFT_KEPT = "agent.draft_kept", "What was saved could not be published yet and is kept as a draft."
    AGENT_DRIFTED = (
        "agent.drifted",
        "An agent was changed or deleted at its platform by somebody else; `state` says which.",
    )
    AGENT_DRIFT_RESOLVED = "agent.drift_resolved", "An agent and its platform agree again."
    AGENTS_IMPORT_PROGRESS = "agents.import_progress", "How far an import or comparison is; at most one a second."
    AGENTS_IMPORT_FINISHED = "agents.import_finished", "An import or comparison has ended; `status` says how."
    CALL_QUEUED = "call.queued", "A call was accepted and waits for its turn."
    CALL_PREPARED = "call.prepared", "The platform has opened a session for the call."
    CALL_REROUTED = "call.rerouted", "The agent's twin took the call over before dialing; `reason` says why."
    CALL_INITIATED = "call.initiated", "The carrier accepted the call."
    CALL_RINGING = "call.ringing", "The telephone rings."
    CALL_ANSWERED = "call.answered", "Somebody or something picked up; the call is in progress."
    CALL_TURN = "call.turn", "One side has said something; sent while the call runs."
    CALL_HANGUP_REQUESTED = "call.hangup_requested", "Somebody asked to end the call."
    CALL_COMPLETED = "call.completed", "An answered call has ended; `reason` says how."
    CALL_BUSY = "call.busy", "The number was engaged."
    CALL_NO_ANSWER = "call.no-answer", "Nobody picked up."
    CALL_FAILED = "call.failed", "The call could not be placed; `reason` says why."
    CALL_CANCELED = "call.canceled", "The call was called off before it was answered."
    CALL_SETTLED = "call.settled", "Transcript, recording, analysis and cost are final."
    CALL_WARNING = "call.warning", "Something about the call needs attention; `message` says what."
    USER_CREATED = "user.created", "Somebody was let in; `role` says as what."
    USER_UPDATED = "user.updated", "A user's `fields` were changed by an admin."
    USER_DELETED = "user.deleted", "A user was deleted."
    USER_LINK_CREATED = "user.link_created", "A one-time link was made for a user."
    USER_PASSWORD_CHANGED = "user.password_changed", "A user has chosen a new password."
    USER_SIGNED_IN = "user.signed_in", "A user has signed in; `via` says by which means."
    USER_SIGNED_OUT = "user.signed_out", "A user has signed out."
    KEY_CREATED = "key.created", "An API key was created."
    KEY_REVOKED = "key.revoked", "An API key was revoked."
    INBOX_RECEIVED = "inbox.received", "A provider's webhook was verified and stored."
    INBOX_IGNORED = "inbox.ignored", "A provider's webhook concerned nothing that we know."


DEEDS = frozenset(
    {
        EventType.AGENT_CREATED,
        EventType.AGENT_UPDATED,
        EventType.AGENT_DELETED,
        EventType.AGENT_DRAFT_KEPT,
        EventType.AGENT_DRIFT_RESOLVED,
        EventType.AGENTS_IMPORT_FINISHED,
        EventType.CALL_QUEUED,
        EventType.CALL_HANGUP_REQUESTED,
        EventType.USER_CREATED,
        EventType.USER_UPDATED,
        EventType.USER_DELETED,
        EventType.USER_LINK_CREATED,
        EventType.USER_PASSWORD_CHANGED,
        EventType.USER_SIGNED_IN,
        EventType.USER_SIGNED_OUT,
        EventType.KEY_CREATED,
        EventType.KEY_REVOKED,
    }
)
"""What somebody does, as against what happens: these carry `actor` and make up the audit trail."""

OF_PEOPLE = frozenset(type_ for type_ in EventType if type_.startswith(("user.", "key.")))
"""Who is let in, and when they come: like the audit trail for admins only."""
OF_WORK = frozenset(EventType) - OF_PEOPLE
