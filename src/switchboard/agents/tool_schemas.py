"""Tools of an agent as clients send and receive them. Values of headers are secrets and never shown again."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_serializer,
    field_validator,
    model_validator,
)

from switchboard.agents.addresses import placeholders, tool_address
from switchboard.agents.texts import Line, Text
from switchboard.core.phone_numbers import parse_e164
from switchboard.providers.agent_spec import HIDDEN, secret_key

ToolName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$", examples=["find_order"])]
ParameterName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$", examples=["order_id"])]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$", examples=["Authorization"])]
_BODILESS = {"GET", "DELETE"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Parameter(_Part):
    """A value that the agent fills in while it talks."""

    name: ParameterName
    location: Literal["path", "query", "body", "header"] = Field(alias="in")
    type: Literal["string", "integer", "number", "boolean"] = "string"
    description: Line = Field(description="Tells the agent what to fill in.")
    required: bool = True
    enum: list[Line] = Field(default_factory=list, max_length=100, description="The texts to choose from.")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.enum and self.type != "string":
            raise ValueError("Only a parameter of type string can have an enum.")
        if self.location == "path" and not self.required:
            raise ValueError("A parameter in the path is always required.")
        return self


class Constant(_Part):
    """A value that every request carries. Secrets belong into headers."""

    name: ParameterName
    location: Literal["path", "query", "body"] = Field(alias="in")
    value: bool | int | float | Text


class Header(_Part):
    """A header that every request carries. Its value is write-only: `********` keeps the one that is stored."""

    name: HeaderName
    value: str = Field(default=HIDDEN, min_length=1, max_length=2000, repr=False)

    @field_validator("value")
    @classmethod
    def _sendable(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable() or value != value.strip():
            raise ValueError("A header's value has printable ASCII characters only, and no blanks at its ends.")
        return value

    @field_serializer("value")
    def _hidden(self, _: str) -> str:
        return HIDDEN


class HttpTool(_Part):
    """An HTTP request that the agent may make while it talks."""

    type: Literal["http"]
    name: ToolName
    description: Line = Field(description="Tells the agent what it does and when to use it.")
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: Annotated[
        str,
        Field(max_length=500, examples=["https://api.example.com/orders/{order_id}"]),
        AfterValidator(tool_address),
    ]
    parameters: list[Parameter] = Field(default_factory=list, max_length=50)
    constants: list[Constant] = Field(default_factory=list, max_length=50)
    headers: list[Header] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        places: list[tuple[str, str]] = [(value.location, value.name) for value in self.parameters]
        places += [(value.location, value.name) for value in self.constants]
        places += [("header", header.name) for header in self.headers]
        twice = _repeated((place, name.lower() if place == "header" else name) for place, name in places)
        if twice:
            raise ValueError(f"The {twice[0]} value {twice[1]} is declared twice.")
        if self.method in _BODILESS and any(place == "body" for place, _ in places):
            raise ValueError(f"A {self.method} request has no body. Put the value into query or path.")
        inside, declared = set(placeholders(self.url)), {name for place, name in places if place == "path"}
        for name in sorted(inside ^ declared):
            where = "is in the URL but not declared" if name in inside else "is declared but not in the URL"
            raise ValueError(f"The path value {{{name}}} {where}.")
        return self


class EndCall(_Part):
    """Every agent can hang up; this tells it when to."""

    type: Literal["end_call"]
    when: Line = Field(examples=["The caller has said good-bye."])


class Destination(_Part):
    """Whom to transfer to, and in which case."""

    number: Annotated[str, Field(max_length=40, examples=["+14155550100"]), AfterValidator(parse_e164)]
    when: Line = Field(examples=["The caller asks for a human."])


class Transfer(_Part):
    """The agent may hand the caller over to people."""

    type: Literal["transfer"]
    destinations: list[Destination] = Field(min_length=1, max_length=20)


class Keypad(_Part):
    """The agent may press telephone keys, for menus."""

    type: Literal["keypad"]


Tool = Annotated[HttpTool | EndCall | Transfer | Keypad, Field(discriminator="type")]


def distinct(tools: list[Tool]) -> list[Tool]:
    """Raises: ValueError for two tools of one name, or two of a kind that an agent has once."""
    twice = _repeated(tool.name if isinstance(tool, HttpTool) else tool.type for tool in tools)
    if twice:
        raise ValueError(f"There are two tools {twice}. Each name, and each kind but http, may be there once.")
    return tools


Tools = Annotated[list[Tool], Field(max_length=50), AfterValidator(distinct)]


def given_secrets(tools: Iterable[Tool]) -> dict[str, str]:
    """The secrets that were sent, by `secret_key`; those to be kept are left out."""
    return {
        secret_key(tool.name, tool.url, header.name): header.value
        for tool in tools
        if isinstance(tool, HttpTool)
        for header in tool.headers
        if header.value.strip("*")  # as many stars as a client likes to show
    }


def missing_secrets(tools: Iterable[Mapping[str, Any]], known: Mapping[str, str]) -> list[tuple[str, str]]:
    """Field and header of every secret that the tools need and `known` does not have."""
    return [
        (f"tools.{index}.headers.{position}.value", str(header["name"]))
        for index, tool in enumerate(tools)
        for position, header in enumerate(tool.get("headers") or ())
        if secret_key(str(tool["name"]), str(tool["url"]), str(header["name"])) not in known
    ]


def _repeated(values: Iterable[Any]) -> Any:
    seen = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None
