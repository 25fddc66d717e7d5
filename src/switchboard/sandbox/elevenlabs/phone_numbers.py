"""Imported telephone numbers. Source: ElevenLabs "Phone numbers" (fact sheet 4.1)."""

import re
from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.elevenlabs import inbound
from switchboard.sandbox.elevenlabs.agent_views import novelty
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, one_of, refused
from switchboard.sandbox.elevenlabs.limits import room_for
from switchboard.sandbox.elevenlabs.records import PhoneNumber
from switchboard.sandbox.elevenlabs.requests import choice, json_object, optional, page, text
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.world import CarrierRefusal

_E164 = re.compile(r"\+[1-9]\d{4,14}")
_PROVIDERS = ("twilio", "sip_trunk", "exotel")


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai", route_class=ElevenLabsRoute)

    @routes.post("/phone-numbers")
    async def import_number(request: Request) -> dict[str, Any]:
        account = state.account(request)
        room_for(account.phone_numbers, "phone numbers")
        number = _number(state, account, await json_object(request))
        _wire(state, number, request)
        account.phone_numbers[number.phone_number_id] = number
        return {"phone_number_id": number.phone_number_id}

    @routes.get("/phone-numbers")
    async def list_numbers(request: Request) -> list[dict[str, Any]]:
        account = state.account(request)
        return [_json(account, one) for one in _found(account, request)]

    @routes.get("/v2/phone-numbers")
    async def page_numbers(request: Request) -> dict[str, Any]:
        account = state.account(request)
        shown, cursor = page(request, _found(account, request), lambda one: one.phone_number_id)
        return {
            "phone_numbers": [_json(account, one) for one in shown],
            "next_cursor": cursor,
            "has_more": cursor is not None,
        }

    _add_one(routes, state)
    return routes


def _add_one(routes: APIRouter, state: State) -> None:
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
            account.agent(text(body, "agent_id"))
        number.agent_id = body.get("agent_id", number.agent_id)
        number.label = optional(body, "label", str) or number.label
        return _json(account, number)

    @routes.delete("/phone-numbers/{phone_number_id}")
    async def delete_number(phone_number_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        del account.phone_numbers[account.phone_number(phone_number_id).phone_number_id]
        return {}


def _wire(state: State, number: PhoneNumber, request: Request) -> None:
    """Have the carrier ask here what to do with calls to the number. Raises: ElevenLabsError 400."""
    url = f"{str(request.base_url).rstrip('/')}{inbound.PATH}"
    try:
        number.takes_calls = state.world.carrier.wire(
            account_sid=number.account_sid,
            auth_token=number.auth_token,
            number=number.phone_number,
            url=url,
        )
    except CarrierRefusal as refusal:
        raise refused(400, "invalid_parameters", f"Twilio refused: {refusal.message}", param="token") from None


def _found(account: Account, request: Request) -> list[PhoneNumber]:
    query = request.query_params
    if choice(request, "provider", _PROVIDERS, "twilio") != "twilio":
        return []
    search = (query.get("search") or "").casefold()
    return [
        one
        for one in account.phone_numbers.values()
        if query.get("agent_id") in (None, one.agent_id)
        and query.get("label") in (None, one.label)
        and query.get("phone_number") in (None, one.phone_number)
        and search in f"{one.label} {one.phone_number}".casefold()
    ]


def _number(state: State, account: Account, body: dict[str, Any]) -> PhoneNumber:
    provider = body.get("provider", "twilio")
    one_of(("body", "provider"), provider, _PROVIDERS, "union_tag_invalid")
    if provider != "twilio":
        raise refused(403, "feature_not_available", f"The sandbox imports Twilio numbers only, not {provider}.")
    agent_id = body.get("agent_id")
    if agent_id is not None:
        account.agent(text(body, "agent_id"))
    fields = {name: text(body, name) for name in ("phone_number", "label", "sid", "token")}
    if not _E164.fullmatch(fields["phone_number"]):
        raise refused(
            400, "invalid_parameters", "Phone numbers are E.164, such as +14155550100.", param="phone_number"
        )
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
    assigned = {
        "agent_id": agent.agent_id,
        "agent_name": agent.name,
        "environment": "production",
        "branch_id": agent.branch_id,
    } if agent else None  # fmt: skip
    return {
        "phone_number": number.phone_number,
        "label": number.label,
        "phone_number_id": number.phone_number_id,
        "provider": "twilio",
        "supports_inbound": number.takes_calls,
        "supports_outbound": True,
        "assigned_agent": assigned,
        **novelty(number.phone_number_id),
    }
