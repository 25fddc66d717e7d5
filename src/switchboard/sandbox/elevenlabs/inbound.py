"""Calls that come in on imported numbers, and the webhook that personalises them.

Source: ElevenLabs "Twilio native integration", "Twilio personalization" (fact sheet 4.1, 4.5).
"""

import asyncio
from typing import Any

import httpx
from fastapi import APIRouter, Request, Response

from switchboard.sandbox.answers import beginning
from switchboard.sandbox.elevenlabs import initiation
from switchboard.sandbox.elevenlabs.conversation import Line
from switchboard.sandbox.elevenlabs.errors import ElevenLabsError
from switchboard.sandbox.elevenlabs.records import Agent, PhoneNumber
from switchboard.sandbox.elevenlabs.requests import socket_base
from switchboard.sandbox.elevenlabs.session import STREAM_PATH, Reception, Session
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.elevenlabs.telephony import twiml
from switchboard.sandbox.json_text import parsed

PATH = "/twilio/inbound_call"
"""What an imported number's Voice URL is set to."""
_PATIENCE = 10.0
_LARGEST_REPLY = 256 * 1024
_REFUSED = '<?xml version="1.0" encoding="UTF-8"?><Response><Reject /></Response>'


def router(state: State) -> APIRouter:
    routes = APIRouter()

    @routes.post(PATH)
    async def answer(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        called = _called(state, form)
        said = await _begun(state, *called, form, socket_base(request)) if called else _REFUSED
        return Response(said, media_type="text/xml")

    return routes


def _called(state: State, form: dict[str, str]) -> tuple[Account, PhoneNumber, Agent] | None:
    """Whose number this is, if an agent answers it."""
    for account, number in state.imported(form.get("AccountSid", ""), form.get("To", "")):
        if agent := account.agents.get(number.agent_id or ""):
            return account, number, agent
    return None


async def _begun(
    state: State, account: Account, number: PhoneNumber, agent: Agent, form: dict[str, str], base: str
) -> str:
    """The TwiML that connects the call to its new conversation, or refuses it."""
    caller, sid = form.get("From", ""), form.get("CallSid", "")
    line = Line("inbound", number.phone_number, caller, number.phone_number_id)
    arrival = initiation.Arrival(conversation_id=state.new_id("conv"))
    asked = {
        "caller_id": caller,
        "agent_id": agent.agent_id,
        "called_number": number.phone_number,
        "call_sid": sid,
        "conversation_id": arrival.conversation_id,
    }
    given = await _personal(state.world.delivery.http, account, agent, asked)
    if given is None:
        return _REFUSED
    try:
        conversation = initiation.begin(state, account, agent, given, line, arrival)
    except ElevenLabsError:
        return _REFUSED
    conversation.call_sid = sid
    state.world.exchange.register(STREAM_PATH, Reception(state))
    Session(state, account, conversation).wait_for_stream()
    return twiml(base, conversation)


async def _personal(
    http: httpx.AsyncClient, account: Account, agent: Agent, asked: dict[str, Any]
) -> dict[str, Any] | None:
    """Client data from the customer's webhook; nothing where none is switched on. None: it failed."""
    overrides, own = agent.settings["overrides"], agent.settings["workspace_overrides"]
    hook = own.get("conversation_initiation_client_data_webhook") or account.settings.get(
        "conversation_initiation_client_data_webhook"
    )
    if not hook or not overrides.get("enable_conversation_initiation_client_data_from_webhook"):
        return {}
    try:
        headers = hook.get("request_headers") or {}
        async with (
            asyncio.timeout(_PATIENCE),
            http.stream("POST", str(hook.get("url")), json=asked, headers=headers, timeout=None) as reply,
        ):
            given = parsed(await beginning(reply, _LARGEST_REPLY))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError):
        return None
    return given if reply.status_code == httpx.codes.OK and isinstance(given, dict) else None
