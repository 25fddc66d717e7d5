"""Who acts in this request: set once where the caller is known, read where deeds are written down."""

from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """The holder of an API key (`key_…`) or a person (`usr_…`), with the name at the time."""

    kind: Literal["key", "user"]
    id: str
    name: str

    def as_json(self) -> dict[str, str]:
        """As events and the audit trail carry it."""
        return {"kind": self.kind, "id": self.id, "name": self.name}


_current: ContextVar[Actor | None] = ContextVar("switchboard_actor", default=None)


def current_actor() -> Actor | None:
    """Who asked for what happens now; None for jobs and for what nobody signed in for."""
    return _current.get()


def set_actor(actor: Actor | None) -> Token[Actor | None]:
    """From here on `actor` acts in this task, until `forget_actor`."""
    return _current.set(actor)


def forget_actor(token: Token[Actor | None]) -> None:
    """Back to who acted before `set_actor` gave this token."""
    _current.reset(token)
