"""The port of a telephone carrier: what Switchboard needs from Twilio."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from switchboard.providers.normalised import Capability, CarrierCall, CarrierSignal, DialOrder


class Carrier(Protocol):
    """Every method may raise the errors of `providers/errors.py`."""

    name: str
    capabilities: Sequence[Capability]
    default_number: str | None
    """The number we call from unless told otherwise (E.164)."""

    async def dial(self, order: DialOrder) -> CarrierCall:
        """Ring one phone once. Never repeats by itself.

        Raises: ProviderUnavailable when it certainly was not placed (refused connection, 429);
        ProviderUnclear when it may have been (time-out, 5xx, lost connection); ProviderRejected with
        `reason` in its extras (ours, for example `invalid_number`) when the carrier refuses it.
        """
        ...

    async def hang_up(self, carrier_id: str) -> None:
        """End a call in any state; quiet when it has ended already or is unknown."""
        ...

    async def fetch(self, carrier_id: str) -> CarrierCall:
        """Raises `ProviderMissing` for an unknown call."""
        ...

    async def find(self, *, to: str, from_: str, since: datetime) -> list[CarrierCall]:
        """Calls between these numbers created at or after `since`, newest first."""
        ...

    async def numbers(self) -> list[str]:
        """The account's own numbers (E.164)."""
        ...

    async def check(self) -> None:
        """One cheap authorised request; raises what is wrong."""
        ...

    def read_callback(self, *, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> CarrierSignal:
        """Verify and read a status callback; `url` is the address we gave the carrier.

        Raises: InvalidSignature.
        """
        ...
