"""What the routes of agents share: who asks, `If-Match`, and how an agent is answered."""

from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response

from switchboard.access.guard import require
from switchboard.access.schemas import Caller
from switchboard.agents.model import Agent
from switchboard.agents.service import AgentService
from switchboard.agents.versions import Author
from switchboard.agents.views import LossView, shown
from switchboard.core.errors import InvalidInput
from switchboard.http.json import JsonResponse
from switchboard.providers.normalised import Loss

Reader = Annotated[Caller, require("agents:read")]
Writer = Annotated[Caller, require("agents:write")]
IfMatch = Annotated[str | None, Header(description='The version you read, as in `"3"`.')]
Force = Annotated[bool, Query(description="Also while calls of the agent run.")]


async def _service(request: Request) -> AgentService:
    service: AgentService = request.app.state.agents
    return service


Service = Annotated[AgentService, Depends(_service)]


def author(caller: Caller) -> Author:
    """Who will stand in the history."""
    return Author(caller.id, caller.name)


def version_of(if_match: str | None) -> int | None:
    """The version that `If-Match` names; None for any."""
    if if_match is None or if_match.strip() == "*":
        return None
    digits = if_match.strip().removeprefix("W/").strip('"')
    if not digits.isdigit():
        raise InvalidInput('If-Match takes the version you read, as in If-Match: "3".')
    return int(digits)


def one_agent(service: AgentService, agent: Agent, status: int = 200) -> Response:
    """One agent, with what its platform cannot express of it, and its version as `ETag`."""
    losses = service.losses(agent) if service.is_on(agent.platform) else None
    body = shown(agent) | {"losses": None if losses is None else losses_shown(losses)}
    return JsonResponse(body, status_code=status, headers={"ETag": f'"{agent.version}"'})


def losses_shown(losses: list[Loss]) -> list[dict[str, str]]:
    return [LossView(field=loss.field, instead=loss.instead).model_dump() for loss in losses]
