"""What clients send and receive about agents. Older bodies stay valid through aliases."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from switchboard.agents.texts import Language, Line, Text, not_blank
from switchboard.agents.tool_schemas import Tools, given_secrets
from switchboard.agents.variables import RESERVED, referenced
from switchboard.core.storable import storable

_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,63}")
MAX_VARIABLES = 100
_DEEPEST = 32

PlatformName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=32, examples=["elevenlabs"])]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Variable(_Part):
    """A `{{name}}` of a text. Without a default every call must give a value. The type follows the default."""

    type: Literal["string", "number", "boolean"] = "string"
    default: str | int | float | bool | None = None

    @model_validator(mode="after")
    def _of_its_type(self) -> Self:
        kind = _TYPES.get(type(self.default))
        if "type" not in self.model_fields_set:
            self.type = kind or "string"
        elif kind and self.type not in {"string", kind}:
            raise ValueError(f"The default is no {self.type}.")
        return self


_TYPES: dict[type, Literal["string", "number", "boolean"]] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
}


def _declared(value: Any) -> Any:
    """Accepts `["guest"]` and `{"guest": "Ann"}` beside the full form."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    if isinstance(value, dict):
        return {name: v if isinstance(v, dict | Variable) else {"default": v} for name, v in value.items()}
    return value


def _few_variables(text: str) -> str:
    names = referenced(text)
    if len(names) > MAX_VARIABLES:
        raise ValueError(f"This text uses {len(names)} variables; an agent may have at most {MAX_VARIABLES}.")
    long = next((name for name in names if not _VARIABLE_NAME.fullmatch(name)), None)
    if long:
        raise ValueError(f"The variable {long[:64]}… has a name of more than 64 characters.")
    return text


