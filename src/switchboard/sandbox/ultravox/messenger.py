"""What a client is told of a call: events as data messages, of the kinds that it asked for.

Source: Ultravox "Data messages" (fact sheet 6.3). The shapes of `user_started_speaking`, `user_stopped_speaking`,
`invoking_tool`, `tool_used` and `call_event` are not documented; they are off unless asked for.
"""

import time
from collections.abc import Mapping
from typing import Any

from switchboard.sandbox.conversation.talk_events import (
    AgentAudio,
    AgentDone,
    AgentSays,
    Interrupted,
    StateChanged,
    TalkEvent,
    ToolAnswered,
    ToolAsked,
    UserSaid,
    UserTentative,
)
from switchboard.sandbox.ultravox.media import DATA_MESSAGES
from switchboard.sandbox.ultravox.transcripts import Transcripts

_TOGGLES = {
    "pong": "pong",
    "state": "state",
    "transcript": "transcript",
    "client_tool_invocation": "clientToolInvocation",
    "call_started": "callStarted",
    "playback_clear_buffer": "playbackClearBuffer",
    "data_connection_tool_invocation": "dataConnectionToolInvocation",
    "debug": "debug",
    "call_event": "callEvent",
    "tool_used": "toolUsed",
    "user_started_speaking": "userStartedSpeaking",
    "user_stopped_speaking": "userStoppedSpeaking",
    "invoking_tool": "invokingTool",
}


class Messenger:
    """For one client of one call."""

    def __init__(self, chosen: Mapping[str, bool], *, debug: bool = False) -> None:
        """`chosen`: the client's `dataMessages`."""
        self._toggles = {**DATA_MESSAGES, **chosen}
        if debug:
            self._toggles["debug"] = True
        self._transcripts = Transcripts()
        self._user_speaks = False

    def wanted(self, kind: str) -> bool:
        """Whether messages of this type are sent. Types without a toggle always are."""
        return self._toggles.get(_TOGGLES.get(kind, ""), True)

    def pong(self, ping: Mapping[str, Any]) -> dict[str, Any]:
        given = ping.get("timestamp")
        return {"type": "pong", "timestamp": given if isinstance(given, int | float) else time.time()}

    def told(self, event: TalkEvent) -> list[dict[str, Any]]:  # noqa: PLR0911 -- one line for each event
        """The messages for one event of the talk, wanted or not."""
        match event:
            case StateChanged(state):
                return [{"type": "state", "state": state}]
            case UserTentative() if not self._user_speaks:
                self._user_speaks = True
                return [{"type": "user_started_speaking"}]
            case UserSaid(turn):
                return [*self._stopped(), self._transcripts.user(turn)]
            case AgentSays(turn):
                return self._transcripts.begins(turn, aloud=not turn.typed)
            case AgentAudio(pcm=pcm):
                return self._transcripts.sounds(pcm)
            case AgentDone(turn):
                return self._transcripts.ends(turn)
            case Interrupted(turn):
                return [{"type": "playback_clear_buffer"}, *self._transcripts.ends(turn)]
            case ToolAsked(call):
                return [{"type": "invoking_tool", "toolName": call.name, "invocationId": call.id}]
            case ToolAnswered(call, _):
                return [{"type": "tool_used", "toolName": call.name, "invocationId": call.id}]
        return []

    def _stopped(self) -> list[dict[str, Any]]:
        spoke, self._user_speaks = self._user_speaks, False
        return [{"type": "user_stopped_speaking"}] if spoke else []
