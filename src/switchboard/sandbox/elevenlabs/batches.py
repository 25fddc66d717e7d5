"""`/v1/convai/batch-calling`. Source: ElevenLabs "Batch calling" (fact sheet 4.6)."""

import csv
import io
import time
from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.elevenlabs.agent_views import novelty
from switchboard.sandbox.elevenlabs.batch_runner import BatchRunner
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, Where, missing, of_kind, refused, unprocessable
from switchboard.sandbox.elevenlabs.initiation import check_telephone
from switchboard.sandbox.elevenlabs.records import Batch, Recipient
from switchboard.sandbox.elevenlabs.requests import integer, json_object, optional, socket_base, text
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.elevenlabs.telephony import ringing_seconds
from switchboard.sandbox.memory import forget_oldest

_MOST_RECIPIENTS = 10_000
_PAGE = 100
_MOST_KEPT = 200


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai/batch-calling", route_class=ElevenLabsRoute)

    @routes.post("/submit")
    async def submit(request: Request) -> dict[str, Any]:
        account = state.account(request)
        batch = _batch(state, account, await json_object(request))
        account.batches[batch.batch_id] = batch
        forget_oldest(account.batches, lambda known: known.is_over, _MOST_KEPT)
        _run(state, account, batch, request)
        return _json(account, batch)

    @routes.get("/workspace")
    async def list_batches(request: Request) -> dict[str, Any]:
        account = state.account(request)
        limit = integer(request, "limit", _PAGE, least=1, most=_PAGE)
        agent_id, last = request.query_params.get("agent_id"), request.query_params.get("last_doc")
        newest = [one for one in reversed(account.batches.values()) if agent_id in (None, one.agent_id)]
        ids = [one.batch_id for one in newest]
        if last and last not in ids:
            raise refused(400, "invalid_cursor", "There is no such batch to go on after.", param="last_doc")
        start = ids.index(last) + 1 if last else 0
        shown = newest[start : start + limit]
        has_more = start + limit < len(newest)
        return {
            "batch_calls": [_json(account, one) for one in shown],
            "next_doc": shown[-1].batch_id if has_more else None,
            "has_more": has_more,
        }

    @routes.get("/{batch_id}")
    async def get_batch(batch_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        batch = account.batch(batch_id)
        return {**_json(account, batch), "recipients": [_recipient_json(one) for one in batch.recipients]}

    @routes.get("/{batch_id}/export")
    async def export(batch_id: str, request: Request) -> Response:
        return Response(_csv(state.account(request).batch(batch_id)), media_type="text/csv")

    _add_orders(routes, state)
    return routes


def _add_orders(routes: APIRouter, state: State) -> None:
    @routes.post("/{batch_id}/cancel")
    async def cancel(batch_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        batch = account.batch(batch_id)
        batch.cancel(int(time.time()))
        return _json(account, batch)

    @routes.post("/{batch_id}/retry")
    async def retry(batch_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        batch = account.batch(batch_id)
        if not batch.is_over or any(one.is_under_way for one in batch.recipients):
            raise refused(409, "already_running", "The batch is still running.")
        for one in batch.recipients:
            if one.status in ("failed", "cancelled"):
                one.becomes("pending", int(time.time()))
                one.conversation_id = None
        batch.status, batch.retries = "pending", batch.retries + 1
        _run(state, account, batch, request)
        return _json(account, batch)

    @routes.delete("/{batch_id}", status_code=204)
    async def delete(batch_id: str, request: Request) -> None:
        account = state.account(request)
        account.batch(batch_id).cancel(int(time.time()))
        del account.batches[batch_id]


def _run(state: State, account: Account, batch: Batch, request: Request) -> None:
    state.world.spawn(BatchRunner(state, account, batch, socket_base(request)).run())


def _batch(state: State, account: Account, body: dict[str, Any]) -> Batch:
    """Raises: ElevenLabsError 422; 404 for an agent or number; 400 for one that cannot call."""
    name, agent = text(body, "call_name"), account.agent(text(body, "agent_id"))
    number = account.phone_number(text(body, "agent_phone_number_id"))
    check_telephone(agent.config)
    if (agent.settings.get("privacy") or {}).get("zero_retention_mode"):
        message = "Batch calls are not available for agents with zero retention mode."
        raise refused(400, "invalid_parameters", message)
    telephony = optional(body, "telephony_call_config", dict) or {}
    ringing_seconds(telephony)
    now = int(time.time())
    return Batch(
        batch_id=state.new_id("btcal"),
        name=name,
        agent_id=agent.agent_id,
        phone_number_id=number.phone_number_id,
        created_at=now,
        scheduled_at=_whole(body, "scheduled_time_unix") or now,
        updated_at=now,
        recipients=_recipients(state, body.get("recipients"), now),
        telephony=telephony,
        at_once=_whole(body, "target_concurrency_limit", least=1),
        timezone=optional(body, "timezone", str),
    )


def _recipients(state: State, given: Any, now: int) -> list[Recipient]:
    if given is None:
        raise missing("body", "recipients")
    where = ("body", "recipients")
    of_kind(where, given, list)
    if not 1 <= len(given) <= _MOST_RECIPIENTS:
        message = f"List should have 1 to {_MOST_RECIPIENTS} items"
        raise unprocessable(where, message, "too_long" if given else "too_short", len(given))
    return [_recipient(state, (*where, place), one, now) for place, one in enumerate(given)]


def _recipient(state: State, where: Where, given: Any, now: int) -> Recipient:
    of_kind(where, given, dict)
    if "phone_number" not in given:
        raise missing(*where, "phone_number")
    of_kind((*where, "phone_number"), given["phone_number"], str)
    client_data = given.get("conversation_initiation_client_data") or {}
    of_kind((*where, "conversation_initiation_client_data"), client_data, dict)
    recipient_id = str(given.get("id") or state.new_id("rcpt"))
    return Recipient(recipient_id, given["phone_number"], client_data, created_at=now, updated_at=now)


def _whole(body: dict[str, Any], field: str, least: int = 0) -> int | None:
    value = optional(body, field, int)
    if value is not None and value < least:
        message = f"Input should be greater than or equal to {least}"
        raise unprocessable(("body", field), message, "greater_than_equal", value)
    return value


def _json(account: Account, batch: Batch) -> dict[str, Any]:
    agent = account.agents.get(batch.agent_id)
    statuses = [one.status for one in batch.recipients]
    return {
        "id": batch.batch_id,
        "name": batch.name,
        "agent_id": batch.agent_id,
        "agent_name": agent.name if agent else "",
        "branch_id": agent.branch_id if agent else None,
        "environment": "production",
        "phone_number_id": batch.phone_number_id,
        "phone_provider": "twilio",
        "whatsapp_params": None,
        "created_at_unix": batch.created_at,
        "scheduled_time_unix": batch.scheduled_at,
        "timezone": batch.timezone,
        "last_updated_at_unix": batch.updated_at,
        "status": batch.status,
        "total_calls_scheduled": len(statuses),
        "total_calls_dispatched": sum(one not in ("pending", "cancelled") for one in statuses),
        "total_calls_finished": sum(not (one.status == "pending" or one.is_under_way) for one in batch.recipients),
        "retry_count": batch.retries,
        "target_concurrency_limit": batch.at_once,
        "telephony_call_config": {"ringing_timeout_secs": 60, **batch.telephony},
        **novelty(batch.batch_id),
    }


def _recipient_json(recipient: Recipient) -> dict[str, Any]:
    return {
        "id": recipient.recipient_id,
        "phone_number": recipient.phone_number,
        "whatsapp_user_id": None,
        "status": recipient.status,
        "created_at_unix": recipient.created_at,
        "updated_at_unix": recipient.updated_at,
        "conversation_id": recipient.conversation_id,
        "conversation_initiation_client_data": recipient.client_data,
    }


def _csv(batch: Batch) -> str:
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(("id", "phone_number", "status", "conversation_id"))
    for one in batch.recipients:
        rows.writerow((one.recipient_id, one.phone_number, one.status, one.conversation_id))
    return file.getvalue()
