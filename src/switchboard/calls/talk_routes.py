"""Conversations in the browser (docs/reference/talk.md)."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, WebSocket
from pydantic import BaseModel, Field

from switchboard.access.guard import presented, require
from switchboard.access.schemas import Badge, Caller
from switchboard.access.service import AccessService
from switchboard.calls.bridge import converse
from switchboard.calls.talking import Talks
from switchboard.calls.tickets import Tickets
from switchboard.core.actor import set_actor
from switchboard.http.json import JsonResponse
from switchboard.http.problems import problem_responses

router = APIRouter(prefix="/api/v1/agents", tags=["talk"])

_SCOPE = "calls:write"
_Writer = Annotated[Caller, require(_SCOPE)]
_by_key_or_session = require(_SCOPE).dependency


class TicketOut(BaseModel):
    """The right to open one conversation, within 30 seconds."""

    ticket: str
    url: str = Field(description="The socket's address with the ticket in it.", examples=["wss://…/talk?ticket=…"])
    expires_at: datetime


async def _talker(
    websocket: WebSocket, agent_id: str, ticket: Annotated[str | None, Query(max_length=100)] = None
) -> Badge:
    """Let in who shows a ticket, a key or a session; others are answered before the socket opens.

    Answers the key or session whose end also ends the conversation; a ticket's is the one that asked for it.
    """
    if ticket is None:
        await _by_key_or_session(websocket)
        return presented(websocket).badge
    tickets: Tickets = websocket.app.state.tickets
    access: AccessService = websocket.app.state.access
    badge = await tickets.redeem(ticket, agent_id)
    caller = await access.admit(badge, _SCOPE)
    set_actor(caller.actor)
    return badge


@router.post(
    "/{agent_id}/talk", status_code=201, response_model=TicketOut, responses=problem_responses(401, 403, 404, 429)
)
async def ask_for_ticket(agent_id: str, request: Request, _: _Writer) -> Response:
    """A ticket for pages of yours that cannot send a header with a WebSocket; your server asks for it."""
    tickets: Tickets = request.app.state.tickets
    ticket = await tickets.issue(agent_id, presented(request).badge)
    scheme = "wss" if request.url.scheme == "https" else "ws"
    address = request.url.replace(scheme=scheme, query=f"ticket={ticket.secret}")
    body = {"ticket": ticket.secret, "url": str(address), "expires_at": ticket.expires_at}
    return JsonResponse(body, status_code=201)


@router.websocket("/{agent_id}/talk")
async def talk(websocket: WebSocket, agent_id: str, badge: Annotated[Badge, Depends(_talker)]) -> None:
    """Talk or write with an agent."""
    talks: Talks = websocket.app.state.talks
    access: AccessService = websocket.app.state.access
    await websocket.accept()
    await converse(websocket, talks, agent_id, partial(access.until_refused, badge, _SCOPE))
