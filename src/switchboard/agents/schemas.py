"""What clients send and receive about agents. Older bodies stay valid through aliases."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from switchboard.core.storable import storable

_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,63}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MAX_VARIABLES = 100

PlatformName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=32, examples=["elevenlabs"])]


class Variable(BaseModel):
    """A `{{name}}` of the prompt or first message. Without a default every call must give a value."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["string", "number", "boolean"] = "string"
    default: str | int | float | bool | None = None


def _declared(value: Any) -> Any:
    """Accepts `["guest"]` and `{"guest": "Ann"}` beside the full form."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    if isinstance(value, dict):
        return {name: v if isinstance(v, dict | Variable) else {"default": v} for name, v in value.items()}
    return value


Variables = Annotated[dict[str, Variable], BeforeValidator(_declared), Field(max_length=MAX_VARIABLES)]
Prompt = Annotated[
    str,
    Field(min_length=1, max_length=100_000, validation_alias=AliasChoices("prompt", "system_prompt")),
]
VoiceId = Annotated[str | None, Field(max_length=200, validation_alias=AliasChoices("voice", "voice_id"))]
VariablesField = Annotated[Variables, Field(validation_alias=AliasChoices("variables", "template_variables"))]


class _Checked(BaseModel):
    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        return storable(value)

    @field_validator("name", "prompt", "first_message", check_fields=False)
    @classmethod
    def _printable(cls, text: str | None) -> str | None:
        if text is not None and _CONTROL.search(text):
            raise ValueError("Remove control characters; only line breaks and tabs are allowed.")
        return text

    @field_validator("name", "prompt", check_fields=False)
    @classmethod
    def _not_blank(cls, text: str | None) -> str | None:
        if text is not None and not text.strip():
            raise ValueError("Write something here; blanks alone do not count.")
        return text

    @field_validator("variables", check_fields=False)
    @classmethod
    def _named(cls, variables: dict[str, Variable] | None) -> dict[str, Variable] | None:
        for name in variables or ():
            if not _VARIABLE_NAME.fullmatch(name) or name.startswith(("system__", "secret__")):
                raise ValueError(
                    f"{name[:64]!r} cannot be a variable: use letters, digits, _ and ., begin with a letter "
                    "or _, and avoid the reserved beginnings system__ and secret__."
                )
        return variables


class AgentIn(_Checked):
    """A whole agent, as `POST` creates and `PUT` replaces it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    platform: PlatformName | None = None
    name: str = Field(min_length=1, max_length=64, examples=["Reception"])
    prompt: Prompt
    first_message: str = Field(default="", max_length=2000)
    language: str = Field(default="en", pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,2}$", max_length=16)
    voice: VoiceId = None
    model: str | None = Field(default=None, max_length=100)
    temperature: float | None = Field(default=None, ge=0, le=1)
    max_duration_seconds: int = Field(default=600, ge=10, le=7200)
    variables: VariablesField = Field(default_factory=dict)
    tools: list[dict[str, Any]] = Field(default_factory=list, max_length=0)
    platform_options: dict[str, Any] = Field(default_factory=dict)
    fallback_agent_id: str | None = Field(default=None, max_length=40)


class AgentPatch(_Checked):
    """The fields to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    name: str | None = Field(default=None, min_length=1, max_length=64)
    prompt: Annotated[str | None, Field(min_length=1, max_length=100_000)] = Field(
        default=None, validation_alias=AliasChoices("prompt", "system_prompt")
    )
    first_message: str | None = Field(default=None, max_length=2000)
    language: str | None = Field(default=None, pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,2}$", max_length=16)
    voice: VoiceId = None
    model: str | None = Field(default=None, max_length=100)
    temperature: float | None = Field(default=None, ge=0, le=1)
    max_duration_seconds: int | None = Field(default=None, ge=10, le=7200)
    variables: Annotated[
        Variables | None, Field(validation_alias=AliasChoices("variables", "template_variables"))
    ] = None
    platform_options: dict[str, Any] | None = None
    fallback_agent_id: str | None = Field(default=None, max_length=40)
    status: Literal["active", "inactive"] | None = None


class AgentOut(BaseModel):
    """An agent as every answer shows it."""

    id: str = Field(examples=["agt_01kc2v9m3x5r7t9w1y3a5c7e9g"])
    platform: str = Field(examples=["elevenlabs"])
    remote_id: str | None = Field(examples=["agent_7101k5zvyjhmfg983brhmhkd98n6"])
    name: str = Field(examples=["Reception"])
    status: Literal["pending", "active", "inactive", "deleted"]
    prompt: str = Field(examples=["You greet {{guest}} at the Casa Verde restaurant."])
    first_message: str = Field(examples=["Hello {{guest}}."])
    language: str = Field(examples=["en"])
    voice: str | None
    model: str | None
    temperature: float | None
    max_duration_seconds: int
    variables: dict[str, Variable]
    tools: list[dict[str, Any]]
    platform_options: dict[str, Any]
    fallback_agent_id: str | None
    version: int
    warnings: list[str]
    created_at: datetime
    updated_at: datetime
