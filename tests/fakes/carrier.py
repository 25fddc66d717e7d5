"""A carrier in memory. Every `fetch` moves a call one status on, so polling alone carries a test to its end."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tests.fakes import signing
from tests.fakes.platform import FakePlatform

from switchboard.core.money import Money
from switchboard.providers.errors import ProviderMissing, ProviderRejected, ProviderUnclear
from switchboard.providers.normalised import (
    CallStatus,
    Capability,
    CarrierCall,
    CarrierSignal,
    CostLine,
    DialOrder,
)

SECRET = "fake-carrier-secret"


@dataclass(frozen=True)
class Outcome:
    """What happens when a number is dialled."""

    statuses: tuple[CallStatus, ...]
    reason: str | None = None
    refused: str | None = None
    """Dialling raises ProviderRejected with this reason; nobody is rung."""
    answer_lost: bool = False
    """The phone rings, but dialling raises ProviderUnclear."""


_RINGS = (CallStatus.QUEUED, CallStatus.RINGING)
TALKS = Outcome((*_RINGS, CallStatus.IN_PROGRESS, CallStatus.COMPLETED))
BUSY = Outcome((*_RINGS, CallStatus.BUSY), "callee_busy")
NO_ANSWER = Outcome((*_RINGS, CallStatus.NO_ANSWER), "no_answer")
FAILS = Outcome((*_RINGS, CallStatus.FAILED), "carrier_failed")
INVALID = Outcome((), refused="invalid_number")
ANSWER_LOST = replace(TALKS, answer_lost=True)


@dataclass
class FakeCarrier:
    """Script it: `outcomes` by number, `fail_next(error)`, `moves_on_fetch`; look at `orders` and `hung_up`."""

    platforms: Sequence[FakePlatform] = ()
    name: str = "twilio"
    capabilities: Sequence[Capability] = ()
    default_number: str | None = "+15005550006"
    moves_on_fetch: bool = True
    outcomes: dict[str, Outcome] = field(
        default_factory=lambda: {"+14155550101": BUSY, "+14155550102": NO_ANSWER, "+14155550103": INVALID}
    )
    orders: list[DialOrder] = field(default_factory=list)
    """Every dial that reached the carrier."""
    hung_up: list[str] = field(default_factory=list)
    calls: dict[str, CarrierCall] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._failures: list[Exception] = []
        self._ahead: dict[str, list[CallStatus]] = {}
        self._order_of: dict[str, DialOrder] = {}

    def fail_next(self, *errors: Exception) -> None:
        """The next calls raise these, one each; a dial that fails so does not reach the carrier."""
        self._failures.extend(errors)

    async def dial(self, order: DialOrder) -> CarrierCall:
        self._fail()
        self.orders.append(order)
        outcome = self.outcomes.get(order.to, TALKS)
        if outcome.refused:
            raise ProviderRejected("The carrier refuses this number.", provider=self.name, reason=outcome.refused)
        carrier_id = f"CA{next(self._numbers):032x}"
        call = CarrierCall(carrier_id, outcome.statuses[0], order.to, order.from_, created_at=datetime.now(UTC))
        self.calls[carrier_id] = call
        self._ahead[carrier_id] = list(outcome.statuses[1:])
        self._order_of[carrier_id] = order
        if outcome.answer_lost:
            raise ProviderUnclear("The answer was lost.", provider=self.name)
        return call

    async def hang_up(self, carrier_id: str) -> None:
        self._fail()
        self.hung_up.append(carrier_id)
        call = self.calls.get(carrier_id)
        if call is None or call.status.final:
            return
        answered = call.status is CallStatus.IN_PROGRESS
        self._ahead[carrier_id] = []
        self._set(carrier_id, CallStatus.COMPLETED if answered else CallStatus.CANCELED)

    async def fetch(self, carrier_id: str) -> CarrierCall:
        self._fail()
        if carrier_id not in self.calls:
            raise ProviderMissing(f"{self.name} has no call {carrier_id}.", provider=self.name)
        if self.moves_on_fetch:
            self.advance(carrier_id)
        return self.calls[carrier_id]

    async def find(self, *, to: str, from_: str, since: datetime) -> list[CarrierCall]:
        self._fail()
        between = [c for c in self.calls.values() if c.to == to and c.from_ == from_]
        return [c for c in reversed(between) if c.created_at is None or c.created_at >= since]

    async def numbers(self) -> list[str]:
        self._fail()
        return [self.default_number] if self.default_number else []

    async def check(self) -> None:
        self._fail()

    def read_callback(self, *, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> CarrierSignal:
        signing.check(SECRET, headers, self._body(url, form))
        carrier_id, status = form["CallSid"], CallStatus(form["CallStatus"])
        call = CarrierCall(carrier_id, status, reason=form.get("Reason") or None)
        return CarrierSignal(f"{carrier_id}:{form['SequenceNumber']}", call)

    # What tests do to it.

    def advance(self, carrier_id: str) -> CarrierCall:
        """Move a call one status on (nothing happens at its end)."""
        if self._ahead[carrier_id]:
            self._set(carrier_id, self._ahead[carrier_id].pop(0))
        return self.calls[carrier_id]

    def callback(self, carrier_id: str, status: CallStatus, *, url: str, sequence: int = 0):
        """Headers and form of a well signed status callback."""
        reason = self.calls[carrier_id].reason or ""
        form = {
            "CallSid": carrier_id,
            "CallStatus": status.value,
            "SequenceNumber": str(sequence),
            "Reason": reason,
        }
        return signing.sign(SECRET, self._body(url, form)), form

    def _set(self, carrier_id: str, status: CallStatus) -> None:
        call, order, now = self.calls[carrier_id], self._order_of[carrier_id], datetime.now(UTC)
        changed = replace(call, status=status)
        if status is CallStatus.IN_PROGRESS:
            changed = replace(changed, answered_at=now)
        if status.final:
            changed = self._ended(changed, order, now)
        self.calls[carrier_id] = changed
        self._tell_platforms(order.twiml, status)

    def _ended(self, call: CarrierCall, order: DialOrder, now: datetime) -> CarrierCall:
        answered = call.answered_at is not None
        reason = None if call.status is CallStatus.COMPLETED else self.outcomes.get(order.to, TALKS).reason
        if call.status is CallStatus.CANCELED:
            reason = "canceled"
        costs = (CostLine(self.name, "carrier", Money(14_000), 1.0, "minutes"),) if answered else ()
        seconds = 12 if answered else 0
        return replace(call, ended_at=now, duration_seconds=seconds, reason=reason, costs=costs)

    def _tell_platforms(self, twiml: str, status: CallStatus) -> None:
        for platform in self.platforms:
            session_id = platform.session_of(twiml)
            if session_id and status is CallStatus.IN_PROGRESS:
                platform.join(session_id)
            elif session_id and status.final:
                platform.leave(session_id)

    def _body(self, url: str, form: Mapping[str, str]) -> bytes:
        return json.dumps([url, sorted(form.items())]).encode()

    def _fail(self) -> None:
        if self._failures:
            raise self._failures.pop(0)
