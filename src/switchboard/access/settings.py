"""How long sessions and links last, and how often somebody may try to sign in."""

from typing import Annotated

from limits import parse
from pydantic import AfterValidator, BaseModel, Field


def _rate(text: str) -> str:
    if text != "off":
        parse(text)
    return text


Rate = Annotated[str, AfterValidator(_rate)]


class AccessSettings(BaseModel):
    """Signing in to the console."""

    session_idle_hours: float = Field(default=12.0, gt=0, le=720)
    """A session ends this long after its last request."""
    session_days: float = Field(default=7.0, gt=0, le=90)
    """A session ends this long after its sign-in, however busy it is."""
    link_minutes: float = Field(default=15.0, gt=0, le=1440)
    """How long a one-time link can be used."""
    sign_in_rate: Rate = "10/15minute"
    """Attempts for one user name, `<count>/<n><second|minute|hour>`; `off` for no limit."""
    sign_in_address_rate: Rate = "100/15minute"
    """Attempts from one address."""
