"""What the API takes and shows of people, their sessions and their passwords."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from switchboard.access.passwords import LONGEST, SHORTEST
from switchboard.access.roles import Role
from switchboard.core.storable import storable

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}(@[a-z0-9][a-z0-9.-]{0,189})?")


def _username(text: str) -> str:
    folded = text.strip().casefold()
    if not _USERNAME.fullmatch(folded):
        raise ValueError("Use letters, digits and . _ % + -, or an e-mail address.")
    return folded


Username = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(_username),
    Field(description="In any case; kept in lower case. An e-mail address will do.", examples=["ann"]),
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(storable)
]
NewPassword = Annotated[
    str,
    StringConstraints(min_length=SHORTEST, max_length=LONGEST),
    AfterValidator(storable),
    Field(examples=["correct horse battery"]),
]
GivenPassword = Annotated[
    str, StringConstraints(max_length=LONGEST), AfterValidator(storable), Field(examples=["correct horse battery"])
]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignIn(_Order):
    """Name and password."""

    username: Annotated[str, StringConstraints(max_length=254), AfterValidator(storable), Field(examples=["ann"])]
    password: GivenPassword


class SignInByLink(_Order):
    """The token of a one-time link."""

    token: Annotated[
        str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable), Field(examples=["sbl_…"])
    ]


class ChangePassword(_Order):
    """A new password for whoever asks."""

    new_password: NewPassword
    current_password: GivenPassword | None = Field(
        default=None, description="Needed unless you came by a one-time link a short while ago."
    )
    username: Username | None = Field(
        default=None, description="Another name to sign in with; only together with one's first password."
    )
    name: Name | None = Field(default=None, description="What others call you.", examples=["Ann Lee"])


class CreateUser(_Order):
    """A person to be let in."""

    username: Username
    name: Name | None = Field(default=None, description="What others call them; `username` otherwise.")
    role: Role
    password: NewPassword | None = Field(
        default=None, description="Without it the answer carries a one-time link with which they choose their own."
    )


class ChangeUser(_Order):
    """What is to change of a person; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"role": "operator"}]})

    name: Name | None = None
    role: Role | None = None
    disabled: bool | None = Field(default=None, description="True: refused everywhere from now on.")


class SignedInUser(BaseModel):
    """A person, to themselves."""

    id: str = Field(examples=["usr_01k8d4m0h6v1n2p3q4r5s6t7w8"])
    username: str = Field(examples=["ann"])
    name: str = Field(examples=["Ann Lee"])
    role: Role


class SessionView(BaseModel):
    """A session that has begun. Its token is in the cookie only."""

    user: SignedInUser
    csrf_token: str = Field(
        description="Goes into the header `X-CSRF-Token` of every request that changes something."
    )
    password_needed: bool = Field(description="True until the person has chosen a password.")


class OwnSession(BaseModel):
    """One browser in which you are signed in."""

    id: str = Field(examples=["ses_01k8d4m0h6v1n2p3q4r5s6t7w8"])
    current: bool = Field(description="True for the one that asks.")
    via: Literal["password", "link"]
    address: str = Field(examples=["192.0.2.7"])
    user_agent: str = Field(examples=["Mozilla/5.0 …"])
    created_at: datetime
    last_used_at: datetime = Field(description="Exact to about a minute.")
    expires_at: datetime = Field(description="Unless it is used before; never later than its longest age.")


class UserView(SignedInUser):
    """A person as admins see them."""

    has_password: bool
    disabled_at: datetime | None
    last_signed_in_at: datetime | None
    created_at: datetime


class LinkView(BaseModel):
    """A one-time link. Hand it to the person; whoever opens it first is in."""

    token: str = Field(examples=["sbl_…"])
    path: str = Field(description="Put our address before it.", examples=["/sign-in?token=sbl_…"])
    expires_at: datetime


class CreatedUser(UserView):
    """A new person; with the link to choose a password, if none was given."""

    link: LinkView | None
