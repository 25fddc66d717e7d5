"""Signed addresses and WebRTC tokens. Source: ElevenLabs "Get signed URL", "Get WebRTC token" (fact sheet 3.4)."""

import base64
import json
import time
from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, missing
from switchboard.sandbox.elevenlabs.grants import VALID_SECONDS
from switchboard.sandbox.elevenlabs.records import Agent
from switchboard.sandbox.elevenlabs.requests import flag, socket_base
from switchboard.sandbox.elevenlabs.session import STREAM_PATH
from switchboard.sandbox.elevenlabs.state import State


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai/conversation", route_class=ElevenLabsRoute)

    @routes.get("/get-signed-url")
    @routes.get("/get_signed_url", deprecated=True)
    async def get_signed_url(request: Request) -> dict[str, Any]:
        agent = _agent(state, request)
        named = flag(request, "include_conversation_id", default=False)
        conversation_id = state.new_id("conv") if named else None
        signature = state.new_id("cvtkn")
        state.grants.give(signature, agent.agent_id, conversation_id)
        query = f"agent_id={agent.agent_id}&conversation_signature={signature}"
        return {"signed_url": f"{socket_base(request)}{STREAM_PATH}?{query}"}

    @routes.get("/token")
    async def get_token(request: Request) -> dict[str, Any]:
        agent = _agent(state, request)
        conversation_id = state.new_id("conv")
        return {"token": _token(state, agent, conversation_id), "conversation_id": conversation_id}

    return routes


def _agent(state: State, request: Request) -> Agent:
    account = state.account(request)
    if "agent_id" not in request.query_params:
        raise missing("query", "agent_id")
    return account.agent(request.query_params["agent_id"])


def _token(state: State, agent: Agent, conversation_id: str) -> str:
    """Shaped like LiveKit's; no room stands behind it, and nothing checks its signature."""
    now = int(time.time())
    claims = {
        "sub": agent.agent_id,
        "nbf": now,
        "exp": now + int(VALID_SECONDS),
        "video": {"room": conversation_id},
    }
    head = {"alg": "HS256", "typ": "JWT"}
    signature = state.world.random.getrandbits(256).to_bytes(32, "big")
    parts = (json.dumps(head).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
