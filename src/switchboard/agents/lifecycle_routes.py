"""HTTP surface of an agent's life: drafts, copies of itself, on and off, versions, many at once."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from switchboard.access.guard import require
from switchboard.agents.assembly import AgentParts
from switchboard.agents.bulk import MOST, Action
from switchboard.agents.requests import IfMatch, Service, Writer, author, one_agent, version_of
from switchboard.agents.schemas import AgentPatch, Name, Tag
from switchboard.agents.texts import Text
from switchboard.agents.versions import AgentVersion
from switchboard.agents.views import OneAgentView
from switchboard.http.json import JsonResponse
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
_SAVING = problem_responses(401, 403, 404, 409, 412, 422, 424, 503)
_READING = problem_responses(401, 403, 404)
_READER = [require("agents:read")]
_PAGE: dict[int | str, dict[str, Any]] = {200: {"headers": PAGE_HEADERS}, **_READING}


_LAST = 2**31 - 1  # an integer's last
Version = Annotated[int, Path(ge=0, le=_LAST)]


class NewName(BaseModel):
    """A name for the new agent; without it one is made from the old."""

    model_config = ConfigDict(extra="forbid")
    name: Name | None = Field(default=None, examples=["Reception at night"])


class VersionView(BaseModel):
    """One line of an agent's history."""

    version: int
    at: datetime
    author: str = Field(description="Name of the key or user that wrote it.")
    key_id: str | None = Field(
        description="Id of that key (`key_…`) or user (`usr_…`); null for Switchboard itself."
    )
    fields: list[str] = Field(description="What was changed; everything for the first version.")


class SnapshotView(VersionView):
    """A version with all that the agent was."""

    snapshot: dict[str, Any] = Field(description="The fields of the agent; secrets of tools are not in it.")


class DifferenceView(BaseModel):
    """A field with both of its values."""

    field: str = Field(description="Dotted path.", examples=["voicemail.action"])
    before: Any
    after: Any


class BulkFilter(BaseModel):
    """Which agents; as in the list."""

    model_config = ConfigDict(extra="forbid")
    platform: Text | None = None
    status: Text | None = None
    search: Text | None = Field(default=None, max_length=200)
    tag: Tag | None = None


