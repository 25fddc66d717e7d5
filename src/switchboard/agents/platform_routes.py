"""HTTP surface of agents and their platforms: imports, drift, copies to the other platform, losses."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from switchboard.access.guard import require
from switchboard.agents.importing import AgentImport
from switchboard.agents.lifecycle_routes import Parts
from switchboard.agents.requests import (
    IfMatch,
    Service,
    Writer,
    author,
    losses_shown,
    one_agent,
    version_of,
)
from switchboard.agents.schemas import Name
from switchboard.agents.views import AgentView, DriftState, LossView, OneAgentView, shown
from switchboard.http.json import JsonResponse
from switchboard.http.problems import problem_responses
from switchboard.voices.schemas import VoiceOut

router = APIRouter(prefix="/api/v1/agents", tags=["agents"])
_READER = [require("agents:read")]
_WRITER = [require("agents:write")]
_RESOLVING = problem_responses(401, 403, 404, 409, 412, 422, 424, 503)


class ImportOrder(BaseModel):
    """Which platforms to look at; without them all that are on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"platforms": ["elevenlabs"]}]})
    platforms: list[str] | None = Field(default=None, min_length=1, max_length=10, examples=[["elevenlabs"]])


class PlatformProgress(BaseModel):
    """How far one platform is. `seen`: agents there; `imported`: new here."""

    state: Literal["waiting", "running", "finished", "failed"]
    seen: int
    imported: int
    changed: int
    missing: int
    detail: str | None = None


class ImportView(BaseModel):
    """An import; a `sync` also compares what is known already."""

    id: str = Field(examples=["imp_01kc2v9m3x5r7t9w1y3a5c7e9g"])
    kind: Literal["import", "sync"]
    status: Literal["running", "finished", "failed"]
    platforms: list[str]
    progress: dict[str, PlatformProgress]
    started_at: datetime
    finished_at: datetime | None


class DriftField(BaseModel):
    """A field that somebody changed at the vendor."""

    field: str
    here: Any
    there: Any


class DriftView(BaseModel):
    """How an agent stands to its platform. `unknown`: it was not or could not be asked; `detail` says why."""

    state: DriftState
    fields: list[DriftField]
    checked_at: datetime | None = Field(description="When the platform last answered.")
    age_seconds: float | None
    detail: str | None


class CopyOrder(BaseModel):
    """What the copy shall have of its own. Without `voice` the one that comes closest."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Reception"}]})
    name: Name | None = None
    voice: str | None = Field(default=None, max_length=200)


class CopyView(BaseModel):
    """A copy and what was lost on the way; `agent` is null for a dry run."""

    agent: AgentView | None
    losses: list[LossView]
    voice: VoiceOut | None = Field(description="The proposed voice; null when one was sent or none is known.")


@router.post(
    "/import", status_code=202, response_model=ImportView, responses=problem_responses(401, 403, 422, 424)
)
async def start_import(parts: Parts, caller: Writer, order: ImportOrder | None = None) -> Response:
    """Bring in agents that were made elsewhere. While one runs on the same platforms, that one is answered."""
    started = await parts.imports.start(order.platforms if order else None, author(caller))
    return JsonResponse(
        _import(started), status_code=202, headers={"Location": f"/api/v1/agents/imports/{started.id}"}
    )


@router.get(
    "/imports/{import_id}",
    response_model=ImportView,
    responses=problem_responses(401, 403, 404),
    dependencies=_READER,
)
async def show_import(import_id: str, parts: Parts) -> Response:
    """How far an import is."""
    return JsonResponse(_import(await parts.imports.get(import_id)))


@router.get(
    "/{agent_id}/drift",
    response_model=DriftView,
    responses=problem_responses(401, 403, 404, 424),
    dependencies=_READER,
)
async def show_drift(agent_id: str, parts: Parts) -> Response:
    """Ask the platform now whether its agent is what stands here."""
    report = await parts.drift.look(agent_id)
    return JsonResponse(
        {
            "state": report.state,
            "fields": report.fields,
            "checked_at": report.checked_at,
            "age_seconds": parts.drift.age_of(report),
            "detail": report.detail,
        }
    )


@router.post(
    "/{agent_id}/drift/pull",
    response_model=OneAgentView,
    responses={204: {"description": "It was deleted there, and now here."}, **_RESOLVING},
)
async def pull_drift(
    agent_id: str, parts: Parts, service: Service, caller: Writer, if_match: IfMatch = None
) -> Response:
    """Take over what the platform has."""
    agent = await parts.drift.pull(agent_id, version_of(if_match), author(caller))
    return one_agent(service, agent) if agent is not None else Response(status_code=204)


@router.post("/{agent_id}/drift/push", response_model=OneAgentView, responses=_RESOLVING, dependencies=_WRITER)
async def push_drift(agent_id: str, parts: Parts, service: Service, if_match: IfMatch = None) -> Response:
    """Let the platform have what stands here."""
    return one_agent(service, await parts.drift.push(agent_id, version_of(if_match)))


@router.post("/{agent_id}/copy", status_code=201, response_model=CopyView, responses=_RESOLVING)
async def copy_agent(
    agent_id: str,
    parts: Parts,
    caller: Writer,
    to: Annotated[str, Query(max_length=32, examples=["elevenlabs"])],
    order: CopyOrder | None = None,
    *,
    twin: Annotated[bool, Query(description="Let each stand in for the other.")] = False,
    dry_run: Annotated[bool, Query(description="Only tell what would be lost; answers 200.")] = False,
    if_match: IfMatch = None,
) -> Response:
    """Make the same agent on another platform."""
    order = order or CopyOrder()
    agent, plan = await parts.copying.plan(agent_id, to, version_of(if_match), name=order.name, voice=order.voice)
    voice = {name: getattr(plan.voice, name) for name in VoiceOut.model_fields} if plan.voice else None
    told = {"losses": losses_shown(list(plan.losses)), "voice": voice}
    if dry_run:
        return JsonResponse({"agent": None, **told})
    made = await parts.copying.copy(agent, plan, to, author(caller), twin=twin)
    return JsonResponse({"agent": shown(made), **told}, status_code=201, headers={"ETag": f'"{made.version}"'})


@router.get(
    "/{agent_id}/losses",
    response_model=list[LossView],
    responses=problem_responses(401, 403, 404, 422, 424),
    dependencies=_READER,
)
async def show_losses(
    agent_id: str, service: Service, platform: Annotated[str | None, Query(max_length=32)] = None
) -> Response:
    """What a platform, without `platform` its own, cannot express of the agent."""
    return JsonResponse(losses_shown(service.losses(await service.get(agent_id), platform)))


def _import(row: AgentImport) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ImportView.model_fields}
