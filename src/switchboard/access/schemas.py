"""What the API takes and shows of keys, and who is asking."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from switchboard.access.scopes import Scope
from switchboard.core.storable import storable


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the holder of an API key. `owner` is the name under which limits and repeats are counted."""

    key_id: str
    name: str
    scopes: frozenset[str]

    @property
    def owner(self) -> str:
        return self.key_id


class CreateKey(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Nightly report", "scopes": ["calls:read", "metrics:read"]}]},
    )

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(storable)
    ]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=20)]
    expires_at: AwareDatetime | None = Field(default=None, description="From then on the key is refused.")


class KeyView(BaseModel):
    """A key as it is listed; never its secret."""

    id: str = Field(examples=["key_01k8d4m0h6v1n2p3q4r5s6t7w8"])
    name: str = Field(examples=["Nightly report"])
    prefix: str = Field(description="The first characters of the secret.", examples=["sb_4fG7x"])
    scopes: list[str] = Field(examples=[["calls:read", "metrics:read"]])
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="Exact to about a minute.")


class CreatedKey(KeyView):
    """A new key; the only answer that carries its secret."""

    secret: str = Field(description="Shown once.", examples=["sb_…"])


class Me(BaseModel):
    """Who the key of this request belongs to."""

    key_id: str
    name: str
    scopes: list[str]
