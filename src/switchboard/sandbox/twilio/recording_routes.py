"""`Recordings` of an account and of a call, and their sound. Source: Twilio "Recordings resource"."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from switchboard.sandbox.twilio.calls import API_VERSION
from switchboard.sandbox.twilio.desk import ACCOUNT, CREATED, Desk
from switchboard.sandbox.twilio.errors import TwilioError, not_found
from switchboard.sandbox.twilio.form import Form
from switchboard.sandbox.twilio.forms import recording_order
from switchboard.sandbox.twilio.listing import page
from switchboard.sandbox.twilio.recorder import CallRecorder
from switchboard.sandbox.twilio.recordings import Recording, rendered

_CURRENT = "Twilio.CURRENT"
_KINDS = {"wav": "audio/x-wav", "mp3": "audio/mpeg"}


def add(routes: APIRouter, desk: Desk) -> None:
    _add_account_wide(routes, desk)
    _add_of_call(routes, desk)


def _add_account_wide(routes: APIRouter, desk: Desk) -> None:
    async def read_all(request: Request) -> Response:
        account = desk.account(request)
        found = desk.carrier.shelf.of(account.sid, request.query_params.get("CallSid"))
        shown = page("recordings", found, Recording.as_json, request.url.path, request.query_params)
        return desk.answer(shown)

    async def read(request: Request) -> Response:
        name, _, extension = request.path_params["sid"].partition(".")
        if extension in ("", *_KINDS):
            return await _sound(desk, request, name, extension or "wav")
        account = desk.account(request)
        return desk.answer(_found(desk, request, name, account.sid).as_json())

    async def delete(request: Request) -> Response:
        account, name = desk.account(request), request.path_params["sid"].partition(".")[0]
        desk.carrier.shelf.forget(_found(desk, request, name, account.sid).sid)
        return desk.gone()

    routes.add_route(f"{ACCOUNT}/Recordings.json", read_all, methods=["GET"])
    routes.add_route(f"{ACCOUNT}/Recordings/{{sid}}", read, methods=["GET"])
    routes.add_route(f"{ACCOUNT}/Recordings/{{sid}}", delete, methods=["DELETE"])


def _add_of_call(routes: APIRouter, desk: Desk) -> None:
    async def begin(request: Request) -> Response:
        _, call = desk.call(request)
        recorder = desk.playback(call).stage.recorder
        order = recording_order(Form(await request.form()), "StartCallRecordingAPI")
        return desk.answer(_json(recorder.begin(order)), CREATED)

    async def read_all(request: Request) -> Response:
        account, call = desk.call(request)
        found = desk.carrier.shelf.of(account.sid, call.sid)
        return desk.answer(page("recordings", found, _json, request.url.path, request.query_params))

    async def read(request: Request) -> Response:
        account, _ = desk.call(request)
        return desk.answer(_json(_found(desk, request, request.path_params["recording"], account.sid)))

    async def update(request: Request) -> Response:
        account, call = desk.call(request)
        sid = request.path_params["recording"]
        recorder = desk.playback(call).stage.recorder
        sid = (recorder.current() or sid) if sid == _CURRENT else sid
        recording = _found(desk, request, sid, account.sid)
        _change(recorder, sid, Form(await request.form()))
        return desk.answer(_json(recording))

    async def delete(request: Request) -> Response:
        account, _ = desk.call(request)
        desk.carrier.shelf.forget(_found(desk, request, request.path_params["recording"], account.sid).sid)
        return desk.gone()

    many = f"{ACCOUNT}/Calls/{{sid}}/Recordings.json"
    one = f"{ACCOUNT}/Calls/{{sid}}/Recordings/{{recording}}.json"
    routes.add_route(many, begin, methods=["POST"])
    routes.add_route(many, read_all, methods=["GET"])
    routes.add_route(one, read, methods=["GET"])
    routes.add_route(one, update, methods=["POST"])
    routes.add_route(one, delete, methods=["DELETE"])


def _change(recorder: CallRecorder, sid: str, form: Form) -> None:
    match form.text("Status"):
        case "paused":
            done = recorder.pause(sid, keeps_silence=form.text("PauseBehavior") != "skip")
        case "in-progress":
            done = recorder.resume(sid)
        case "stopped":
            done = recorder.stop(sid) is not None
        case status:
            raise TwilioError(20001, f"Invalid Status {status}: must be in-progress, paused or stopped")
    if not done:
        raise TwilioError(21220, f"Recording {sid} is over.")


def _found(desk: Desk, request: Request, sid: str, account_sid: str) -> Recording:
    recording = desk.carrier.shelf.find(sid)
    if recording is None or recording.account_sid != account_sid:
        raise not_found(request.url.path)
    return recording


def _json(recording: Recording) -> dict[str, object]:
    path = f"/{API_VERSION}/Accounts/{recording.account_sid}/Calls/{recording.call_sid}/Recordings/{recording.sid}"
    return recording.as_json() | {"uri": f"{path}.json"}


async def _sound(desk: Desk, request: Request, sid: str, kind: str) -> Response:
    """Anybody may have it who knows its address; wrong credentials are refused all the same.

    Source: Twilio "Recordings resource", enforcing HTTP authentication is an opt-in.
    """
    if "authorization" in request.headers:
        desk.account(request)
    recording = _found(desk, request, sid, request.path_params["account_sid"])
    if recording.sound is None:
        raise not_found(request.url.path)
    wanted = request.query_params.get("RequestedChannels", str(recording.order.channels))
    if wanted not in ("1", "2") or int(wanted) > recording.order.channels:
        raise TwilioError(20001, f"RequestedChannels {wanted} is more than the recording has.")
    content = await rendered(recording, desk.world.studio, kind, int(wanted))
    return Response(content, media_type=_KINDS[kind])
