"""The account: user, subscription, workspace settings and webhooks.

Source: ElevenLabs "User", "Workspace webhooks", "Agents settings" (fact sheet 5.3, 7.3).
"""

import time
from typing import Any

from fastapi import APIRouter, Request

from switchboard.sandbox.elevenlabs import validation
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, Where, missing, of_kind, one_of, refused
from switchboard.sandbox.elevenlabs.limits import room_for
from switchboard.sandbox.elevenlabs.records import Webhook
from switchboard.sandbox.elevenlabs.requests import flag, json_object, merged, optional, text
from switchboard.sandbox.elevenlabs.state import Account, State

_NEXT_RESET_SECONDS = 30 * 24 * 3600


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1", route_class=ElevenLabsRoute)

    @routes.get("/user")
    async def get_user(request: Request) -> dict[str, Any]:
        account = state.account(request)
        return {
            "user_id": account.user_id,
            "workspace_id": account.user_id.replace("user", "workspace", 1),
            "subscription": _subscription(account),
            "created_at": account.created_at,
            "is_new_user": False,
            "is_onboarding_completed": True,
            "is_onboarding_checklist_completed": True,
            "can_use_delayed_payment_methods": False,
            "first_name": "Sandbox",
            "xi_api_key_preview": f"***{account.key_end}",
            "seat_type": "workspace_admin",
        }

    @routes.get("/user/subscription")
    async def get_subscription(request: Request) -> dict[str, Any]:
        return {
            **_subscription(state.account(request)),
            "next_invoice": None,
            "open_invoices": [],
            "has_open_invoices": False,
        }

    @routes.get("/convai/settings")
    async def get_settings(request: Request) -> dict[str, Any]:
        return state.account(request).settings

    @routes.patch("/convai/settings")
    async def update_settings(request: Request) -> dict[str, Any]:
        account = state.account(request)
        wanted: dict[str, Any] = merged(account.settings, await json_object(request))
        validation.check_hook_use(("body", "webhooks"), wanted["webhooks"])
        validation.check_personal_hook(("body",), wanted["conversation_initiation_client_data_webhook"])
        hook_id = wanted["webhooks"].get("post_call_webhook_id")
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
        with_usage = bool(flag(request, "include_usages", default=False))
        listed = [_json(account, hook, with_usage=with_usage) for hook in account.webhooks.values()]
        return {"webhooks": listed}

    @routes.post("/workspace/webhooks")
    async def create_webhook(request: Request) -> dict[str, Any]:
        account = state.account(request)
        settings = optional(await json_object(request), "settings", dict)
        if settings is None:
            raise missing("body", "settings")
        hook = _webhook(state, settings)
        room_for(account.webhooks, "webhooks")
        account.webhooks[hook.webhook_id] = hook
        return {"webhook_id": hook.webhook_id, "webhook_secret": hook.secret}

    @routes.patch("/workspace/webhooks/{webhook_id}")
    async def update_webhook(webhook_id: str, request: Request) -> dict[str, Any]:
        hook = state.account(request).webhook(webhook_id)
        body = await json_object(request)
        if "is_disabled" not in body:
            raise missing("body", "is_disabled")
        for switch in ("is_disabled", "retry_enabled"):
            optional(body, switch, bool)
        hook.name, hook.is_disabled = text(body, "name"), bool(body["is_disabled"])
        if not hook.is_disabled:
            hook.is_auto_disabled, hook.failures = False, 0
        hook.retry_enabled = bool(body.get("retry_enabled", hook.retry_enabled))
        hook.request_headers = _headers(("body",), body) or hook.request_headers
        hook.events = optional(body, "events", list) or hook.events
        return {"status": "ok"}

    @routes.delete("/workspace/webhooks/{webhook_id}")
    async def delete_webhook(webhook_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        del account.webhooks[account.webhook(webhook_id).webhook_id]
        if account.settings["webhooks"].get("post_call_webhook_id") == webhook_id:
            account.settings = merged(account.settings, {"webhooks": {"post_call_webhook_id": None}})
        return {"status": "ok"}


def _webhook(state: State, settings: dict[str, Any]) -> Webhook:
    one_of(("body", "settings", "auth_type"), settings.get("auth_type"), ("hmac",), "literal_error")
    url = text(settings, "webhook_url")
    if not url.startswith(("https://", "http://")):
        raise refused(400, "invalid_parameters", "webhook_url must be an http(s) address.", param="webhook_url")
    secret = f"wsec_{state.world.random.getrandbits(256):064x}"
    hook_id = f"{state.world.random.getrandbits(128):032x}"
    headers = _headers(("body", "settings"), settings)
    return Webhook(hook_id, text(settings, "name"), url, secret, int(time.time()), headers)


def _headers(where: Where, given: dict[str, Any]) -> dict[str, str]:
    """`request_headers`: names and texts. Raises: ElevenLabsError 422."""
    headers = given.get("request_headers") or {}
    of_kind((*where, "request_headers"), headers, dict)
    for name, value in headers.items():
        of_kind((*where, "request_headers", name), value, str)
    return dict(headers)


def _json(account: Account, hook: Webhook, *, with_usage: bool) -> dict[str, Any]:
    used = account.settings["webhooks"].get("post_call_webhook_id") == hook.webhook_id
    usage = [{"usage_type": "ConvAI Settings"}] if used else []
    return {
        "name": hook.name,
        "webhook_id": hook.webhook_id,
        "webhook_url": hook.url,
        "is_disabled": hook.is_disabled,
        "is_auto_disabled": hook.is_auto_disabled,
        "created_at_unix": hook.created_at,
        "auth_type": "hmac",
        "usage": usage if with_usage else None,
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
        "next_character_count_reset_unix": account.created_at + _NEXT_RESET_SECONDS,
        "voice_slots_used": 1,
        "professional_voice_slots_used": 0,
        "professional_voice_slots_used_in_workspace": 0,
        "voice_limit": 30,
        "voice_add_edit_counter": 0,
        "professional_voice_limit": 1,
        "can_extend_voice_limit": False,
        "can_use_instant_voice_cloning": True,
        "can_use_professional_voice_cloning": False,
        "currency": "usd",
        "status": "free" if account.tier == "free" else "active",
        "billing_period": "monthly_period",
        "character_refresh_period": "monthly_period",
        "current_overage": {"amount": "0", "currency": "usd"},
    }
