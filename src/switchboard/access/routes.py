"""`/api/v1/keys`."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from switchboard.access.guard import require
from switchboard.access.model import ApiKey
from switchboard.access.schemas import Caller, CreatedKey, CreateKey, KeyView
from switchboard.access.service import AccessService
from switchboard.http.json import JsonResponse
from switchboard.http.pagination import PAGE_HEADERS, Cursor, Limit, Page, page_response
from switchboard.http.problems import problem_responses

router = APIRouter(prefix="/api/v1", tags=["access"])


@router.get(
    "/keys",
    summary="List API keys",
    description="Newest first, revoked ones included. Needs the scope `keys:write`.",
    responses={200: {"model": list[KeyView], "headers": PAGE_HEADERS}, **problem_responses(401, 403, 429)},
)
async def list_keys(
    request: Request,
    _: Annotated[Caller, require("keys:write")],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    page = await _service(request).page(cursor, limit)
    return page_response(request, Page([_view(key) for key in page.items], page.next_cursor, page.total))


@router.post(
    "/keys",
    status_code=201,
    summary="Create an API key",
    description="The answer carries the secret, once. Needs the scope `keys:write` and every scope it grants.",
    responses={201: {"model": CreatedKey}, **problem_responses(400, 401, 403, 415, 429)},
)
async def create_key(
    request: Request, order: CreateKey, caller: Annotated[Caller, require("keys:write")]
) -> Response:
    key, secret = await _service(request).create(caller, order)
    return JsonResponse(CreatedKey(**_view(key).model_dump(), secret=secret), status_code=201)


@router.delete(
    "/keys/{key_id}",
    status_code=204,
    summary="Revoke an API key",
    description="The key is refused from now on. Quiet when it was revoked before. Needs the scope `keys:write`.",
    responses=problem_responses(401, 403, 404, 429),
)
async def revoke_key(request: Request, key_id: str, caller: Annotated[Caller, require("keys:write")]) -> Response:
    await _service(request).revoke(caller, key_id)
    return Response(status_code=204)


def _service(request: Request) -> AccessService:
    service: AccessService = request.app.state.access
    return service


def _view(key: ApiKey) -> KeyView:
    return KeyView.model_validate(key, from_attributes=True)
