"""`POST /api/agents/{id}/telephony_xml`: a carrier asks what to do with a call that came in.

Source: Ultravox "Telephony platforms" (fact sheet 2.1, 3.7). Called by the carrier, without an API key.
"""

from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.ultravox import orders, telephony
from switchboard.sandbox.ultravox.errors import UltravoxError, UltravoxRoute, not_found
from switchboard.sandbox.ultravox.requests import json_object
from switchboard.sandbox.ultravox.state import Account, Agent, State


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api/agents/{agent_id}/telephony_xml", route_class=UltravoxRoute)

    @routes.post("")
    async def telephony_xml(agent_id: str, request: Request) -> Response:
        account, agent = _owner(state, agent_id)
        fields = await _fields(request)
        config = account.telephony
        if not telephony.may_call(config, agent_id) or config is None:
            raise UltravoxError(403, "Calls that come in may not reach this agent.")
        context = telephony.mapped(config, fields)
        body: dict[str, Any] = {"medium": {"twilio": {}}, "templateContext": context}
        call = orders.place(state, account, request, body, agent, context)
        return Response(telephony.twiml(call), media_type="text/xml")

    return routes


def _owner(state: State, agent_id: str) -> tuple[Account, Agent]:
    for account in state.accounts():
        if agent_id in account.agents:
            return account, account.agents[agent_id]
    raise not_found("Agent")


async def _fields(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return {name: str(value) for name, value in (await json_object(request)).items()}
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
