"""`/api/v1/users`: the people of this installation, for admins."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from switchboard.access.guard import require
from switchboard.access.model import User
from switchboard.access.schemas import Caller
from switchboard.access.service import AccessService
from switchboard.access.user_schemas import ChangeUser, CreatedUser, CreateUser, LinkView, UserView
from switchboard.access.users import Link, UserService
from switchboard.http.json import JsonResponse
from switchboard.http.pagination import PAGE_HEADERS, Cursor, Limit, Page, page_response
from switchboard.http.problems import problem_responses

router = APIRouter(prefix="/api/v1/users", tags=["access"])

Admin = Annotated[Caller, require("admin")]


@router.get(
    "",
    summary="List users",
    description="Oldest first, disabled ones included. Needs the scope `admin`.",
    responses={200: {"model": list[UserView], "headers": PAGE_HEADERS}, **problem_responses(401, 403, 429)},
)
async def list_users(
    request: Request,
    _: Admin,
    q: Annotated[str | None, Query(max_length=100, description="Part of a name, in any case.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    page = await _users(request).page(cursor, limit, q.strip() if q else None)
    return page_response(request, Page([_shown(user) for user in page.items], page.next_cursor, page.total))


@router.post(
    "",
    status_code=201,
    summary="Create a user",
    description=(
        "Without `password` the answer carries a one-time link, with which the person chooses one. "
        "Needs the scope `admin`."
    ),
    responses={201: {"model": CreatedUser}, **problem_responses(400, 401, 403, 409, 415, 429, 503)},
)
async def create_user(request: Request, order: CreateUser, _: Admin) -> Response:
    user, link = await _users(request).create(order)
    return JsonResponse({**_shown(user), "link": _link(link) if link else None}, status_code=201)


@router.patch(
    "/{user_id}",
    summary="Change a user",
    description="What is left out stays. A disabled user is signed out everywhere. Needs the scope `admin`.",
    responses={200: {"model": UserView}, **problem_responses(400, 401, 403, 404, 409, 415, 429)},
)
async def change_user(request: Request, user_id: str, order: ChangeUser, _: Admin) -> Response:
    return JsonResponse(_shown(await _users(request).change(user_id, order)))


@router.delete(
    "/{user_id}",
    status_code=204,
    summary="Delete a user",
    description="What they did stays in the audit trail. Needs the scope `admin`.",
    responses=problem_responses(401, 403, 404, 409, 429),
)
async def delete_user(request: Request, user_id: str, _: Admin) -> Response:
    await _users(request).remove(user_id)
    return Response(status_code=204)


@router.post(
    "/{user_id}/link",
    status_code=201,
    summary="Make a one-time link for a user",
    description="For who forgot their password. Older links of the user stop working. Needs the scope `admin`.",
    responses={201: {"model": LinkView}, **problem_responses(401, 403, 404, 429)},
)
async def make_link(request: Request, user_id: str, _: Admin) -> Response:
    return JsonResponse(_link(await _users(request).make_link(user_id)), status_code=201)


def _users(request: Request) -> UserService:
    access: AccessService = request.app.state.access
    return access.users


def _shown(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "role": user.role,
        "has_password": user.password_hash is not None,
        "disabled_at": user.disabled_at,
        "last_signed_in_at": user.last_signed_in_at,
        "created_at": user.created_at,
    }


def _link(link: Link) -> dict[str, Any]:
    return {"token": link.token, "path": link.path, "expires_at": link.expires_at}
