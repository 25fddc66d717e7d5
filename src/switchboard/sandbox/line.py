"""The seam between the emulated carrier and the emulated platforms: a connected telephone line.

When the carrier meets `<Connect><Stream url>`, it looks the URL up in the `Exchange` and lets whoever
registered there hold the conversation with the person who picked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

from switchboard.sandbox.memory import MOST_ADDRESSES, forget_oldest


@dataclass(frozen=True, slots=True)
class Speech:
    """What a party says in one breath. `hangs_up`: the party ends the call after saying it."""

    text: str
    hangs_up: bool = False


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What an agent wants a tool to do. `id` is unique within the conversation; `arguments` fit JSON."""

    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered."""

    text: str
    is_error: bool = False
    hangs_up: bool = False
    """The tool ends the call, no further word is said."""
    listens: bool = False
    """The agent says nothing about it and waits for the other side."""


class Person(Protocol):
    """The mind of whoever picked up the phone. Deterministic for the same seed and the same words heard."""

    language: str
    interrupts: bool
    """Talks into the agent's turns."""

    async def opens(self) -> Speech | None:
        """What they say on picking up (`Hello?`), or None when they wait."""
        ...

    async def answers(self, heard: str) -> Speech | None:
        """Their reply to what they heard (empty text: they heard silence); None when they stay silent."""
        ...


@dataclass(frozen=True, slots=True)
class PhoneLeg:
    """An answered telephone call as a platform sees it through its media stream."""

    account_sid: str
    call_sid: str
    stream_sid: str
    to: str
    from_: str
    person: Person
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The `<Parameter>`s of the stream."""


class StreamEnd(StrEnum):
    """Who ended the conversation on the stream."""

    CALLEE_HUNG_UP = "callee-hung-up"
    PLATFORM_CLOSED = "platform-closed"


class StreamTarget(Protocol):
    """A platform session that waits for a media stream."""

    async def talk(self, leg: PhoneLeg) -> StreamEnd:
        """Converse until one side ends it. Cancelled when the carrier ends the call first."""
        ...


class Exchange:
    """Which platform session answers at which stream address. Paths identify; hosts are ignored."""

    def __init__(self) -> None:
        self._targets: dict[str, StreamTarget] = {}

    def register(self, path: str, target: StreamTarget) -> None:
        """`target` answers at `path` from now on. Of 50 000 paths the one registered longest ago is forgotten."""
        self._targets.pop(path, None)
        self._targets[path] = target
        forget_oldest(self._targets, lambda _: True, MOST_ADDRESSES)

    def unregister(self, path: str) -> None:
        self._targets.pop(path, None)

    def find(self, url: str) -> StreamTarget | None:
        return self._targets.get(urlsplit(url).path)

    def clear(self) -> None:
        self._targets.clear()