def _shallow(options: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [options]
    for _ in range(_DEEPEST):
        level = [
            part
            for value in level
            if isinstance(value, dict | list)
            for part in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return options
    raise ValueError(f"Nest objects and lists at most {_DEEPEST} deep.")


class VoiceSettings(_Part):
    """How the voice speaks; null is the platform's own value."""

    speed: float | None = Field(default=None, ge=0.7, le=1.2, description="1 is normal.")
    stability: float | None = Field(default=None, ge=0, le=1, description="Low is lively, high is even.")
    similarity: float | None = Field(default=None, ge=0, le=1, description="How close to the original voice.")


class Inactivity(_Part):
    """What happens when the callee is silent."""

    after_seconds: float = Field(ge=1, le=600)
    message: Text = Field(default="", max_length=1000, description="What the agent says; empty: its own words.")
    end_call: bool = Field(default=False, description="End the call then.")


class Voicemail(_Part):
    """What happens when a machine answers."""

    action: Literal["ignore", "hang_up", "leave_message"] = "ignore"
    message: Text = Field(default="", max_length=1000, description="For `leave_message`.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.action == "leave_message" and not self.message.strip():
            raise ValueError("Write the message to leave.")
        if self.action != "leave_message" and self.message:
            raise ValueError("A message is left with the action leave_message only.")
        return self


class Criterion(_Part):
    """Something that a finished call is judged by."""

    name: Annotated[Line, Field(max_length=64)]
    goal: Line = Field(description="What counts as success, in words.")


class DataPoint(_Part):
    """Something to find out from a finished call."""

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$", examples=["party_size"])
    type: Literal["string", "integer", "number", "boolean"] = "string"
    description: Line


Variables = Annotated[dict[str, Variable], BeforeValidator(_declared), Field(max_length=MAX_VARIABLES)]
Templated = Annotated[Text, AfterValidator(_few_variables)]
Name = Annotated[Text, Field(min_length=1, max_length=64, examples=["Reception"]), AfterValidator(not_blank)]
PromptText = Annotated[Templated, Field(min_length=1, max_length=100_000), AfterValidator(not_blank)]
FirstMessage = Annotated[Templated, Field(max_length=2000)]
Speaker = Literal["agent", "callee"]
Temperature = Annotated[float, Field(ge=0, le=2)]
Seconds = Annotated[int, Field(ge=10, le=7200)]
Tag = Annotated[Line, Field(max_length=64)]
Options = Annotated[dict[str, Any], AfterValidator(_shallow)]
_PROMPT = AliasChoices("prompt", "system_prompt")
_VOICE = AliasChoices("voice", "voice_id")
_VARIABLES = AliasChoices("variables", "template_variables")


class _Checked(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        return storable(value)

    @field_validator("variables", check_fields=False)
    @classmethod
    def _named(cls, variables: dict[str, Variable] | None) -> dict[str, Variable] | None:
        for name in variables or ():
            if not _VARIABLE_NAME.fullmatch(name) or name.startswith(RESERVED):
                raise ValueError(
                    f"{name[:64]!r} cannot be a variable: use letters, digits, _ and ., begin with a letter "
                    "or _, and avoid the reserved beginnings system__ and secret__."
                )
        return variables

    @field_validator("evaluation", "data_collection", check_fields=False)
    @classmethod
    def _distinct(cls, items: list[Any] | None) -> list[Any] | None:
        names = [item.name for item in items or ()]
        if len(set(names)) < len(names):
            raise ValueError("Give each its own name.")
        return items

    @field_validator("tags", check_fields=False)
    @classmethod
    def _each_once(cls, tags: list[str] | None) -> list[str] | None:
        if any(tag.startswith("switchboard:") for tag in tags or ()):
            raise ValueError("Tags that begin with switchboard: are Switchboard's own.")
        return tags and list(dict.fromkeys(tags))

    def secrets(self) -> dict[str, str]:
        """The values of tools' headers that were sent, by `secret_key`. `model_dump` never tells them."""
        return given_secrets(getattr(self, "tools", None) or ())


class AgentIn(_Checked):
    """A whole agent, as `POST` creates and `PUT` replaces it."""

    platform: PlatformName | None = None
    name: Name
    prompt: PromptText = Field(validation_alias=_PROMPT)
    first_message: FirstMessage = ""
    first_speaker: Speaker = "agent"
    language: Language = "en"
    voice: str | None = Field(default=None, max_length=200, validation_alias=_VOICE)
    voice_settings: VoiceSettings | None = None
    model: str | None = Field(default=None, max_length=100)
    temperature: Temperature | None = None
    max_duration_seconds: Seconds = 600
    inactivity: Inactivity | None = None
    voicemail: Voicemail = Field(default_factory=Voicemail)
    recording: bool = True
    variables: Variables = Field(default_factory=dict, validation_alias=_VARIABLES)
    tools: Tools = Field(default_factory=list)
    evaluation: list[Criterion] = Field(default_factory=list, max_length=30)
    data_collection: list[DataPoint] = Field(default_factory=list, max_length=25)
    tags: list[Tag] = Field(default_factory=list, max_length=50)
    platform_options: Options = Field(default_factory=dict)
    fallback_agent_id: str | None = Field(default=None, max_length=40)
    fallback_voice: str | None = Field(
        default=None, max_length=200, description="The voice to take when `voice` is gone from the platform."
    )


class AgentPatch(_Checked):
    """The fields to change; what is left out stays. Objects and lists are replaced whole."""

    name: Name | None = None
    prompt: PromptText | None = Field(default=None, validation_alias=_PROMPT)
    first_message: FirstMessage | None = None
    first_speaker: Speaker | None = None
    language: Language | None = None
    voice: str | None = Field(default=None, max_length=200, validation_alias=_VOICE)
    voice_settings: VoiceSettings | None = None
    model: str | None = Field(default=None, max_length=100)
    temperature: Temperature | None = None
    max_duration_seconds: Seconds | None = None
    inactivity: Inactivity | None = None
    voicemail: Voicemail | None = None
    recording: bool | None = None
    variables: Variables | None = Field(default=None, validation_alias=_VARIABLES)
    tools: Tools | None = None
    evaluation: list[Criterion] | None = Field(default=None, max_length=30)
    data_collection: list[DataPoint] | None = Field(default=None, max_length=25)
    tags: list[Tag] | None = Field(default=None, max_length=50)
    platform_options: Options | None = None
    fallback_agent_id: str | None = Field(default=None, max_length=40)
    fallback_voice: str | None = Field(
        default=None, max_length=200, description="The voice to take when `voice` is gone from the platform."
    )
    status: Literal["active", "inactive"] | None = None


class AgentOut(BaseModel):
    """An agent as every answer shows it."""

    id: str = Field(examples=["agt_01kc2v9m3x5r7t9w1y3a5c7e9g"])
    platform: str = Field(examples=["elevenlabs"])
    remote_id: str | None = Field(examples=["agent_7101k5zvyjhmfg983brhmhkd98n6"])
    name: str = Field(examples=["Reception"])
    status: Literal["draft", "active", "inactive", "deleted"]
    prompt: str = Field(examples=["You greet {{guest}} at the Casa Verde restaurant."])
    first_message: str = Field(examples=["Hello {{guest}}."])
    first_speaker: Speaker
    language: str = Field(examples=["en"])
    voice: str | None
    voice_settings: VoiceSettings | None
    model: str | None
    temperature: float | None
    max_duration_seconds: int
    inactivity: Inactivity | None
    voicemail: Voicemail
    recording: bool
    variables: dict[str, Variable]
    tools: Tools
    evaluation: list[Criterion]
    data_collection: list[DataPoint]
    tags: list[str]
    platform_options: dict[str, Any]
    fallback_agent_id: str | None
    fallback_voice: str | None
    version: int
    warnings: list[str]
    created_at: datetime
    updated_at: datetime
