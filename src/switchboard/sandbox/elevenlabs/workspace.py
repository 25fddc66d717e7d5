"""The account: user, subscription, workspace settings and webhooks.

Source: ElevenLabs "User", "Workspace webhooks", "Agents settings" (fact sheet 5.3, 7.3).
"""

import time
from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, missing, refused, unprocessable
from switchboard.sandbox.elevenlabs.records import Webhook
from switchboard.sandbox.elevenlabs.requests import json_object, merged, text
from switchboard.sandbox.elevenlabs.state import Account, State

_NEXT_RESET_SECONDS = 30 * 24 * 3600


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1", route_class=ElevenLabsRoute)

    @routes.get("/user")
    async def get_user(request: Request) -> dict[str, Any]:
        account = state.account(request)
        return {
            "user_id": account.user_id,
            "subscription": _subscription(account),
            "is_new_user": False,
            "first_name": "Sandbox",
            "xi_api_key_preview": f"***{account.key_end}",
            "seat_type": "workspace_admin",
        }

    @routes.get("/user/subscription")
    async def get_subscription(request: Request) -> dict[str, Any]:
        return _subscription(state.account(request))

    @routes.get("/convai/settings")
    async def get_settings(request: Request) -> dict[str, Any]:
        return state.account(request).settings

    @routes.patch("/convai/settings")
    async def update_settings(request: Request) -> dict[str, Any]:
        account = state.account(request)
        wanted: dict[str, Any] = merged(account.settings, await json_object(request))
        hook_id = (wanted.get("webhooks") or {}).get("post_call_webhook_id")
        if hook_id is not None:
            account.webhook(hook_id)
        account.settings = wanted
        return wanted

    _add_webhooks(routes, state)
    return routes


def _add_webhooks(routes: APIRouter, state: State) -> None:
    @routes.get("/workspace/webhooks")
    async def list_webhooks(request: Request) -> dict[str, Any]:
        account = state.account(request)
        return {"webhooks": [_json(account, hook) for hook in account.webhooks.values()]}

    @routes.post("/workspace/webhooks")
    async def create_webhook(request: Request) -> dict[str, Any]:
        account = state.account(request)
        settings = (await json_object(request)).get("settings")
        if not isinstance(settings, dict):
            raise missing("body", "settings")
        hook = _webhook(state, settings)
        account.webhooks[hook.webhook_id] = hook
        return {"webhook_id": hook.webhook_id, "webhook_secret": hook.secret}

    @routes.patch("/workspace/webhooks/{webhook_id}")
    async def update_webhook(webhook_id: str, request: Request) -> dict[str, Any]:
        hook = state.account(request).webhook(webhook_id)
        body = await json_object(request)
        if "is_disabled" not in body:
            raise missing("body", "is_disabled")
        hook.name, hook.is_disabled = text(body, "name"), bool(body["is_disabled"])
        if not hook.is_disabled:
            hook.is_auto_disabled, hook.failures = False, 0
        hook.retry_enabled = bool(body.get("retry_enabled", hook.retry_enabled))
        hook.request_headers = body.get("request_headers") or hook.request_headers
        hook.events = body.get("events", hook.events)
        return {"status": "ok"}

    @routes.delete("/workspace/webhooks/{webhook_id}")
    async def delete_webhook(webhook_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        del account.webhooks[account.webhook(webhook_id).webhook_id]
        return {"status": "ok"}


def _webhook(state: State, settings: dict[str, Any]) -> Webhook:
    if settings.get("auth_type") != "hmac":
        where = ("body", "settings", "auth_type")
        raise unprocessable(where, "Input should be 'hmac'", "literal_error", settings.get("auth_type"))
    url = text(settings, "webhook_url")
    if not url.startswith(("https://", "http://")):
        raise refused(400, "invalid_parameters", "webhook_url must be an http(s) address.", param="webhook_url")
    secret = f"wsec_{state.world.random.getrandbits(256):064x}"
    hook_id = f"{state.world.random.getrandbits(128):032x}"
    headers = settings.get("request_headers") or {}
    return Webhook(hook_id, text(settings, "name"), url, secret, int(time.time()), headers)


def _json(account: Account, hook: Webhook) -> dict[str, Any]:
    used = account.settings["webhooks"].get("post_call_webhook_id") == hook.webhook_id
    return {
        "name": hook.name,
        "webhook_id": hook.webhook_id,
        "webhook_url": hook.url,
        "is_disabled": hook.is_disabled,
        "is_auto_disabled": hook.is_auto_disabled,
        "created_at_unix": hook.created_at,
        "auth_type": "hmac",
        "usage": [{"usage_type": "ConvAI Settings"}] if used else [],
        "events": hook.events,
        "retry_enabled": hook.retry_enabled,
        "most_recent_failure_error_code": hook.last_failure_code,
        "most_recent_failure_timestamp": hook.last_failure_at,
    }


def _subscription(account: Account) -> dict[str, Any]:
    return {
        "tier": account.tier,
        "character_count": account.used_credits,
        "character_limit": account.credits,
        "max_character_limit_extension": 0,
        "max_credit_limit_extension": 0,
        "can_extend_character_limit": False,
        "allowed_to_extend_character_limit": False,
        "next_character_count_reset_unix": int(time.time()) + _NEXT_RESET_SECONDS,
        "voice_slots_used": 1,
        "professional_voice_slots_used": 0,
        "voice_limit": 30,
        "professional_voice_limit": 1,
        "can_use_instant_voice_cloning": True,
        "can_use_professional_voice_cloning": False,
        "currency": "usd",
        "status": "free" if account.tier == "free" else "active",
        "billing_period": "monthly_period",
        "character_refresh_period": "monthly_period",
        "current_overage": {"amount": "0", "currency": "usd"},
        "next_invoice": None,
        "open_invoices": [],
    }
