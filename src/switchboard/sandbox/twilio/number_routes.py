"""`IncomingPhoneNumbers`: the account's numbers and where their calls lead.

Source: Twilio "IncomingPhoneNumber resource".
"""

from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from switchboard.sandbox.twilio.accounts import Account, OwnedNumber
from switchboard.sandbox.twilio.calls import API_VERSION, rfc2822
from switchboard.sandbox.twilio.desk import ACCOUNT, Desk
from switchboard.sandbox.twilio.errors import TwilioError, not_found
from switchboard.sandbox.twilio.form import Form
from switchboard.sandbox.twilio.listing import page

_LONGEST_NAME = 64


def add(routes: APIRouter, desk: Desk) -> None:
    async def read_all(request: Request) -> Response:
        account, query = desk.account(request), request.query_params
        wanted, name = f"*{query.get('PhoneNumber', '')}*", query.get("FriendlyName")
        numbers = [
            owned
            for owned in account.numbers
            if fnmatchcase(owned.phone_number, wanted) and name in (None, "", owned.friendly_name)
        ]
        show = partial(_json, account)
        return desk.answer(page("incoming_phone_numbers", numbers, show, request.url.path, query))

    async def read(request: Request) -> Response:
        return desk.answer(_json(*_owned(desk, request)))

    async def update(request: Request) -> Response:
        account, owned = _owned(desk, request)
        _set(account, owned, Form(await request.form()))
        return desk.answer(_json(account, owned))

    one = f"{ACCOUNT}/IncomingPhoneNumbers/{{sid}}.json"
    routes.add_route(f"{ACCOUNT}/IncomingPhoneNumbers.json", read_all, methods=["GET"])
    routes.add_route(one, read, methods=["GET"])
    routes.add_route(one, update, methods=["POST"])


def _owned(desk: Desk, request: Request) -> tuple[Account, OwnedNumber]:
    account = desk.account(request)
    for owned in account.numbers:
        if owned.sid == request.path_params["sid"]:
            return account, owned
    raise not_found(request.url.path)


def _set(account: Account, owned: OwnedNumber, form: Form) -> None:
    """An empty value clears an address. Each of application and trunk deletes the other."""
    name = form.text("FriendlyName")
    if name and len(name) > _LONGEST_NAME:
        raise TwilioError(20001, f"FriendlyName must be at most {_LONGEST_NAME} characters long.")
    owned.friendly_name = name or owned.friendly_name
    if form.has("VoiceUrl"):
        owned.voice_url = form.url("VoiceUrl", 21502) or ""
    if form.has("VoiceFallbackUrl"):
        owned.voice_fallback_url = form.url("VoiceFallbackUrl", 21502) or ""
    if form.has("StatusCallback"):
        owned.status_callback = form.url("StatusCallback") or ""
    owned.voice_method = form.method("VoiceMethod", owned.voice_method)
    owned.voice_fallback_method = form.method("VoiceFallbackMethod", owned.voice_fallback_method)
    owned.status_callback_method = form.method("StatusCallbackMethod", owned.status_callback_method)
    _set_owner(account, owned, form)


def _set_owner(account: Account, owned: OwnedNumber, form: Form) -> None:
    if form.has("TrunkSid"):
        owned.trunk_sid = form.text("TrunkSid")
        owned.voice_application_sid = None if owned.trunk_sid else owned.voice_application_sid
    if form.has("VoiceApplicationSid"):
        sid = form.text("VoiceApplicationSid")
        if sid and sid not in account.applications:
            raise TwilioError(21218, f"Invalid ApplicationSid {sid}: this account has no such application.")
        owned.voice_application_sid = sid
        owned.trunk_sid = None if sid else owned.trunk_sid


def _json(account: Account, owned: OwnedNumber) -> dict[str, Any]:
    return {
        "sid": owned.sid,
        "account_sid": account.sid,
        "phone_number": owned.phone_number,
        "friendly_name": owned.friendly_name,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "voice_url": owned.voice_url,
        "voice_method": owned.voice_method,
        "voice_fallback_url": owned.voice_fallback_url,
        "voice_fallback_method": owned.voice_fallback_method,
        "voice_application_sid": owned.voice_application_sid,
        "voice_caller_id_lookup": owned.voice_caller_id_lookup,
        "trunk_sid": owned.trunk_sid,
        "status_callback": owned.status_callback,
        "status_callback_method": owned.status_callback_method,
        "status": "in-use",
        "type": "local",
        "origin": "twilio",
        "beta": False,
        "date_created": rfc2822(owned.created_at),
        "date_updated": rfc2822(owned.created_at),
        "api_version": API_VERSION,
        "uri": f"/{API_VERSION}/Accounts/{account.sid}/IncomingPhoneNumbers/{owned.sid}.json",
    }
