"""Twilio credentials of accounts, calls that Ultravox dials itself, and TwiML for calls that come in.

Source: Ultravox "Telephony platforms", OpenAPI document (telephony_configs, telephony_xml); fact sheet 3.5, 3.7.
"""

from collections.abc import Mapping
from typing import Any, Protocol
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.errors import UltravoxRoute, bad_field, bad_request, not_found
from switchboard.sandbox.ultravox.requests import json_object
from switchboard.sandbox.ultravox.shapes import flag, list_of, map_of, record, text
from switchboard.sandbox.ultravox.state import Account, State
from switchboard.sandbox.world import CarrierRefusal

_FIELDS = {
    "accountSid": text(),
    "authToken": text(),
    "callCreationAllowedAgentIds": list_of(text()),
    "callCreationAllowAllAgents": flag,
    "requestContextMapping": map_of(text()),
}
_PREFIX_LENGTH = 6


class Dialled(Protocol):
    """The session of a call that is being dialled."""

    def was_not_answered(self, outcome: Mapping[str, str]) -> None: ...


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api/telephony_configs/twilio", route_class=UltravoxRoute)

    @routes.get("")
    async def get_config(request: Request) -> dict[str, Any]:
        return _json(_stored(state.account(request)))

    @routes.post("", status_code=201)
    async def store_config(request: Request) -> dict[str, Any]:
        account = state.account(request)
        account.telephony = _checked(account, await json_object(request), {})
        return _json(account.telephony)

    @routes.patch("")
    async def change_config(request: Request) -> dict[str, Any]:
        account = state.account(request)
        account.telephony = _checked(account, await json_object(request), _stored(account))
        return _json(account.telephony)

    @routes.delete("", status_code=204)
    async def delete_config(request: Request) -> Response:
        account = state.account(request)
        _stored(account)
        account.telephony = None
        return Response(status_code=204)

    return routes


def outgoing(medium: Any) -> dict[str, Any] | None:
    """The order to dial, if the medium holds one."""
    way = next(iter(medium.values()), None) if isinstance(medium, dict) else None
    found = way.get("outgoing") if isinstance(way, dict) else None
    return found if isinstance(found, dict) else None


def check_outgoing(account: Account, medium: Any) -> None:
    """Raises: UltravoxError 400 when nobody could dial."""
    wanted = outgoing(medium)
    if wanted is None:
        return
    if "twilio" not in medium or account.telephony is None:
        raise bad_request("No telephony credentials are configured for this account.")
    for field in ("to", "from"):
        if not wanted.get(field):
            raise bad_request(f"medium.twilio.outgoing.{field} is required.")


def dial(state: State, account: Account, call: Call, session: Dialled) -> None:
    """Have the carrier ring with the account's credentials. Raises: UltravoxError 400 in the carrier's words."""
    wanted = outgoing(call.config.get("medium"))
    assert wanted is not None
    assert account.telephony is not None
    try:
        sid = state.world.carrier.place(
            account_sid=account.telephony["accountSid"],
            auth_token=account.telephony["authToken"],
            to=wanted["to"],
            from_=wanted["from"],
            twiml=twiml(call),
            on_end=session.was_not_answered,
        )
    except CarrierRefusal as refusal:
        raise bad_request(f"Twilio refused the call: {refusal.code} {refusal.message}") from refusal
    call.metadata |= {
        "ultravox.twilio.call_sid": sid,
        "ultravox.twilio.account_sid": account.telephony["accountSid"],
    }


def twiml(call: Call) -> str:
    """What connects a carrier's call to this one."""
    return f"<Response><Connect><Stream url={quoteattr(call.stream_url)}/></Connect></Response>"


def mapped(config: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """The template context that `requestContextMapping` makes of the carrier's fields."""
    context: dict[str, Any] = {}
    for name, path in config.get("requestContextMapping", {}).items():
        *outer, last = path.split(".")
        place = context
        for part in outer:
            if not isinstance(place.setdefault(part, {}), dict):
                place[part] = {}
            place = place[part]
        place[last] = fields.get(name, "")
    return context


def may_call(config: Mapping[str, Any] | None, agent_id: str) -> bool:
    """Whether calls that come in may reach this agent."""
    if config is None:
        return False
    return bool(config.get("callCreationAllowAllAgents")) or agent_id in (
        config.get("callCreationAllowedAgentIds") or []
    )


def _stored(account: Account) -> dict[str, Any]:
    if account.telephony is None:
        raise not_found("TelephonyConfig")
    return account.telephony


def _checked(account: Account, body: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in body.items() if key in _FIELDS}
    wanted: dict[str, Any] = record(_FIELDS)({**before, **known}, "TelephonyConfig")
    for field in ("accountSid", "authToken"):
        if not wanted.get(field):
            raise bad_field(field, "This field is required.")
    if wanted.get("callCreationAllowAllAgents") and wanted.get("callCreationAllowedAgentIds"):
        raise bad_request("Only one of callCreationAllowedAgentIds and callCreationAllowAllAgents may be set.")
    for agent_id in wanted.get("callCreationAllowedAgentIds") or []:
        if agent_id not in account.agents:
            raise bad_field("callCreationAllowedAgentIds", f"No such agent: {agent_id}")
    return wanted


def _json(config: dict[str, Any]) -> dict[str, Any]:
    return {
        "accountSid": config["accountSid"],
        "authTokenPrefix": {"prefix": config["authToken"][:_PREFIX_LENGTH]},
        "callCreationAllowedAgentIds": config.get("callCreationAllowedAgentIds") or [],
        "callCreationAllowAllAgents": bool(config.get("callCreationAllowAllAgents")),
        "requestContextMapping": config.get("requestContextMapping") or {},
    }
