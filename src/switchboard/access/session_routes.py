"""`/api/v1/session` and `/api/v1/me`: sign in, sign out, and what concerns oneself."""

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from switchboard.access.errors import SessionNeeded
from switchboard.access.guard import SESSION_COOKIE, presented, refuse_foreign_pages, require
from switchboard.access.model import User, UserSession
from switchboard.access.roles import Role
from switchboard.access.schemas import Caller, Me, PersonAsking
from switchboard.access.secrets import csrf_token
from switchboard.access.service import AccessService
from switchboard.access.sessions import SessionService, SignedIn, Visit
from switchboard.access.user_schemas import (
    ChangePassword,
    OwnSession,
    SessionView,
    SignedInUser,
    SignIn,
    SignInByLink,
)
from switchboard.core.errors import NotAuthenticated
from switchboard.http.json import JsonResponse
from switchboard.http.origin import is_secure
from switchboard.http.problems import problem_responses

router = APIRouter(prefix="/api/v1", tags=["access"])

_COOKIE: dict[str, Any] = {
    "Set-Cookie": {
        "description": f"`{SESSION_COOKIE}`: HttpOnly, SameSite=Strict.",
        "schema": {"type": "string"},
    }
}
_BEGUN: dict[int | str, dict[str, Any]] = {200: {"model": SessionView, "headers": _COOKIE}}


@router.post(
    "/session",
    summary="Sign in",
    description=(
        "Begins a session by user name and password: the answer sets the cookie. Attempts are limited for each "
        "user name and address. Needs no key."
    ),
    responses={**_BEGUN, **problem_responses(400, 401, 403, 415, 429, 503)},
)
async def sign_in(request: Request, order: SignIn) -> Response:
    refuse_foreign_pages(request)
    begun = await _sessions(request).sign_in(order.username, order.password, _visit(request))
    return _begun(request, begun)


@router.post(
    "/session/link",
    summary="Sign in by a one-time link",
    description="Begins a session by the token of a link, which is used up. Needs no key.",
    responses={**_BEGUN, **problem_responses(400, 401, 403, 415, 429)},
)
async def sign_in_by_link(request: Request, order: SignInByLink) -> Response:
    refuse_foreign_pages(request)
    begun = await _sessions(request).sign_in_by_link(order.token, _visit(request))
    return _begun(request, begun)


@router.delete(
    "/session",
    status_code=204,
    summary="Sign out",
    description="Ends the session of this browser. Keys have none.",
    responses=problem_responses(401, 403, 429),
)
async def sign_out(request: Request, caller: Annotated[Caller, require()]) -> Response:
    _person(caller)
    await _sessions(request).sign_out(presented(request).secret)
    answer = Response(status_code=204)
    answer.delete_cookie(SESSION_COOKIE, path="/", secure=is_secure(request), httponly=True, samesite="strict")
    return answer


@router.get(
    "/session",
    summary="Ask who is signed in",
    description="As `GET /me`, or null when nobody is: for pages that ask before anybody signs in. Needs no key.",
    responses={200: {"model": Me | None}},
)
async def session(request: Request) -> Response:
    access: AccessService = request.app.state.access
    try:
        caller = await access.identify(presented(request).badge)
    except NotAuthenticated:
        return JsonResponse(None)
    return JsonResponse(_me(request, caller))


@router.get(
    "/me",
    summary="Who am I",
    description="The key or person of this request, and what they may do. Anybody who is let in may ask.",
    responses={200: {"model": Me}, **problem_responses(401, 403, 429)},
)
async def me(request: Request, caller: Annotated[Caller, require()]) -> Response:
    return JsonResponse(_me(request, caller))


@router.post(
    "/me/password",
    summary="Change my password",
    description=(
        "Ends all your sessions and begins a new one for this browser, with another `csrf_token`. Who came by a "
        "link needs no current password for a while, and with the first password may choose another user name."
    ),
    responses={**_BEGUN, **problem_responses(400, 401, 403, 409, 415, 429, 503)},
)
async def change_password(
    request: Request, order: ChangePassword, caller: Annotated[Caller, require()]
) -> Response:
    _person(caller)
    return _begun(request, await _sessions(request).change_password(caller, order, _visit(request)))


@router.get(
    "/me/sessions",
    summary="List my sessions",
    description="The browsers in which you are signed in, the latest used first.",
    responses={200: {"model": list[OwnSession]}, **problem_responses(401, 403, 429)},
)
async def list_own_sessions(request: Request, caller: Annotated[Caller, require()]) -> Response:
    person, sessions = _person(caller), _sessions(request)
    found = await sessions.of_user(caller.id)
    return JsonResponse([_own(sessions, one, person) for one in found])


@router.delete(
    "/me/sessions/{session_id}",
    status_code=204,
    summary="End one of my sessions",
    description="That browser is signed out at once.",
    responses=problem_responses(401, 403, 404, 429),
)
async def end_own_session(request: Request, session_id: str, caller: Annotated[Caller, require()]) -> Response:
    _person(caller)
    await _sessions(request).revoke(caller.id, session_id)
    return Response(status_code=204)


def _me(request: Request, caller: Caller) -> Me:
    person = caller.person
    user = person and SignedInUser(
        id=caller.id, username=person.username, name=caller.name, role=Role(person.role)
    )
    return Me(
        kind=caller.kind,
        key_id=caller.key_id,
        user=user,
        name=caller.name,
        scopes=sorted(caller.scopes),
        csrf_token=csrf_token(presented(request).secret) if person else None,
    )


def _sessions(request: Request) -> SessionService:
    access: AccessService = request.app.state.access
    return access.sessions


def _person(caller: Caller) -> PersonAsking:
    if caller.person is None:
        raise SessionNeeded("An API key has no session and no password. Sign in as a user.")
    return caller.person


def _visit(request: Request) -> Visit:
    address = request.client.host if request.client else "unknown"
    return Visit(address, request.headers.get("user-agent", ""), request.cookies.get(SESSION_COOKIE))


def _begun(request: Request, begun: SignedIn) -> Response:
    view = SessionView(
        user=_shown(begun.user),
        csrf_token=csrf_token(begun.token),
        password_needed=begun.user.password_hash is None,
    )
    answer = JsonResponse(view)
    answer.set_cookie(
        SESSION_COOKIE,
        begun.token,
        max_age=int(_sessions(request).longest.total_seconds()),
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="strict",
    )
    return answer


def _shown(user: User) -> SignedInUser:
    return SignedInUser(id=user.id, username=user.username, name=user.name, role=Role(user.role))


def _own(sessions: SessionService, one: UserSession, person: PersonAsking) -> dict[str, Any]:
    return {
        "id": one.id,
        "current": one.id == person.session_id,
        "via": one.via,
        "address": one.address,
        "user_agent": one.user_agent,
        "created_at": one.created_at,
        "last_used_at": one.last_used_at,
        "expires_at": sessions.ends_at(one),
    }
