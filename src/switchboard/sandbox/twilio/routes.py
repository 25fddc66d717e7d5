"""Twilio's REST API, as much of it as a phone agent needs. Source: Twilio "Calls resource"."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from switchboard.sandbox.twilio.accounts import Account, OwnedNumber, new_sid
from switchboard.sandbox.twilio.calls import API_VERSION, Call
from switchboard.sandbox.twilio.carrier import TwilioCarrier
from switchboard.sandbox.twilio.errors import TwilioError, not_found
from switchboard.sandbox.twilio.forms import Form, call_order, new_script
from switchboard.sandbox.twilio.listing import matching_calls, page
from switchboard.sandbox.world import World

_CREATED = 201
_GONE = 204


def router(world: World) -> APIRouter:
    """All routes; makes the carrier and connects it to the world."""
    carrier = TwilioCarrier(world)
    world.connect_carrier(carrier)
    world.on_reset(carrier.reset)
    handlers = _Handlers(world, carrier)
    account = f"/{API_VERSION}/Accounts/{{account_sid}}"
    routes = APIRouter()
    for path, method, handler in (
        (".json", "GET", handlers.show_account),
        ("/Calls.json", "POST", handlers.create_call),
        ("/Calls.json", "GET", handlers.list_calls),
        ("/Calls/{sid}.json", "GET", handlers.show_call),
        ("/Calls/{sid}.json", "POST", handlers.update_call),
        ("/Calls/{sid}.json", "DELETE", handlers.delete_call),
        ("/IncomingPhoneNumbers.json", "GET", handlers.list_numbers),
        ("/IncomingPhoneNumbers/{sid}.json", "GET", handlers.show_number),
    ):
        routes.add_route(account + path, handler, methods=[method])
    return routes


class _Handlers:
    def __init__(self, world: World, carrier: TwilioCarrier) -> None:
        self._world = world
        self._carrier = carrier

    async def show_account(self, request: Request) -> Response:
        account = self._account(request)
        body = {
            "sid": account.sid,
            "friendly_name": "Sandbox account",
            "status": "active",
            "type": "Full",
            "owner_account_sid": account.sid,
            "uri": request.url.path,
        }
        return self._answer(body)

    async def create_call(self, request: Request) -> Response:
        account = self._account(request)
        order = call_order(Form(await request.form()), account, self._world.seed)
        return self._answer(self._carrier.dial(account, order).as_json(), _CREATED)

    async def list_calls(self, request: Request) -> Response:
        account = self._account(request)
        calls = matching_calls(list(account.calls.values()), request.query_params)
        return self._answer(page("calls", calls, Call.as_json, request.url.path, request.query_params))

    async def show_call(self, request: Request) -> Response:
        return self._answer(self._call(request)[1].as_json())

    async def update_call(self, request: Request) -> Response:
        _, call = self._call(request)
        form = Form(await request.form())
        status, script = form.text("Status"), new_script(form)
        if status not in (None, "completed", "canceled"):
            raise TwilioError(20001, f"Invalid Status {status}: must be completed or canceled")
        if script:
            address = form.address("StatusCallback")
            self._carrier.redirect(call, script)
            call.callback = address or call.callback
        # A cancellation that comes too late changes nothing. Source: Twilio "Calls resource", update.
        elif status == "completed" or (status == "canceled" and call.is_waiting):
            self._carrier.hang_up(call.sid)
        return self._answer(call.as_json())

    async def delete_call(self, request: Request) -> Response:
        account, call = self._call(request)
        if not call.is_over:
            raise TwilioError(20009, "Cannot delete this resource before it is complete", 409)
        del account.calls[call.sid]
        return Response(status_code=_GONE, headers=self._headers())

    async def list_numbers(self, request: Request) -> Response:
        account = self._account(request)
        wanted = request.query_params.get("PhoneNumber", "").strip("*")
        numbers = [owned for owned in account.numbers if wanted in owned.phone_number]
        show = partial(_number_json, account)
        key, query = "incoming_phone_numbers", request.query_params
        return self._answer(page(key, numbers, show, request.url.path, query))

    async def show_number(self, request: Request) -> Response:
        account = self._account(request)
        for owned in account.numbers:
            if owned.sid == request.path_params["sid"]:
                return self._answer(_number_json(account, owned))
        raise not_found(request.url.path)

    def _account(self, request: Request) -> Account:
        authorization = request.headers.get("authorization")
        path_sid = request.path_params["account_sid"]
        return self._carrier.accounts.authenticate(authorization, path_sid, request.url.path)

    def _call(self, request: Request) -> tuple[Account, Call]:
        account = self._account(request)
        call = account.calls.get(request.path_params["sid"])
        if call is None:
            raise not_found(request.url.path)
        return account, call

    def _answer(self, body: Mapping[str, Any], status: int = 200) -> Response:
        return JSONResponse(body, status, self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Twilio-Request-Id": new_sid("RQ", self._carrier.ids), "Twilio-Concurrent-Requests": "1"}


def _number_json(account: Account, owned: OwnedNumber) -> dict[str, Any]:
    uri = f"/{API_VERSION}/Accounts/{account.sid}/IncomingPhoneNumbers/{owned.sid}.json"
    addresses = ("voice_url", "voice_fallback_url", "status_callback")
    owners = ("voice_application_sid", "trunk_sid")
    return {
        "sid": owned.sid,
        "account_sid": account.sid,
        "phone_number": owned.phone_number,
        "friendly_name": owned.phone_number,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        **dict.fromkeys(addresses, ""),
        **dict.fromkeys(owners),
        "voice_method": "POST",
        "voice_fallback_method": "POST",
        "status_callback_method": "POST",
        "status": "in-use",
        "type": "local",
        "origin": "twilio",
        "beta": False,
        "api_version": API_VERSION,
        "uri": uri,
    }
