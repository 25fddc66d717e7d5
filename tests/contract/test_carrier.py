"""What every implementation of the Carrier port must do."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.contract.cases import ANSWERS, BUSY, INVALID, NO_ANSWER, CarrierCase
from tests.waiting import answered

from switchboard.providers.errors import (
    InvalidSignature,
    ProviderMisconfigured,
    ProviderMissing,
    ProviderRejected,
    ProviderUnclear,
)
from switchboard.providers.normalised import CallStatus, DialOrder

LIVE = pytest.param("live", marks=pytest.mark.live)
everywhere = pytest.mark.parametrize("carrier_case", ["fake", "sandbox", LIVE], indirect=True)
# These ring phones that only a pretend town has, or break what cannot be broken at a real carrier.
in_pretence = pytest.mark.parametrize("carrier_case", ["fake", "sandbox"], indirect=True)

UNKNOWN = "CA" + "0" * 32
URL = "https://us.example.com/inbox/twilio/call_contract"


def order(case: CarrierCase, to: str = ANSWERS, **changed) -> DialOrder:
    twiml = '<?xml version="1.0"?><Response><Pause length="600"/></Response>'
    return DialOrder("call_contract", to, case.from_, twiml, None, **changed)


async def ended(case: CarrierCase, carrier_id: str):
    return await answered(lambda: case.carrier.fetch(carrier_id), lambda call: call.status.final)


@in_pretence
async def test_a_dialled_call_is_queued_then_rings_then_is_answered(carrier_case):
    call = await carrier_case.carrier.dial(order(carrier_case))
    assert (call.status, call.to, call.from_) == (CallStatus.QUEUED, ANSWERS, carrier_case.from_)
    assert (call.answered_at, call.ended_at) == (None, None)
    seen = await answered(
        lambda: carrier_case.carrier.fetch(call.carrier_id), lambda seen: seen.status is CallStatus.IN_PROGRESS
    )
    assert seen.carrier_id == call.carrier_id
    assert seen.answered_at is not None
    await carrier_case.carrier.hang_up(call.carrier_id)


@in_pretence
@pytest.mark.parametrize(
    ("number", "status", "reason"),
    [(BUSY, CallStatus.BUSY, "callee_busy"), (NO_ANSWER, CallStatus.NO_ANSWER, "no_answer")],
)
async def test_a_call_that_nobody_takes_ends_with_status_and_reason(carrier_case, number, status, reason):
    call = await carrier_case.carrier.dial(order(carrier_case, number, ring_timeout_seconds=10))
    end = await ended(carrier_case, call.carrier_id)
    assert (end.status, end.reason, end.duration_seconds) == (status, reason, 0)
    assert end.ended_at is not None


@in_pretence
async def test_a_number_that_cannot_be_called_is_refused_with_the_reason(carrier_case):
    with pytest.raises(ProviderRejected) as caught:
        await carrier_case.carrier.dial(order(carrier_case, INVALID))
    assert caught.value.extras["reason"] == "invalid_number"
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert await carrier_case.carrier.find(to=INVALID, from_=carrier_case.from_, since=since) == []


@in_pretence
async def test_hanging_up_ends_an_answered_call_and_twice_is_quiet(carrier_case):
    carrier = carrier_case.carrier
    call = await carrier.dial(order(carrier_case))
    await answered(lambda: carrier.fetch(call.carrier_id), lambda seen: seen.status is CallStatus.IN_PROGRESS)
    await carrier.hang_up(call.carrier_id)
    await carrier.hang_up(call.carrier_id)
    end = await ended(carrier_case, call.carrier_id)
    assert (end.status, end.reason) == (CallStatus.COMPLETED, None)


@in_pretence
async def test_hanging_up_before_the_answer_cancels_the_call(carrier_case):
    call = await carrier_case.carrier.dial(order(carrier_case, NO_ANSWER))
    await carrier_case.carrier.hang_up(call.carrier_id)
    end = await ended(carrier_case, call.carrier_id)
    assert (end.status, end.reason) == (CallStatus.CANCELED, "canceled")


@everywhere
async def test_hanging_up_an_unknown_call_is_quiet(carrier_case):
    await carrier_case.carrier.hang_up(UNKNOWN)


@everywhere
async def test_an_unknown_call_is_missing(carrier_case):
    with pytest.raises(ProviderMissing):
        await carrier_case.carrier.fetch(UNKNOWN)


@in_pretence
async def test_the_price_comes_in_the_end_and_is_positive(carrier_case):
    call = await carrier_case.carrier.dial(order(carrier_case))
    await answered(
        lambda: carrier_case.carrier.fetch(call.carrier_id), lambda seen: seen.status is CallStatus.IN_PROGRESS
    )
    await carrier_case.carrier.hang_up(call.carrier_id)
    end = await answered(
        lambda: carrier_case.carrier.fetch(call.carrier_id),
        lambda seen: bool(seen.costs) and all(line.final for line in seen.costs),
    )
    assert [line.item for line in end.costs] == ["carrier"]
    assert end.costs[0].cost.micros > 0


@in_pretence
async def test_a_lost_answer_is_unclear_and_exactly_one_dial_arrived(carrier_case):
    since = datetime.now(UTC)
    await carrier_case.lose_next_answer()
    with pytest.raises(ProviderUnclear):
        await carrier_case.carrier.dial(order(carrier_case))
    assert await carrier_case.dials_received() == 1
    found = await carrier_case.carrier.find(to=ANSWERS, from_=carrier_case.from_, since=since)
    assert len(found) == 1, "the call that rings is found by its numbers and time"
    await carrier_case.carrier.hang_up(found[0].carrier_id)


@in_pretence
async def test_finding_tells_the_newest_first_and_none_of_other_numbers(carrier_case):
    carrier = carrier_case.carrier
    since = datetime.now(UTC)
    made = [(await carrier.dial(order(carrier_case))).carrier_id for _ in range(2)]
    await carrier.dial(order(carrier_case, BUSY))
    found = await carrier.find(to=ANSWERS, from_=carrier_case.from_, since=since)
    assert sorted(call.carrier_id for call in found) == sorted(made)
    later = datetime.now(UTC) + timedelta(seconds=30)
    assert await carrier.find(to=ANSWERS, from_=carrier_case.from_, since=later) == []
    for carrier_id in made:
        await carrier.hang_up(carrier_id)


@everywhere
async def test_good_credentials_pass_the_check_and_tell_the_numbers(carrier_case):
    await carrier_case.carrier.check()
    numbers = await carrier_case.carrier.numbers()
    assert carrier_case.from_ in numbers


@everywhere
async def test_wrong_credentials_are_told_as_such(carrier_case):
    with pytest.raises(ProviderMisconfigured):
        await carrier_case.wrong_key.check()
    with pytest.raises(ProviderMisconfigured):
        await carrier_case.wrong_key.dial(order(carrier_case))


FORM = {"CallSid": "CA1", "CallStatus": "completed", "SequenceNumber": "3", "CallDuration": "7", "From": "+1"}


@everywhere
def test_a_well_signed_callback_is_read_and_its_repeat_has_the_same_key(carrier_case):
    headers = carrier_case.sign_form(URL, FORM)
    signal = carrier_case.carrier.read_callback(url=URL, headers=headers, form=FORM)
    assert (signal.call.carrier_id, signal.call.status) == ("CA1", CallStatus.COMPLETED)
    again = carrier_case.carrier.read_callback(url=URL, headers=headers, form=FORM)
    assert again.dedupe_key == signal.dedupe_key == "CA1:3"


@everywhere
@pytest.mark.parametrize("change", ["unsigned", "other address", "other status", "one field more"])
def test_a_callback_changed_or_unsigned_is_refused(carrier_case, change):
    headers = {} if change == "unsigned" else carrier_case.sign_form(URL, FORM)
    url = URL + "x" if change == "other address" else URL
    form = dict(FORM)
    if change == "other status":
        form["CallStatus"] = "busy"
    if change == "one field more":
        form["Extra"] = "1"
    with pytest.raises(InvalidSignature):
        carrier_case.carrier.read_callback(url=url, headers=headers, form=form)
