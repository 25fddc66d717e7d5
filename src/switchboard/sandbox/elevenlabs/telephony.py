"""Telephone calls and imported numbers. Source: ElevenLabs "Register call", "Outbound call" (fact sheet 4)."""

from typing import Any
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.elevenlabs import initiation
from switchboard.sandbox.elevenlabs.conversation import Conversation, Line
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, refused, unprocessable
from switchboard.sandbox.elevenlabs.requests import json_object, text
from switchboard.sandbox.elevenlabs.session import STREAM_PATH, Reception, Session
from switchboard.sandbox.elevenlabs.state import Account, PhoneNumber, State
from switchboard.sandbox.world import CarrierRefusal


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai", route_class=ElevenLabsRoute)

    @routes.post("/twilio/register-call")
    async def register_call(request: Request) -> Response:
        account = state.account(request)
        body = await json_object(request)
        agent = account.agent(text(body, "agent_id"))
        line = _registered_line(body)
        conversation = initiation.begin(state, account, agent, body, line)
        state.world.exchange.register(STREAM_PATH, Reception(state))
        Session(state.world, account, conversation).wait_for_stream()
        return Response(_twiml(request, conversation), media_type="text/html")

    @routes.post("/twilio/outbound-call")
    async def outbound_call(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        agent = account.agent(text(body, "agent_id"))
        number = account.phone_number(text(body, "agent_phone_number_id"))
        line = Line("outbound", number.phone_number, text(body, "to_number"), number.phone_number_id)
        conversation = initiation.begin(state, account, agent, body, line)
        state.world.exchange.register(STREAM_PATH, Reception(state))
        return _dial(state, account, number, conversation, _twiml(request, conversation))

    @routes.get("/conversation/get-signed-url")
    async def get_signed_url(request: Request) -> dict[str, Any]:
        account = state.account(request)
        agent = account.agent(request.query_params.get("agent_id", ""))
        signature = state.new_id("cvtkn")
        query = f"agent_id={agent.agent_id}&conversation_signature={signature}"
        return {"signed_url": f"{_socket_base(request)}{STREAM_PATH}?{query}"}

    _add_numbers(routes, state)
    return routes


def _add_numbers(routes: APIRouter, state: State) -> None:
    @routes.post("/phone-numbers")
    async def import_number(request: Request) -> dict[str, Any]:
        account = state.account(request)
        number = _number(state, account, await json_object(request))
        account.phone_numbers[number.phone_number_id] = number
        return {"phone_number_id": number.phone_number_id}

    @routes.get("/phone-numbers")
    async def list_numbers(request: Request) -> list[dict[str, Any]]:
        account = state.account(request)
        agent_id = request.query_params.get("agent_id")
        return [_json(account, one) for one in account.phone_numbers.values() if agent_id in (None, one.agent_id)]

    @routes.get("/phone-numbers/{phone_number_id}")
    async def get_number(phone_number_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        return _json(account, account.phone_number(phone_number_id))

    @routes.patch("/phone-numbers/{phone_number_id}")
    async def update_number(phone_number_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        number = account.phone_number(phone_number_id)
        body = await json_object(request)
        if body.get("agent_id") is not None:
            account.agent(body["agent_id"])
        number.agent_id = body.get("agent_id", number.agent_id)
        number.label = body.get("label") or number.label
        return _json(account, number)

    @routes.delete("/phone-numbers/{phone_number_id}")
    async def delete_number(phone_number_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        del account.phone_numbers[account.phone_number(phone_number_id).phone_number_id]
        return {}


def _dial(
    state: State, account: Account, number: PhoneNumber, conversation: Conversation, twiml: str
) -> dict[str, Any]:
    session = Session(state.world, account, conversation)
    try:
        sid = state.world.carrier.place(
            account_sid=number.account_sid,
            auth_token=number.auth_token,
            to=conversation.line.external_number,
            from_=number.phone_number,
            twiml=twiml,
            on_end=session.never_answered,
        )
    except CarrierRefusal as refusal:
        del account.conversations[conversation.conversation_id]
        return {"success": False, "message": refusal.message, "conversation_id": None, "callSid": None}
    conversation.call_sid = sid
    return {
        "success": True,
        "message": "Success",
        "conversation_id": conversation.conversation_id,
        "callSid": sid,
    }


def _registered_line(body: dict[str, Any]) -> Line:
    from_, to = text(body, "from_number"), text(body, "to_number")
    direction = text(body, "direction", "inbound")
    if direction not in ("inbound", "outbound"):
        raise unprocessable(("body", "direction"), "Input should be 'inbound' or 'outbound'", "enum", direction)
    return Line(direction, to, from_) if direction == "inbound" else Line(direction, from_, to)


def _twiml(request: Request, conversation: Conversation) -> str:
    url = quoteattr(f"{_socket_base(request)}{STREAM_PATH}")
    parameter = f'<Parameter name="conversation_id" value={quoteattr(conversation.conversation_id)} />'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<Response><Connect><Stream url={url}>{parameter}</Stream></Connect></Response>"
    )


def _socket_base(request: Request) -> str:
    scheme = "wss" if request.url.scheme == "https" else "ws"
    return f"{scheme}://{request.url.netloc}"


def _number(state: State, account: Account, body: dict[str, Any]) -> PhoneNumber:
    provider = body.get("provider", "twilio")
    if provider != "twilio":
        raise refused(403, "feature_not_available", f"The sandbox imports Twilio numbers only, not {provider}.")
    agent_id = body.get("agent_id")
    if agent_id is not None:
        account.agent(agent_id)
    fields = {name: text(body, name) for name in ("phone_number", "label", "sid", "token")}
    return PhoneNumber(
        phone_number_id=state.new_id("phnum"),
        phone_number=fields["phone_number"],
        label=fields["label"],
        account_sid=fields["sid"],
        auth_token=fields["token"],
        agent_id=agent_id,
    )


def _json(account: Account, number: PhoneNumber) -> dict[str, Any]:
    agent = account.agents.get(number.agent_id or "")
    assigned = {"agent_id": agent.agent_id, "agent_name": agent.name} if agent else None
    return {
        "phone_number": number.phone_number,
        "label": number.label,
        "phone_number_id": number.phone_number_id,
        "provider": "twilio",
        "supports_inbound": True,
        "supports_outbound": True,
        "assigned_agent": assigned,
    }
