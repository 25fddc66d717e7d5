"""Keeping what happens in a talk as messages of its call."""

from switchboard.sandbox.conversation.talk_events import AgentSays, Interrupted, TalkEvent, UserSaid
from switchboard.sandbox.ultravox.call import Call


def witness(call: Call, event: TalkEvent, *, aloud: bool) -> None:
    """Note a turn when it comes, and forget one of which nothing was heard.

    `aloud`: the agent speaks; it writes otherwise.
    """
    match event:
        case UserSaid(turn):
            call.note(turn)
        case AgentSays(turn):
            turn.typed = not aloud
            call.note(turn)
        case Interrupted(turn) if not turn.text:
            call.forget(turn)
