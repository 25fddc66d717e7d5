"""One-use tickets: a page that can send no header shows one instead of a key."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from switchboard.access.schemas import Badge
from switchboard.access.secrets import hash_secret, new_secret
from switchboard.agents.repository import Agents
from switchboard.calls.model import TalkTicket
from switchboard.core.clock import Clock
from switchboard.core.errors import NotAuthenticated
from switchboard.persistence.database import Database

_VALID_FOR = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to start one conversation with one agent; `secret` is stored nowhere."""

    secret: str
    expires_at: datetime


class Tickets:
    """Tickets of all processes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def issue(self, agent_id: str, badge: Badge) -> Ticket:
        """A ticket for 30 seconds, for who has this key or session. Raises: UnknownAgent."""
        now = self._clock.now()
        ticket = Ticket(new_secret(), now + _VALID_FOR)
        async with self._database.transaction() as session:
            await Agents(session).for_call(agent_id)
            await session.execute(delete(TalkTicket).where(TalkTicket.expires_at < now))
            session.add(
                TalkTicket(
                    hash=hash_secret(ticket.secret),
                    agent_id=agent_id,
                    holder_kind=badge.kind,
                    holder_hash=badge.hash,
                    expires_at=ticket.expires_at,
                )
            )
        return ticket

    async def redeem(self, secret: str, agent_id: str) -> Badge:
        """The key or session that asked for the ticket, which is void from now on. Raises: NotAuthenticated."""
        taken = delete(TalkTicket).where(TalkTicket.hash == hash_secret(secret)).returning(TalkTicket)
        async with self._database.transaction() as session:
            ticket = await session.scalar(taken)
        if ticket is None or ticket.agent_id != agent_id or ticket.expires_at <= self._clock.now():
            said = "This ticket is not valid (any more). Ask for a new one; each is good once, for 30 seconds."
            raise NotAuthenticated(said)
        return Badge(ticket.holder_kind, ticket.holder_hash)