class BulkOrder(BaseModel):
    """What to do to which agents: `ids` or `filter`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"filter": {"platform": "ultravox"}, "action": "tag", "tags": ["new"]}]},
    )
    ids: list[Text] | None = Field(default=None, min_length=1, max_length=MOST)
    filter: BulkFilter | None = None
    action: Action
    tags: list[Tag] = Field(default_factory=list, max_length=50, description="For `tag` and `untag`.")
    force: bool = Field(default=False, description="Delete also while calls run.")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.ids is None) is (self.filter is None):
            raise ValueError("Send either ids or filter.")
        if self.filter is not None and not self.filter.model_dump(exclude_none=True):
            raise ValueError("An empty filter would mean every agent. Name at least one condition.")
        if bool(self.tags) is not (self.action in {"tag", "untag"}):
            raise ValueError("Send tags with the actions tag and untag, and with no other.")
        return self


class OutcomeView(BaseModel):
    """What became of one agent."""

    id: str
    ok: bool
    code: str | None
    detail: str | None


class BulkView(BaseModel):
    """What became of all of them."""

    done: int
    failed: int
    results: list[OutcomeView]


async def _parts(request: Request) -> AgentParts:
    parts: AgentParts = request.app.state.agent_parts
    return parts


Parts = Annotated[AgentParts, Depends(_parts)]


@router.post("/bulk", response_model=BulkView, responses=problem_responses(401, 403, 422))
async def do_to_many(order: BulkOrder, parts: Parts, caller: Writer) -> Response:
    """Do one thing to many agents, each on its own; `results` tells of each."""
    chosen = order.filter.model_dump() if order.filter else None
    ids = await parts.bulk.chosen(**chosen) if chosen else order.ids or []
    outcomes = await parts.bulk.do(ids, order.action, order.tags, author(caller), force=order.force)
    done = sum(outcome.ok for outcome in outcomes)
    return JsonResponse({"done": done, "failed": len(outcomes) - done, "results": outcomes})


@router.post("/{agent_id}/publish", response_model=OneAgentView, responses=_SAVING)
async def publish_agent(agent_id: str, service: Service, caller: Writer, if_match: IfMatch = None) -> Response:
    """Give the platform what it could not take before."""
    return one_agent(service, await service.publish(agent_id, version_of(if_match), author(caller)))


@router.delete(
    "/{agent_id}/draft",
    response_model=OneAgentView,
    responses=problem_responses(401, 403, 404, 409, 412),
    dependencies=[require("agents:write")],
)
async def discard_draft(agent_id: str, service: Service, if_match: IfMatch = None) -> Response:
    """Give up the changes that could not be published."""
    return one_agent(service, await service.discard(agent_id, version_of(if_match)))


@router.post("/{agent_id}/duplicate", status_code=201, response_model=OneAgentView, responses=_SAVING)
async def duplicate_agent(
    agent_id: str, service: Service, caller: Writer, wanted: NewName | None = None, if_match: IfMatch = None
) -> Response:
    """The same agent once more, on the same platform."""
    name = wanted.name if wanted else None
    return one_agent(service, await service.duplicate(agent_id, name, version_of(if_match), author(caller)), 201)


@router.post("/{agent_id}/activate", response_model=OneAgentView, responses=_SAVING)
async def activate_agent(agent_id: str, service: Service, caller: Writer, if_match: IfMatch = None) -> Response:
    """Let the agent make calls."""
    patch = AgentPatch(status="active")
    return one_agent(service, await service.change(agent_id, patch, version_of(if_match), author(caller)))


@router.post("/{agent_id}/deactivate", response_model=OneAgentView, responses=_SAVING)
async def deactivate_agent(agent_id: str, service: Service, caller: Writer, if_match: IfMatch = None) -> Response:
    """Let the agent make no calls. Those that run go on."""
    patch = AgentPatch(status="inactive")
    return one_agent(service, await service.change(agent_id, patch, version_of(if_match), author(caller)))


@router.get("/{agent_id}/versions", response_model=list[VersionView], responses=_PAGE, dependencies=_READER)
async def list_versions(
    agent_id: str, request: Request, parts: Parts, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """What the agent was, newest first."""
    before = max(0, min(decode_cursor(cursor, int)[0], _LAST)) if cursor else None
    found = await parts.history.page(agent_id, before, limit)
    next_cursor = encode_cursor(found[limit - 1].version) if len(found) > limit else None
    return page_response(request, Page([_line(one) for one in found[:limit]], next_cursor))


@router.get(
    "/{agent_id}/versions/{version}", response_model=SnapshotView, responses=_READING, dependencies=_READER
)
async def show_version(agent_id: str, version: Version, parts: Parts) -> Response:
    """One version, whole."""
    found = await parts.history.get(agent_id, version)
    return JsonResponse({**_line(found), "snapshot": found.snapshot})


@router.get(
    "/{agent_id}/versions/{version}/diff",
    response_model=list[DifferenceView],
    responses=_READING,
    dependencies=_READER,
)
async def compare_versions(
    agent_id: str,
    version: Version,
    parts: Parts,
    to: Annotated[
        int | None, Query(ge=0, le=_LAST, description="The other version; without it the agent as it is.")
    ] = None,
) -> Response:
    """What differs between two versions, field by field."""
    return JsonResponse([one._asdict() for one in await parts.history.diff(agent_id, version, to)])


@router.post("/{agent_id}/versions/{version}/restore", response_model=OneAgentView, responses=_SAVING)
async def restore_version(
    agent_id: str, version: Version, parts: Parts, service: Service, caller: Writer, if_match: IfMatch = None
) -> Response:
    """Make an old version the newest one, here and at the platform."""
    agent = await parts.history.restore(agent_id, version, version_of(if_match), author(caller))
    return one_agent(service, agent)


def _line(version: AgentVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in VersionView.model_fields}
