"""`/v1/convai/batch-calling`. Source: ElevenLabs "Batch calling" (fact sheet 4.6)."""

import csv
import io
import time
from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.elevenlabs.agent_views import novelty
from switchboard.sandbox.elevenlabs.batch_runner import BatchRunner
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, missing, refused, unprocessable
from switchboard.sandbox.elevenlabs.initiation import check_telephone
from switchboard.sandbox.elevenlabs.records import Batch, Recipient
from switchboard.sandbox.elevenlabs.requests import integer, json_object, socket_base, text
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.elevenlabs.telephony import Placing, ringing_seconds

_MOST_RECIPIENTS = 10_000
_PAGE = 100


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai/batch-calling", route_class=ElevenLabsRoute)

    @routes.post("/submit")
    async def submit(request: Request) -> dict[str, Any]:
        account = state.account(request)
        batch = _batch(state, account, await json_object(request))
        account.batches[batch.batch_id] = batch
        _run(state, account, batch, request)
        return _json(account, batch)

    @routes.get("/workspace")
    async def list_batches(request: Request) -> dict[str, Any]:
        account = state.account(request)
        limit = integer(request, "limit", _PAGE, least=1, most=_PAGE)
        newest = list(reversed(account.batches.values()))
        last = request.query_params.get("last_doc")
        ids = [one.batch_id for one in newest]
        start = ids.index(last) + 1 if last in ids else 0
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
        if batch.status in ("pending", "in_progress"):
            batch.status, batch.updated_at = "cancelled", int(time.time())
            for one in batch.recipients:
                one.status = "cancelled" if one.status == "pending" else one.status
        return _json(account, batch)

    @routes.post("/{batch_id}/retry")
    async def retry(batch_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        batch = account.batch(batch_id)
        if batch.status in ("pending", "in_progress"):
            raise refused(409, "already_running", "The batch is still running.")
        again = [one for one in batch.recipients if one.status in ("failed", "cancelled")]
        for one in again:
            one.status, one.conversation_id = "pending", None
        batch.status, batch.retries = "pending", batch.retries + 1
        _run(state, account, batch, request)
        return _json(account, batch)

    @routes.delete("/{batch_id}", status_code=204)
    async def delete(batch_id: str, request: Request) -> None:
        account = state.account(request)
        account.batch(batch_id).status = "cancelled"
        del account.batches[batch_id]


def _run(state: State, account: Account, batch: Batch, request: Request) -> None:
    agent, number = account.agent(batch.agent_id), account.phone_number(batch.phone_number_id)
    ringing = ringing_seconds(batch.telephony)
    placing = Placing(state, account, agent, number, ringing, socket_base(request))
    state.world.spawn(BatchRunner(state, account, batch, placing).run())


def _batch(state: State, account: Account, body: dict[str, Any]) -> Batch:
    """Raises: ElevenLabsError 422; 404 for an agent or number; 400 for one that cannot call."""
    name, agent = text(body, "call_name"), account.agent(text(body, "agent_id"))
    number = account.phone_number(text(body, "agent_phone_number_id"))
    check_telephone(agent.config)
    if (agent.settings.get("privacy") or {}).get("zero_retention_mode"):
        message = "Batch calls are not available for agents with zero retention mode."
        raise refused(400, "invalid_parameters", message)
    telephony = body.get("telephony_call_config") or {}
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
        timezone=body.get("timezone"),
    )


def _recipients(state: State, given: Any, now: int) -> list[Recipient]:
    if given is None:
        raise missing("body", "recipients")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise unprocessable(("body", "recipients"), "Input should be a valid list", "list_type", given)
    if not 1 <= len(given) <= _MOST_RECIPIENTS:
        message = f"List should have 1 to {_MOST_RECIPIENTS} items"
        raise unprocessable(("body", "recipients"), message, "too_long", len(given))
    return [
        Recipient(
            recipient_id=str(one.get("id") or state.new_id("rcpt")),
            phone_number=text(one, "phone_number"),
            client_data=one.get("conversation_initiation_client_data") or {},
            created_at=now,
            updated_at=now,
        )
        for one in given
    ]


def _whole(body: dict[str, Any], field: str, least: int = 0) -> int | None:
    value = body.get(field)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        message = f"Input should be an integer of at least {least}"
        raise unprocessable(("body", field), message, "greater_than_equal", value)
    return value


def _json(account: Account, batch: Batch) -> dict[str, Any]:
    agent = account.agents.get(batch.agent_id)
    statuses = [one.status for one in batch.recipients]
    over = ("completed", "failed", "cancelled", "voicemail")
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
        "total_calls_finished": sum(one in over for one in statuses),
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
