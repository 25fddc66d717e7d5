"""`/api/call_throttles`: named limits on call creation. Source: Ultravox "Call throttles" (fact sheet 3.8)."""

from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.ultravox.errors import UltravoxRoute, bad_field
from switchboard.sandbox.ultravox.requests import instant, json_object, page
from switchboard.sandbox.ultravox.state import Account, State, Throttle, now

_LONGEST_NAME = 64
_BOUNDS = {"maxCalls": 100, "windowSeconds": 86_400}


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api/call_throttles", route_class=UltravoxRoute)

    @routes.get("")
    async def list_throttles(request: Request) -> dict[str, Any]:
        return page(request, list(state.account(request).throttles.values()), _json)

    @routes.post("", status_code=201)
    async def create_throttle(request: Request) -> dict[str, Any]:
        account = state.account(request)
        throttle = Throttle(state.new_id(), "", [], now())
        _apply(account, throttle, {"name": None, "rules": None, **await json_object(request)})
        account.throttles[throttle.throttle_id] = throttle
        return _json(throttle)

    @routes.get("/{throttle_id}")
    async def get_throttle(throttle_id: str, request: Request) -> dict[str, Any]:
        return _json(state.account(request).throttle(throttle_id))

    @routes.patch("/{throttle_id}")
    async def update_throttle(throttle_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        throttle = account.throttle(throttle_id)
        _apply(account, throttle, await json_object(request))
        return _json(throttle)

    @routes.delete("/{throttle_id}", status_code=204)
    async def delete_throttle(throttle_id: str, request: Request) -> Response:
        account = state.account(request)
        del account.throttles[account.throttle(throttle_id).throttle_id]
        return Response(status_code=204)

    return routes


def _apply(account: Account, throttle: Throttle, body: dict[str, Any]) -> None:
    name, rules = body.get("name", throttle.name), body.get("rules", throttle.rules)
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_NAME:
        raise bad_field("name", f"Ensure this field has 1 to {_LONGEST_NAME} characters.")
    if any(other.name == name and other is not throttle for other in account.throttles.values()):
        raise bad_field("name", "A throttle with this name already exists.")
    if not isinstance(rules, list) or not rules or not all(_is_rule(rule) for rule in rules):
        raise bad_field("rules", "Each rule needs maxCalls (1 to 100) and windowSeconds (1 to 86400).")
    throttle.name, throttle.rules = name, rules


def _is_rule(rule: Any) -> bool:
    return isinstance(rule, dict) and all(
        isinstance(rule.get(field), int) and not isinstance(rule[field], bool) and 1 <= rule[field] <= most
        for field, most in _BOUNDS.items()
    )


def _json(throttle: Throttle) -> dict[str, Any]:
    return {
        "throttleId": throttle.throttle_id,
        "name": throttle.name,
        "rules": throttle.rules,
        "created": instant(throttle.created),
    }
