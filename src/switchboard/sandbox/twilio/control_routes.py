"""The carrier's part of the control API under `/_sandbox`: sound or words, calls that come in, keys, pace."""

from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from switchboard.sandbox.media import MediaMode
from switchboard.sandbox.twilio.accounts import Account, OwnedNumber
from switchboard.sandbox.twilio.carrier import TwilioCarrier
from switchboard.sandbox.twilio.desk import Desk
from switchboard.sandbox.twilio.errors import TwilioError


class MediaOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")
    mode: MediaMode


class CarrierOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")
    calls_per_second: float = Field(gt=0, le=10_000)


class KeysOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")
    digits: str = Field(pattern=r"^[0-9A-D*#]{1,32}$")


class IncomingOrder(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    from_: str = Field(alias="from", pattern=r"^\+[1-9]\d{6,14}$")
    to: str
    account_sid: str | None = None


def add(routes: APIRouter, desk: Desk) -> None:
    _add_media(routes, desk)
    _add_calls(routes, desk)


def _add_media(routes: APIRouter, desk: Desk) -> None:
    media = desk.world.media

    @routes.get("/_sandbox/media")
    async def show_media() -> dict[str, Any]:
        why_not = media.why_not("en")
        return {"mode": media.mode, "spoken_calls": media.spoken, "speaks": why_not is None, "reason": why_not}

    @routes.put("/_sandbox/media")
    async def set_media(order: MediaOrder) -> dict[str, Any]:
        media.mode = order.mode
        return await show_media()

    @routes.get("/_sandbox/carrier")
    async def show_carrier() -> dict[str, Any]:
        return {"calls_per_second": desk.carrier.calls_per_second}

    @routes.put("/_sandbox/carrier")
    async def set_carrier(order: CarrierOrder) -> dict[str, Any]:
        desk.carrier.calls_per_second = order.calls_per_second
        return await show_carrier()


def _add_calls(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/_sandbox/calls", status_code=201)
    async def receive(order: IncomingOrder) -> dict[str, Any]:
        account, owned = _called(desk.carrier, order)
        return desk.carrier.receive(account, owned, order.from_).as_json()

    @routes.post("/_sandbox/calls/{sid}/digits", status_code=204)
    async def press(sid: str, order: KeysOrder) -> None:
        call = desk.carrier.accounts.call(sid)
        nobody = HTTPException(404, f"No call {sid} is in progress. GET /_sandbox/calls lists them.")
        if call is None:
            raise nobody
        try:
            desk.playback(call).stage.keypad.press(order.digits)
        except TwilioError:
            raise nobody from None


def _called(carrier: TwilioCarrier, order: IncomingOrder) -> tuple[Account, OwnedNumber]:
    """Every account owns the same numbers: the one is meant that is named, or that has wired the number."""
    found = [
        (account, owned)
        for account in carrier.accounts.all()
        if order.account_sid in (None, account.sid) and (owned := account.number(order.to))
    ]
    wired = [one for one in found if one[1].voice_url or one[1].voice_application_sid]
    if not found:
        raise HTTPException(404, f"No account that was used so far owns {order.to}.")
    return (wired or found)[-1]
