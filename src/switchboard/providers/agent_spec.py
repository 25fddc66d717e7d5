"""An agent as every platform is told about it: the canonical form that adapters translate both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

JsonObject = Mapping[str, Any]
Scalar = str | int | float | bool
_PLACES = ("path", "query", "body", "header")
_KINDS = ("HttpTool", "EndCall", "Transfer", "Keypad")
HIDDEN = "********"
"""Stands in `Header.value` for a secret. The secret itself is in `AgentSpec.secrets`."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """How the voice speaks: `speed` 0.7 to 1.2, `stability` and `similarity` 0 to 1; None: the platform's own."""

    speed: float | None = None
    stability: float | None = None
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Inactivity:
    """After so many seconds of silence the agent says `message` (empty: words of its own), or ends the call."""

    after_seconds: float
    message: str = ""
    end_call: bool = False


@dataclass(frozen=True, slots=True)
class Voicemail:
    """What to do when a machine answers; `message` belongs to `leave_message`."""

    action: Literal["ignore", "hang_up", "leave_message"] = "ignore"
    message: str = ""


class Parameter(msgspec.Struct, frozen=True, rename={"location": "in"}):
    """A value that the agent fills in while it talks. A `path` parameter stands as `{name}` in the URL."""

    name: str
    location: Literal["path", "query", "body", "header"]
    type: Literal["string", "integer", "number", "boolean"]
    description: str
    required: bool = True
    enum: tuple[str, ...] = ()


class Constant(msgspec.Struct, frozen=True, rename={"location": "in"}):
    """A value that every request of the tool carries."""

    name: str
    location: Literal["path", "query", "body"]
    value: Scalar


class Header(msgspec.Struct, frozen=True):
    """A header that every request of the tool carries; its value is a secret and always `HIDDEN` in here."""

    name: str
    value: str = HIDDEN


class HttpTool(msgspec.Struct, frozen=True, tag="http", tag_field="type"):
    """An HTTP request that the agent may make. `name` is what the model calls it by."""

    name: str
    description: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    url: str
    parameters: tuple[Parameter, ...] = ()
    constants: tuple[Constant, ...] = ()
    headers: tuple[Header, ...] = ()


class EndCall(msgspec.Struct, frozen=True, tag="end_call", tag_field="type"):
    """Every agent can hang up; this tells it when to."""

    when: str


class Destination(msgspec.Struct, frozen=True):
    """Whom to transfer to (E.164), and in which case."""

    number: str
    when: str


class Transfer(msgspec.Struct, frozen=True, tag="transfer", tag_field="type"):
    """The agent may hand the caller over to people."""

    destinations: tuple[Destination, ...]


class Keypad(msgspec.Struct, frozen=True, tag="keypad", tag_field="type"):
    """The agent may press telephone keys."""


Tool = HttpTool | EndCall | Transfer | Keypad


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something that a finished call is judged by; `goal` says in words what counts as success."""

    name: str
    goal: str


@dataclass(frozen=True, slots=True)
class DataPoint:
    """Something to find out from a finished call."""

    name: str
    type: Literal["string", "integer", "number", "boolean"]
    description: str


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """What an agent should be, in our words. `variables` are defaults; a None means: no default, required.

    A None in `voice_settings`, `model`, `temperature` or `inactivity` is the platform's own default.
    """

    name: str
    prompt: str
    first_message: str = ""
    first_speaker: Literal["agent", "callee"] = "agent"
    language: str = "en"
    voice: str | None = None
    voice_settings: VoiceSettings | None = None
    model: str | None = None
    temperature: float | None = None
    max_duration_seconds: int = 600
    inactivity: Inactivity | None = None
    voicemail: Voicemail = Voicemail()
    recording: bool = True
    variables: Mapping[str, Any] = field(default_factory=dict)
    tools: tuple[Tool, ...] = ()
    evaluation: tuple[Criterion, ...] = ()
    data_collection: tuple[DataPoint, ...] = ()
    tags: tuple[str, ...] = ()
    platform_options: JsonObject = field(default_factory=dict)
    """Merged deeply into what is sent to the vendor, after our own translation."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """Values of tools' headers by `secret_key`. Only on the way to a platform; never in what is read from one."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A part of an agent that a platform cannot express. `field` is a dotted path such as `tools.0`."""

    field: str
    instead: str
    """One sentence: what happens instead."""


@dataclass(frozen=True, slots=True)
class RemoteAgent:
    """An agent as it stands at the vendor.

    `complete` is False when the vendor told the name only (ask `get_agent` for the rest).
    `marker` is our agent's id where the vendor keeps one. `extras` are settings at the vendor, in its words, that
    our form has no field for: they stay there through every update, but no copy takes them along.
    `hindrance` says why it cannot take our phone calls as it stands there; saving it from here mends that.
    """

    remote_id: str
    spec: AgentSpec
    raw: JsonObject
    complete: bool = True
    marker: str | None = None
    extras: Sequence[str] = ()
    hindrance: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """Values of tools' headers as the vendor told them, by `secret_key`."""


def secret_key(tool: str, url: str, header: str) -> str:
    """The name of a header's value in `secrets`.

    The host belongs to it: whoever may change a tool but not see its secret must not have it sent elsewhere.
    """
    return f"{tool}@{urlsplit(url).netloc.lower()}/{header.lower()}"


def in_order(spec: AgentSpec) -> AgentSpec:
    """The same agent with its parts in one order, since platforms keep some of them unordered."""
    return replace(
        spec,
        tools=tuple(_parts_in_order(tool) for tool in sorted(spec.tools, key=_rank)),
        data_collection=tuple(sorted(spec.data_collection, key=lambda point: point.name)),
    )


def _rank(tool: Tool) -> int:
    return _KINDS.index(type(tool).__name__)


def _parts_in_order(tool: Tool) -> Tool:
    if not isinstance(tool, HttpTool):
        return tool
    return msgspec.structs.replace(
        tool,
        parameters=tuple(sorted(tool.parameters, key=lambda one: (_PLACES.index(one.location), one.name))),
        constants=tuple(sorted(tool.constants, key=lambda one: (_PLACES.index(one.location), one.name))),
        headers=tuple(sorted(tool.headers, key=lambda one: one.name.lower())),
    )
