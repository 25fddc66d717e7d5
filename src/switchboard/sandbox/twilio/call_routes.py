"""`Calls`. Source: Twilio "Calls resource"."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from switchboard.sandbox.twilio.calls import Call
from switchboard.sandbox.twilio.desk import ACCOUNT, CREATED, Desk
from switchboard.sandbox.twilio.errors import TwilioError
from switchboard.sandbox.twilio.form import Form
from switchboard.sandbox.twilio.forms import LONGEST_CALL, call_order, new_script
from switchboard.sandbox.twilio.listing import matching_calls, page


def add(routes: APIRouter, desk: Desk) -> None:
    async def create(request: Request) -> Response:
        account = desk.account(request)
        order = call_order(Form(await request.form()), account, desk.world.seed)
        return desk.answer(desk.carrier.dial(account, order).as_json(), CREATED)

    async def read_all(request: Request) -> Response:
        account = desk.account(request)
        calls = matching_calls(list(account.calls.values()), request.query_params)
        return desk.answer(page("calls", calls, Call.as_json, request.url.path, request.query_params))

    async def read(request: Request) -> Response:
        return desk.answer(desk.call(request)[1].as_json())

    async def update(request: Request) -> Response:
        _, call = desk.call(request)
        _change(desk, call, Form(await request.form()))
        return desk.answer(call.as_json())

    async def delete(request: Request) -> Response:
        account, call = desk.call(request)
        if not call.is_over:
            raise TwilioError(20009, "Cannot delete this resource before it is complete", 409)
        desk.carrier.accounts.forget(account, call)
        return desk.gone()

    one, many = f"{ACCOUNT}/Calls/{{sid}}.json", f"{ACCOUNT}/Calls.json"
    routes.add_route(many, create, methods=["POST"])
    routes.add_route(many, read_all, methods=["GET"])
    routes.add_route(one, read, methods=["GET"])
    routes.add_route(one, update, methods=["POST"])
    routes.add_route(one, delete, methods=["DELETE"])


def _change(desk: Desk, call: Call, form: Form) -> None:
    status, script, longest = form.text("Status"), new_script(form), form.whole("TimeLimit", 0, LONGEST_CALL)
    if status not in (None, "completed", "canceled"):
        raise TwilioError(20001, f"Invalid Status {status}: must be completed or canceled")
    if longest:
        desk.carrier.limit(call, longest)
    if script:
        address = form.address("StatusCallback")
        desk.carrier.redirect(call, script)
        call.callback = address or call.callback
    # A cancellation that comes too late changes nothing. Source: Twilio "Calls resource", update.
    elif status == "completed" or (status == "canceled" and call.is_waiting):
        desk.carrier.hang_up(call.sid)
