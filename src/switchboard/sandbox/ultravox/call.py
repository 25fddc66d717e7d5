"""What one Ultravox call is: its configuration, its stages and messages, its times, its outcome. No behaviour.

Source: Ultravox "Calls", "Call stages" (fact sheet 3.3, 3.6, 4.6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from starlette.websockets import WebSocket

from switchboard.sandbox.clock import Stopwatch
from switchboard.sandbox.conversation.tape import Tape
from switchboard.sandbox.conversation.turns import Role, Turn
from switchboard.sandbox.ultravox.tools import ChosenTool

Severity = Literal["debug", "info", "warning", "error"]


class Obedient(Protocol):
    """Where data messages to a joined call go."""

    def obey(self, message: Mapping[str, Any]) -> None:
        """Raises: UltravoxError 400."""
        ...

    def close(self) -> None:
        """Give up what is still under way."""
        ...


class Reachable(Protocol):
    """A call that waits at its joinUrl."""

    async def accept(self, websocket: WebSocket, medium: str) -> None:
        """Hold the conversation on a socket of this medium, or refuse it."""
        ...


@dataclass(slots=True)
class ToolMessage:
    """What a tool was asked (`text`: its arguments as JSON) or answered, `at` seconds into the call."""

    role: Literal["TOOL_CALL", "TOOL_RESULT"]
    text: str
    tool_name: str
    invocation_id: str
    at: float
    error: str | None = None


Message = Turn | ToolMessage


@dataclass(slots=True)
class Stage:
    """A stretch of the call with properties of its own. `inherited` are the messages that it began with."""

    stage_id: str
    created: datetime
    config: dict[str, Any]
    tools: tuple[ChosenTool, ...] = ()
    initial_state: Mapping[str, Any] = field(default_factory=dict)
    """What tools kept for each other when it began."""
    inherited: list[Message] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def tool(self, name: str) -> ChosenTool | None:
        return next((tool for tool in self.tools if tool.name == name), None)


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One line of the call's log."""

    at: float
    moment: datetime
    stage_id: str
    severity: Severity
    type: str
    text: str
    extras: dict[str, Any]


@dataclass(slots=True)
class Call:
    """`config` holds the fields of the Call object that the customer chose, templates filled in."""

    call_id: str
    watch: Stopwatch
    config: dict[str, Any]
    context: dict[str, Any]
    callbacks: dict[str, Any]
    stream_url: str
    """Where the call's media go."""
    join_url: str | None
    """The same for customers; None when the service dials by itself."""
    stages: list[Stage]
    agent_id: str | None = None
    agent_name: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    state: dict[str, Any] = field(default_factory=dict)
    """What tools keep for each other."""
    initial_state: dict[str, Any] = field(default_factory=dict)
    request_context: dict[str, Any] | None = None
    client_version: str | None = None
    joined_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    billing_status: str = "BILLING_STATUS_PENDING"
    billed_seconds: int | None = None
    summary: str | None = None
    short_summary: str | None = None
    messages: Obedient | None = None
    """Takes data messages while the call is joined."""
    tape: Tape | None = None
    """What really passed, on a spoken call."""
    events: list[CallEvent] = field(default_factory=list)

    @property
    def stream_path(self) -> str:
        """By which carriers find it."""
        return urlsplit(self.stream_url).path

    @property
    def stage(self) -> Stage:
        """The present one."""
        return self.stages[-1]

    @property
    def live(self) -> bool:
        return self.joined_at is not None and self.ended_at is None

    @property
    def settled(self) -> bool:
        """Over and billed; only then may it be deleted."""
        return self.billed_seconds is not None

    @property
    def talked_seconds(self) -> float:
        if self.joined_at is None or self.ended_at is None:
            return 0.0
        return (self.ended_at - self.joined_at).total_seconds()

    @property
    def seconds_in(self) -> float:
        """Sandbox seconds since it was joined."""
        return (self.watch.now() - self.joined_at).total_seconds() if self.joined_at else 0.0

    @property
    def turns(self) -> list[Turn]:
        """What was said in all stages."""
        said = [message for stage in self.stages for message in stage.messages]
        return [message for message in said if isinstance(message, Turn)]

    def note(self, message: Message) -> None:
        """Keep a message; a turn that is there already was only cut."""
        if not any(known is message for known in self.stage.messages):
            self.stage.messages.append(message)

    def forget(self, turn: Turn) -> None:
        for stage in self.stages:
            stage.messages = [message for message in stage.messages if message is not turn]

    def log(self, severity: Severity, kind: str, text: str, **extras: Any) -> None:
        event = CallEvent(self.seconds_in, self.watch.now(), self.stage.stage_id, severity, kind, text, extras)
        self.events.append(event)

    @property
    def agent_spoke_last(self) -> bool:
        said = [message for message in self.stage.messages if isinstance(message, Turn)]
        return bool(said) and said[-1].role is Role.AGENT
