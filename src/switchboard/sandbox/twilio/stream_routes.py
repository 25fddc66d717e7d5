"""`Streams` of a call: media streams in one direction. Source: Twilio "Stream resource"."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from switchboard.sandbox.twilio.calls import API_VERSION, Call, rfc2822
from switchboard.sandbox.twilio.desk import ACCOUNT, CREATED, Desk
from switchboard.sandbox.twilio.errors import TwilioError, not_found
from switchboard.sandbox.twilio.form import Form
from switchboard.sandbox.twilio.streams import StreamWish

_MOST_PARAMETERS = 99


def add(routes: APIRouter, desk: Desk) -> None:
    async def begin(request: Request) -> Response:
        _, call = desk.call(request)
        wish = _wish(Form(await request.form()))
        sid = desk.playback(call).streams.begin(wish)
        if sid is None:
            raise TwilioError(31941, f"A stream of {wish.track} cannot be started on this call.")
        return desk.answer(_json(call, sid, wish.name, "in-progress"), CREATED)

    async def update(request: Request) -> Response:
        _, call = desk.call(request)
        sid, status = request.path_params["stream"], Form(await request.form()).text("Status")
        if status != "stopped":
            raise TwilioError(20001, f"Invalid Status {status}: must be stopped")
        if not await desk.playback(call).streams.end(sid):
            raise not_found(request.url.path)
        return desk.answer(_json(call, sid, None, "stopped"))

    path = f"{ACCOUNT}/Calls/{{sid}}/Streams"
    routes.add_route(f"{path}.json", begin, methods=["POST"])
    routes.add_route(f"{path}/{{stream}}.json", update, methods=["POST"])


def _wish(form: Form) -> StreamWish:
    url = form.text("Url")
    if url is None or not url.startswith(("ws://", "wss://")):
        raise TwilioError(21205, f"Url is not a valid stream address: {url}")
    parameters = {
        name: form.text(f"Parameter{index}.Value") or ""
        for index in range(1, _MOST_PARAMETERS + 1)
        if (name := form.text(f"Parameter{index}.Name"))
    }
    track = form.text("Track") or "inbound_track"
    return StreamWish(url, form.text("Name") or "", track, parameters, form.address("StatusCallback"))


def _json(call: Call, sid: str, name: str | None, status: str) -> dict[str, Any]:
    path = f"/{API_VERSION}/Accounts/{call.account_sid}/Calls/{call.sid}/Streams/{sid}.json"
    return {
        "sid": sid,
        "account_sid": call.account_sid,
        "call_sid": call.sid,
        "name": name,
        "status": status,
        "date_updated": rfc2822(call.watch.now()),
        "uri": path,
    }
