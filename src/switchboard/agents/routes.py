"""HTTP surface of agents (design §7)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from switchboard.agents.errors import UnknownAgent
from switchboard.agents.model import Agent
from switchboard.agents.requests import (
    Force,
    IfMatch,
    Reader,
    Service,
    Writer,
    author,
    one_agent,
    version_of,
)
from switchboard.agents.schemas import AgentIn, AgentPatch
from switchboard.agents.service import AgentService
from switchboard.agents.views import AgentView, OneAgentView
from switchboard.core.errors import FieldError, InvalidInput
from switchboard.http.pagination import (
    PAGE_HEADERS,
    Cursor,
    Limit,
    Page,
    decode_cursor,
    encode_cursor,
    page_response,
)
from switchboard.http.problems import problem_responses

router = APIRouter(prefix="/api/v1/agents", tags=["agents"])
elevenlabs = APIRouter(prefix="/api/v1/agents/elevenlabs", tags=["agents"])
"""The older paths with the platform fixed; they show agents of that platform only."""

Sort = Literal["created_at", "-created_at", "updated_at", "-updated_at", "name", "-name"]


_LIST: dict[int | str, dict[str, Any]] = {200: {"headers": PAGE_HEADERS}, **problem_responses(401, 403, 422)}


@router.get("", response_model=list[AgentView], responses=_LIST)
async def list_agents(
    request: Request,
    service: Service,
    caller: Reader,
    platform: str | None = None,
    status: Literal["draft", "active", "inactive"] | None = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
    tag: Annotated[str | None, Query(max_length=64)] = None,
    sort: Sort = "-created_at",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Agents of both platforms in one list."""
    field = sort.lstrip("-")
    kind = str if field == "name" else datetime
    rows = await service.page(
        platform=platform,
        status=status,
        search=search,
        tag=tag,
        sort=field,
        descending=sort.startswith("-"),
        after=_after(cursor, sort, kind),
        limit=limit,
    )
    last = rows[limit - 1] if len(rows) > limit else None
    next_cursor = encode_cursor(sort, last.sort_value, last.id) if last else None
    shown = ",".join(row.json for row in rows[:limit])
    return page_response(request, Page(f"[{shown}]".encode(), next_cursor))


@router.post(
    "", status_code=201, response_model=OneAgentView, responses=problem_responses(401, 403, 422, 424, 503)
)
async def create_agent(wanted: AgentIn, service: Service, caller: Writer) -> Response:
    """Create an agent here and at its platform; without `platform` on Ultravox."""
    return one_agent(service, await service.create(wanted, wanted.platform or "ultravox", author(caller)), 201)


@router.get("/{agent_id}", response_model=OneAgentView, responses=problem_responses(401, 403, 404))
async def show_agent(agent_id: str, service: Service, caller: Reader) -> Response:
    """One agent; its `ETag` is the version."""
    return one_agent(service, await service.get(agent_id))


@router.put(
    "/{agent_id}", response_model=OneAgentView, responses=problem_responses(401, 403, 404, 412, 422, 424, 503)
)
async def replace_agent(
    agent_id: str, wanted: AgentIn, service: Service, caller: Writer, if_match: IfMatch = None
) -> Response:
    """Replace the whole agent."""
    return one_agent(service, await service.replace(agent_id, wanted, version_of(if_match), author(caller)))


@router.patch(
    "/{agent_id}", response_model=OneAgentView, responses=problem_responses(401, 403, 404, 412, 422, 424, 503)
)
async def change_agent(
    agent_id: str, patch: AgentPatch, service: Service, caller: Writer, if_match: IfMatch = None
) -> Response:
    """Change the fields that are sent."""
    return one_agent(service, await service.change(agent_id, patch, version_of(if_match), author(caller)))


@router.delete("/{agent_id}", status_code=204, responses=problem_responses(401, 403, 404, 409, 412, 424, 503))
async def delete_agent(
    agent_id: str, service: Service, caller: Writer, if_match: IfMatch = None, force: Force = False
) -> Response:
    """Delete the agent here and at its platform; refused while it has calls, unless forced."""
    await service.delete(agent_id, version_of(if_match), author(caller), force=force)
    return Response(status_code=204)


@elevenlabs.get("", response_model=list[AgentView], responses=_LIST)
async def list_elevenlabs_agents(
    request: Request,
    service: Service,
    caller: Reader,
    search: Annotated[str | None, Query(max_length=200)] = None,
    sort: Sort = "-created_at",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Agents on ElevenLabs."""
    return await list_agents(
        request, service, caller, platform="elevenlabs", search=search, sort=sort, limit=limit, cursor=cursor
    )


@elevenlabs.post(
    "", status_code=201, response_model=OneAgentView, responses=problem_responses(401, 403, 422, 424, 503)
)
async def create_elevenlabs_agent(wanted: AgentIn, service: Service, caller: Writer) -> Response:
    """Create an agent on ElevenLabs."""
    if wanted.platform not in (None, "elevenlabs"):
        error = FieldError("platform", "This address creates ElevenLabs agents. Use POST /api/v1/agents.")
        raise InvalidInput.of([error])
    return one_agent(service, await service.create(wanted, "elevenlabs", author(caller)), 201)


@elevenlabs.get("/{agent_id}", response_model=OneAgentView, responses=problem_responses(401, 403, 404))
async def show_elevenlabs_agent(agent_id: str, service: Service, caller: Reader) -> Response:
    """One agent on ElevenLabs."""
    return one_agent(service, await _on_elevenlabs(service, agent_id))


@elevenlabs.put(
    "/{agent_id}", response_model=OneAgentView, responses=problem_responses(401, 403, 404, 412, 422, 424, 503)
)
async def replace_elevenlabs_agent(
    agent_id: str, wanted: AgentIn, service: Service, caller: Writer, if_match: IfMatch = None
) -> Response:
    """Replace an agent on ElevenLabs."""
    await _on_elevenlabs(service, agent_id)
    return one_agent(service, await service.replace(agent_id, wanted, version_of(if_match), author(caller)))


@elevenlabs.delete("/{agent_id}", status_code=204, responses=problem_responses(401, 403, 404, 409, 412, 424, 503))
async def delete_elevenlabs_agent(
    agent_id: str, service: Service, caller: Writer, if_match: IfMatch = None, force: Force = False
) -> Response:
    """Delete an agent on ElevenLabs."""
    await _on_elevenlabs(service, agent_id)
    await service.delete(agent_id, version_of(if_match), author(caller), force=force)
    return Response(status_code=204)


async def _on_elevenlabs(service: AgentService, agent_id: str) -> Agent:
    agent = await service.get(agent_id)
    if agent.platform != "elevenlabs":
        raise UnknownAgent(agent_id)
    return agent


def _after(cursor: str | None, sort: str, kind: type) -> tuple[Any, str] | None:
    if cursor is None:
        return None
    made_for, value, agent_id = decode_cursor(cursor, str, kind, str)
    if made_for != sort:
        raise InvalidInput("The cursor belongs to another order. Keep `sort` the same from page to page.")
    return value, agent_id
