"""The account itself, its API keys and its TwiML applications.

Source: Twilio "Account resource", "API keys", "Applications resource".
"""

from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from switchboard.sandbox.memory import forget_oldest
from switchboard.sandbox.twilio.accounts import (
    MOST_OF_A_KIND,
    Account,
    ApiKey,
    Application,
    new_secret,
    new_sid,
)
from switchboard.sandbox.twilio.calls import API_VERSION, rfc2822
from switchboard.sandbox.twilio.desk import ACCOUNT, CREATED, Desk
from switchboard.sandbox.twilio.errors import not_found, unauthenticated
from switchboard.sandbox.twilio.form import Form
from switchboard.sandbox.twilio.listing import page


def add(routes: APIRouter, desk: Desk) -> None:
    _add_account(routes, desk)
    _add_keys(routes, desk)
    _add_applications(routes, desk)


def _add_account(routes: APIRouter, desk: Desk) -> None:
    async def read(request: Request) -> Response:
        account = _owner(desk, request)
        body = {
            "sid": account.sid,
            "friendly_name": "Sandbox account",
            "status": "active",
            "type": "Full",
            "owner_account_sid": account.sid,
            "uri": request.url.path,
        }
        return desk.answer(body)

    routes.add_route(f"{ACCOUNT}.json", read, methods=["GET"])


def _add_keys(routes: APIRouter, desk: Desk) -> None:
    async def create(request: Request) -> Response:
        account = _owner(desk, request)
        name = Form(await request.form()).text("FriendlyName") or ""
        key = ApiKey(new_sid("SK", desk.carrier.ids), name, new_secret(desk.carrier.ids))
        account.keys[key.sid] = key
        forget_oldest(account.keys, lambda _: True, MOST_OF_A_KIND)
        return desk.answer(_key_json(key) | {"secret": key.secret}, CREATED)

    async def read_all(request: Request) -> Response:
        keys = list(_owner(desk, request).keys.values())
        return desk.answer(page("keys", keys, _key_json, request.url.path, request.query_params))

    async def delete(request: Request) -> Response:
        if _owner(desk, request).keys.pop(request.path_params["sid"], None) is None:
            raise not_found(request.url.path)
        return desk.gone()

    routes.add_route(f"{ACCOUNT}/Keys.json", create, methods=["POST"])
    routes.add_route(f"{ACCOUNT}/Keys.json", read_all, methods=["GET"])
    routes.add_route(f"{ACCOUNT}/Keys/{{sid}}.json", delete, methods=["DELETE"])


def _add_applications(routes: APIRouter, desk: Desk) -> None:
    async def create(request: Request) -> Response:
        account, form = desk.account(request), Form(await request.form())
        application = Application(new_sid("AP", desk.carrier.ids), form.text("FriendlyName") or "", "")
        _set(application, form)
        account.applications[application.sid] = application
        forget_oldest(account.applications, lambda _: True, MOST_OF_A_KIND)
        return desk.answer(_application_json(account, application), CREATED)

    async def read_all(request: Request) -> Response:
        account = desk.account(request)
        show = partial(_application_json, account)
        found = list(account.applications.values())
        return desk.answer(page("applications", found, show, request.url.path, request.query_params))

    async def read(request: Request) -> Response:
        return desk.answer(_application_json(*_application(desk, request)))

    async def update(request: Request) -> Response:
        account, application = _application(desk, request)
        _set(application, Form(await request.form()))
        return desk.answer(_application_json(account, application))

    async def delete(request: Request) -> Response:
        account, application = _application(desk, request)
        del account.applications[application.sid]
        return desk.gone()

    one, many = f"{ACCOUNT}/Applications/{{sid}}.json", f"{ACCOUNT}/Applications.json"
    routes.add_route(many, create, methods=["POST"])
    routes.add_route(many, read_all, methods=["GET"])
    routes.add_route(one, read, methods=["GET"])
    routes.add_route(one, update, methods=["POST"])
    routes.add_route(one, delete, methods=["DELETE"])


def _owner(desk: Desk, request: Request) -> Account:
    """A standard API key reaches neither the account nor its keys. Source: Twilio "API keys"."""
    account = desk.account(request)
    if desk.carrier.accounts.uses_key(request.headers.get("authorization")):
        raise unauthenticated()
    return account


def _application(desk: Desk, request: Request) -> tuple[Account, Application]:
    account = desk.account(request)
    application = account.applications.get(request.path_params["sid"])
    if application is None:
        raise not_found(request.url.path)
    return account, application


def _set(application: Application, form: Form) -> None:
    application.friendly_name = form.text("FriendlyName") or application.friendly_name
    application.voice_url = form.url("VoiceUrl") or application.voice_url
    application.voice_method = form.method("VoiceMethod", application.voice_method)
    application.voice_fallback_url = form.url("VoiceFallbackUrl") or application.voice_fallback_url
    application.voice_fallback_method = form.method("VoiceFallbackMethod", application.voice_fallback_method)
    application.callback = form.address("StatusCallback") or application.callback


def _key_json(key: ApiKey) -> dict[str, Any]:
    made = rfc2822(key.created_at)
    return {"sid": key.sid, "friendly_name": key.friendly_name, "date_created": made, "date_updated": made}


def _application_json(account: Account, application: Application) -> dict[str, Any]:
    callback = application.callback
    return {
        "sid": application.sid,
        "account_sid": account.sid,
        "api_version": API_VERSION,
        "friendly_name": application.friendly_name,
        "date_created": rfc2822(application.created_at),
        "date_updated": rfc2822(application.created_at),
        "voice_url": application.voice_url,
        "voice_method": application.voice_method,
        "voice_fallback_url": application.voice_fallback_url,
        "voice_fallback_method": application.voice_fallback_method,
        "voice_caller_id_lookup": False,
        "status_callback": callback.url if callback else "",
        "status_callback_method": callback.method if callback else "POST",
        "message_status_callback": "",
        "sms_url": "",
        "sms_method": "POST",
        "sms_fallback_url": "",
        "sms_fallback_method": "POST",
        "sms_status_callback": "",
        "public_application_connect_enabled": False,
        "uri": f"/{API_VERSION}/Accounts/{account.sid}/Applications/{application.sid}.json",
    }
