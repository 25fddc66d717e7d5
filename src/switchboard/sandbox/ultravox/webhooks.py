"""`/api/webhooks`: who is told of calls. Source: Ultravox "Webhooks" (fact sheet 5)."""

from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.ultravox import events, orders
from switchboard.sandbox.ultravox.errors import UltravoxRoute, bad_field
from switchboard.sandbox.ultravox.requests import instant, json_object, page
from switchboard.sandbox.ultravox.state import Account, State, Webhook, now


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api/webhooks", route_class=UltravoxRoute)

    @routes.get("")
    async def list_webhooks(request: Request) -> dict[str, Any]:
        agent_id = request.query_params.get("agentId")
        hooks = state.account(request).webhooks.values()
        return page(request, [hook for hook in hooks if agent_id in (None, hook.agent_id)], _json)

    @routes.post("", status_code=201)
    async def create_webhook(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        secret = f"{state.world.random.getrandbits(256):064x}"
        hook = Webhook(state.new_id(), "", [secret], [], None, now())
        _apply(account, hook, {"url": None, "events": [], **body})
        account.webhooks[hook.webhook_id] = hook
        return _json(hook)

    @routes.get("/{webhook_id}")
    async def get_webhook(webhook_id: str, request: Request) -> dict[str, Any]:
        return _json(state.account(request).webhook(webhook_id))

    @routes.patch("/{webhook_id}")
    async def update_webhook(webhook_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        hook = account.webhook(webhook_id)
        _apply(account, hook, await json_object(request))
        return _json(hook)

    @routes.put("/{webhook_id}")
    async def replace_webhook(webhook_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        hook = account.webhook(webhook_id)
        _apply(account, hook, {"url": None, "events": [], "agentId": None, **await json_object(request)})
        return _json(hook)

    @routes.delete("/{webhook_id}", status_code=204)
    async def delete_webhook(webhook_id: str, request: Request) -> Response:
        account = state.account(request)
        del account.webhooks[account.webhook(webhook_id).webhook_id]
        return Response(status_code=204)

    return routes


def _apply(account: Account, hook: Webhook, body: dict[str, Any]) -> None:
    wanted = {"url": body.get("url", hook.url), "secrets": body.get("secrets") or hook.secrets}
    wanted = orders.TARGET(wanted, "webhook")
    chosen = body.get("events", hook.events)
    if not isinstance(chosen, list) or not chosen or not all(one in events.EVENTS for one in chosen):
        raise bad_field("events", f"Choose at least one of {', '.join(events.EVENTS)}.")
    agent_id = body.get("agentId", hook.agent_id)
    if agent_id is not None and (not isinstance(agent_id, str) or agent_id not in account.agents):
        raise bad_field("agentId", "No such agent.")
    hook.url, hook.secrets, hook.events, hook.agent_id = wanted["url"], wanted["secrets"], chosen, agent_id


def _json(hook: Webhook) -> dict[str, Any]:
    return {
        "webhookId": hook.webhook_id,
        "agentId": hook.agent_id,
        "created": instant(hook.created),
        "url": hook.url,
        "secrets": hook.secrets,
        "events": hook.events,
        "status": hook.status,
        "lastStatusChange": instant(hook.status_since),
        "recentFailures": [{"timestamp": instant(moment), "failure": why} for moment, why in hook.failures],
    }
