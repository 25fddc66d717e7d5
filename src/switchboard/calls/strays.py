"""Phones that ring for calls which are over here."""

from switchboard.calls.model import Call
from switchboard.calls.record import CallRecord
from switchboard.providers.carrier import Carrier
from switchboard.providers.normalised import CarrierCall


async def close_stray(record: CallRecord, carrier: Carrier, call: Call, heard: CarrierCall) -> None:
    """End the line of a call that was given up before anybody knew that it had been placed."""
    if not call.current.final or heard.status.final or call.carrier_id != heard.carrier_id:
        return
    await carrier.hang_up(heard.carrier_id)
    await record.warn(call.id, "The phone rang after the call had been given up; we closed the line.")
