"""`/v1/convai/conversation`: the socket that clients and carriers' streams share; who may use it.

Source: ElevenLabs "Agent WebSockets", "Authentication" (fact sheet 6.1, 3.4, 2.7, 4.3).
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from switchboard.sandbox.conversation.stream import NoStreamError, start_of
from switchboard.sandbox.elevenlabs import initiation, protocol
from switchboard.sandbox.elevenlabs.conversation import Conversation, Origin
from switchboard.sandbox.elevenlabs.errors import ElevenLabsError
from switchboard.sandbox.elevenlabs.live_session import LiveConversation
from switchboard.sandbox.elevenlabs.outlet import Outlet
from switchboard.sandbox.elevenlabs.protocol import Breach, Frame
from switchboard.sandbox.elevenlabs.records import Agent
from switchboard.sandbox.elevenlabs.session import STREAM_PATH, Reception
from switchboard.sandbox.elevenlabs.state import Account, State

_SUBPROTOCOL = "convai"
_FIRST_FRAME_WITHIN = 60.0
_LEAST_PATIENCE = 1.0
_GOING_AWAY = 1001
_ERROR_TYPES = {
    "override_error": "override_error",
    "missing_dynamic_variables": "missing_dynamic_variable",
}


@dataclass(frozen=True, slots=True)
class _Guest:
    """Somebody who may talk to an agent."""

    account: Account
    agent: Agent
    authorization: str
    conversation_id: str | None = None


def router(state: State) -> APIRouter:
    routes = APIRouter()

    @routes.websocket(STREAM_PATH)
    async def converse(websocket: WebSocket) -> None:
        offered = websocket.scope.get("subprotocols") or []
        await websocket.accept(subprotocol=_SUBPROTOCOL if _SUBPROTOCOL in offered else None)
        outlet = Outlet(websocket)
        # The world's task: a reset ends the conversation, too.
        task = state.world.spawn(_serve(state, websocket, outlet))
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            (outcome,) = await asyncio.gather(task, return_exceptions=True)
            await outlet.close(_GOING_AWAY if task.cancelled() else protocol.INTERNAL)
        if isinstance(outcome, Exception):
            raise outcome

    return routes


async def _serve(state: State, websocket: WebSocket, outlet: Outlet) -> None:
    try:
        guest = _guest(state, websocket) if "agent_id" in websocket.query_params else None
        first = await _first_frame(state, websocket)
        if guest is None:
            await _stream(state, websocket, outlet, first)
            return
        conversation = _begun(state, guest, websocket, protocol.initiation(first))
        await LiveConversation(state, guest.account, conversation, websocket, outlet).run()
    except Breach as breach:
        await outlet.refuse(breach)
    except WebSocketDisconnect:
        outlet.is_open = False


async def _first_frame(state: State, websocket: WebSocket) -> str:
    """Raises: Breach 1002 when none comes within 60 s, 1008 for a binary one; WebSocketDisconnect."""
    patience = max(_LEAST_PATIENCE, _FIRST_FRAME_WITHIN / state.world.clock.speed)
    try:
        async with asyncio.timeout(patience):
            message = await websocket.receive()
    except TimeoutError:
        said = "Nothing was received from the client."
        raise Breach("transport_receive_timeout", said, protocol.OPERATIONAL) from None
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1005)
    if message.get("text") is None:
        raise Breach("invalid_message", "Binary frames are not understood.")
    return str(message["text"])


async def _stream(state: State, websocket: WebSocket, outlet: Outlet, first: str) -> None:
    """A carrier's media stream; the parameter `conversation_id` names its conversation."""
    if protocol.parsed(first).get("event") != "connected":
        raise Breach("missing_fields", "The query parameter agent_id is missing.")
    try:
        started = await start_of(websocket, first)
    except NoStreamError:
        outlet.is_open = False
        return
    if await Reception(state).hold(websocket, started):
        outlet.is_open = False
    else:
        await outlet.close(protocol.CONTRACT, "No conversation waits for this stream.")


def _guest(state: State, websocket: WebSocket) -> _Guest:
    """Raises: Breach 1008."""
    query = websocket.query_params
    agent_id, signature = query.get("agent_id", ""), query.get("conversation_signature")
    found = state.public_agent(agent_id)
    if signature is not None:
        grant = state.grants.redeem(signature, agent_id)
        if grant is None or found is None:
            raise _unauthorized("The signed URL is not valid, has expired or was used before.")
        return _Guest(*found, "signed_url", grant.conversation_id)
    if key := websocket.headers.get("xi-api-key"):
        return _by_key(state, key, agent_id)
    if found is None:
        raise _unauthorized(f"The AI agent {agent_id} you are trying to reach does not exist.")
    _check_public(found[1], websocket)
    return _Guest(*found, "public")


def _by_key(state: State, key: str, agent_id: str) -> _Guest:
    try:
        account = state.account_of(key)
        return _Guest(account, account.agent(agent_id), "authorization_header")
    except ElevenLabsError as error:
        raise _breach(error) from None


def _check_public(agent: Agent, websocket: WebSocket) -> None:
    """Whether anybody may talk to this agent from there. Raises: Breach 1008."""
    auth = agent.settings["auth"]
    if auth.get("enable_auth"):
        raise _unauthorized("Authentication is required for this agent: use a signed URL.")
    origin = urlsplit(websocket.headers.get("origin") or "").netloc
    if auth.get("require_origin_header") and not origin:
        raise _unauthorized("This agent needs an Origin header.")
    allowed = [str(one.get("hostname")) for one in auth.get("allowlist") or [] if isinstance(one, dict)]
    if allowed and origin and origin not in allowed and origin.partition(":")[0] not in allowed:
        raise _unauthorized(f"The host {origin} is not allowed for this agent.")


def _begun(state: State, guest: _Guest, websocket: WebSocket, frame: Frame) -> Conversation:
    """Raises: Breach 1008."""
    told = frame.get("source_info")
    source_info = told if isinstance(told, dict) else {}
    query = websocket.query_params
    origin = Origin(
        source=str(query.get("source") or source_info.get("source") or "unknown"),
        version=query.get("version") or source_info.get("version"),
        authorization=guest.authorization,
    )
    if query.get("branch_id") not in (None, "", guest.agent.branch_id):
        raise Breach("value_error", "There is no such branch.")
    arrival = initiation.Arrival(origin, guest.conversation_id, may_wait=True)
    given = {name: value for name, value in frame.items() if name != "type"}
    try:
        return initiation.begin(state, guest.account, guest.agent, given, None, arrival)
    except ElevenLabsError as error:
        raise _breach(error) from None


def _breach(error: ElevenLabsError) -> Breach:
    detail = error.detail
    if isinstance(detail, dict):
        return Breach(_ERROR_TYPES.get(detail["code"], "http_exception"), str(detail["message"]))
    return Breach("value_error", str(detail[0]["msg"]))


def _unauthorized(message: str) -> Breach:
    return Breach("http_exception", message)
