"""Telephone calls. Source: ElevenLabs "Register call", "Outbound call" (fact sheet 4.2, 4.3)."""

from typing import Any
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.elevenlabs import initiation
from switchboard.sandbox.elevenlabs.conversation import Conversation, Line
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, of_kind, one_of, unprocessable
from switchboard.sandbox.elevenlabs.records import Agent, PhoneNumber
from switchboard.sandbox.elevenlabs.requests import json_object, optional, socket_base, text
from switchboard.sandbox.elevenlabs.session import STREAM_PATH, Reception, Session
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.world import CarrierRefusal

_LONGEST_RINGING = 999


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai", route_class=ElevenLabsRoute)

    @routes.post("/twilio/register-call")
    async def register_call(request: Request) -> Response:
        account = state.account(request)
        body = await json_object(request)
        agent = account.agent(text(body, "agent_id"))
        line = _registered_line(body)
        conversation = initiation.begin(state, account, agent, initiation.client_data(body), line)
        state.world.exchange.register(STREAM_PATH, Reception(state))
        Session(state, account, conversation).wait_for_stream()
        return Response(twiml(socket_base(request), conversation), media_type="text/html")

    @routes.post("/twilio/outbound-call")
    async def outbound_call(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        agent = account.agent(text(body, "agent_id"))
        number = account.phone_number(text(body, "agent_phone_number_id"))
        ringing = ringing_seconds(optional(body, "telephony_call_config", dict) or {})
        to, given = text(body, "to_number"), initiation.client_data(body)
        placed = Placing(state, account, agent, number, ringing, socket_base(request))
        try:
            conversation = placed.call(to, given)
        except CarrierRefusal as refusal:
            return {"success": False, "message": refusal.message, "conversation_id": None, "callSid": None}
        return {
            "success": True,
            "message": "Success",
            "conversation_id": conversation.conversation_id,
            "callSid": conversation.call_sid,
        }

    return routes


class Placing:
    """Dials numbers for one agent with an imported number's credentials."""

    def __init__(
        self, state: State, account: Account, agent: Agent, number: PhoneNumber, ringing: int | None, base: str
    ) -> None:
        self._state, self._account, self._agent, self._number = state, account, agent, number
        self._ringing, self._base = ringing, base

    def call(self, to: str, given: dict[str, Any], batch: tuple[str, str] | None = None) -> Conversation:
        """`given`: `conversation_initiation_client_data`. `batch`: ids of the batch and its recipient.

        Raises: ElevenLabsError as `initiation.begin`, CarrierRefusal.
        """
        state, number = self._state, self._number
        line = Line("outbound", number.phone_number, to, number.phone_number_id)
        conversation = initiation.begin(state, self._account, self._agent, given, line)
        conversation.batch = batch
        state.world.exchange.register(STREAM_PATH, Reception(state))
        try:
            conversation.call_sid = state.world.carrier.place(
                account_sid=number.account_sid,
                auth_token=number.auth_token,
                to=to,
                from_=number.phone_number,
                twiml=twiml(self._base, conversation),
                on_end=Session(state, self._account, conversation).never_answered,
                ringing_seconds=self._ringing,
            )
        except CarrierRefusal:
            del self._account.conversations[conversation.conversation_id]
            raise
        return conversation


def ringing_seconds(config: dict[str, Any]) -> int | None:
    """`telephony_call_config.ringing_timeout_secs`, 1 to 999. Raises: ElevenLabsError 422."""
    wanted = config.get("ringing_timeout_secs")
    if wanted is None:
        return None
    where = ("body", "telephony_call_config", "ringing_timeout_secs")
    of_kind(where, wanted, int)
    if not 1 <= wanted <= _LONGEST_RINGING:
        message = f"Input should be an integer from 1 to {_LONGEST_RINGING}"
        raise unprocessable(where, message, "less_than_equal", wanted)
    return int(wanted)


def _registered_line(body: dict[str, Any]) -> Line:
    from_, to = text(body, "from_number"), text(body, "to_number")
    direction = text(body, "direction", "inbound")
    one_of(("body", "direction"), direction, ("inbound", "outbound"))
    return Line(direction, to, from_) if direction == "inbound" else Line(direction, from_, to)


def twiml(base: str, conversation: Conversation) -> str:
    """What connects a carrier's call to the conversation. `base`: the sandbox's own address for WebSockets."""
    url = quoteattr(f"{base}{STREAM_PATH}")
    parameter = f'<Parameter name="conversation_id" value={quoteattr(conversation.conversation_id)} />'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<Response><Connect><Stream url={url}>{parameter}</Stream></Connect></Response>"
    )
