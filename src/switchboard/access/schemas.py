"""What the API takes and shows of keys, and who is asking."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from switchboard.access.scopes import Scope
from switchboard.access.secrets import hash_secret
from switchboard.access.user_schemas import SignedInUser
from switchboard.core.actor import Actor
from switchboard.core.storable import storable


@dataclass(frozen=True, slots=True)
class Badge:
    """What lets somebody in, as it may be kept: an API key or a session by the hash of its secret."""

    kind: Literal["key", "session"]
    hash: bytes


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request brought to say who asks: an API key, or the token of a session's cookie."""

    kind: Literal["key", "session"]
    secret: str

    @property
    def badge(self) -> Badge:
        return Badge(self.kind, hash_secret(self.secret))


@dataclass(frozen=True, slots=True)
class PersonAsking:
    """The person behind a session, as they are now. `fresh`: came by a one-time link a short while ago."""

    session_id: str
    username: str
    role: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the holder of an API key, or a person who is signed in. `id` is `key_…` or `usr_…`."""

    id: str
    name: str
    scopes: frozenset[str]
    person: PersonAsking | None = None

    @property
    def kind(self) -> Literal["key", "user"]:
        return "user" if self.person else "key"

    @property
    def owner(self) -> str:
        """The name under which limits and repeats are counted."""
        return self.id

    @property
    def key_id(self) -> str | None:
        return None if self.person else self.id

    @property
    def user_id(self) -> str | None:
        return self.id if self.person else None

    @property
    def actor(self) -> Actor:
        """As events and the audit trail name them."""
        return Actor(self.kind, self.id, self.name)


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
    expires_at: Annotated[AwareDatetime, AfterValidator(storable)] | None = Field(
        default=None, description="From then on the key is refused."
    )


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
    """Who asks: the holder of a key, or a person."""

    kind: Literal["key", "user"]
    key_id: str | None = Field(description="Of the key; null for a person.", examples=[None])
    user: SignedInUser | None = Field(description="The person; null for a key.")
    name: str = Field(examples=["Ann Lee"])
    scopes: list[str] = Field(examples=[["agents:read", "calls:read"]])
    csrf_token: str | None = Field(
        description="Goes into `X-CSRF-Token` of every request that changes something; null for a key."
    )
