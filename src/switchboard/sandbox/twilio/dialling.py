"""`<Dial>`: the callee is put through to other numbers of the town. Source: Twilio "TwiML <Dial>"."""

import asyncio
import xml.etree.ElementTree as ET
from contextlib import ExitStack
from dataclasses import dataclass

from switchboard.sandbox.line import Person, Speech
from switchboard.sandbox.phones.directory import household
from switchboard.sandbox.twilio.accounts import new_sid
from switchboard.sandbox.twilio.calls import Call, CallbackAddress, CallOrder, CallStatus, RecordingOrder, Script
from switchboard.sandbox.twilio.forms import e164, is_callable
from switchboard.sandbox.twilio.leg import Leg, stop
from switchboard.sandbox.twilio.party import Party
from switchboard.sandbox.twilio.stage import Outcome, Stage, Step
from switchboard.sandbox.twilio.wire import Wire

_MOST_NUMBERS = 10
_MOST_TURNS = 60
_WORDS_PER_SECOND = 2.7
_SILENCE = 3.0
_NOUNS = frozenset({"Number", "Sip", "Client"})
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


@dataclass(frozen=True, slots=True)
class _Child:
    call: Call
    leg: Leg


async def dial(stage: Stage, verb: ET.Element) -> Outcome:
    """Ring them all, talk with the first to answer, and let the document at `action` go on."""
    targets = _targets(stage, verb)
    if not targets:
        stage.call.warn(13223, "<Dial> has nobody to dial")
    if not targets or not _may_call(stage, verb.get("callerId"), targets):
        return stage.action(verb, {"DialCallStatus": "failed"})
    children = [_child(stage, verb, noun, to) for noun, to in targets]
    try:
        answered = await _first_to_answer(children)
        if answered and await _talk(stage, verb, answered):
            return Step.END
    finally:
        for child in children:
            child.leg.end(CallStatus.COMPLETED if not child.call.is_waiting else CallStatus.CANCELED)
    return stage.action(verb, _fields(answered or children[0], bridged=answered is not None))


def _targets(stage: Stage, verb: ET.Element) -> list[tuple[ET.Element, str]]:
    """Whom to dial, with the element that says how."""
    found = [(verb, (verb.text or "").strip())]
    for noun in verb:
        if noun.tag in _NOUNS:
            found.append((noun, "".join(noun.itertext()).strip()))
        else:
            stage.call.notes.append(f"<Dial><{noun.tag}> is not imitated")
    called = [(noun, _address(stage, noun, to)) for noun, to in found if to]
    return [(noun, to) for noun, to in called if to][:_MOST_NUMBERS]


def _may_call(stage: Stage, caller: str | None, targets: list[tuple[ET.Element, str]]) -> bool:
    """Numbers are called from the account's numbers, or from one that is on the line."""
    known = (None, stage.call.order.from_, stage.call.order.to)
    if caller in known or stage.owns(caller or "") or all(noun.tag in ("Sip", "Client") for noun, _ in targets):
        return True
    stage.call.warn(13214, f"<Dial> may not call from {(caller or '')[:40]!r}")
    return False


def _address(stage: Stage, noun: ET.Element, to: str) -> str:
    if noun.tag == "Sip":
        return to if to.startswith("sip:") else f"sip:{to}"
    if noun.tag == "Client":
        return f"client:{to.removeprefix('client:')}"
    number = e164(to) or e164(f"+1{to}")
    if number is None:
        stage.call.warn(13223, f"<Dial> cannot dial {to[:40]!r}")
    elif not is_callable(number, stage.world.seed):
        stage.call.warn(13224, f"<Dial> cannot reach {to[:40]!r}")
    return number or ""


def _child(stage: Stage, verb: ET.Element, noun: ET.Element, to: str) -> _Child:
    parent, url = stage.call, noun.get("statusCallback")
    address = CallbackAddress(url, noun.get("statusCallbackMethod", "POST").upper()) if url else None
    order = CallOrder(
        to=to,
        from_=verb.get("callerId") or parent.order.from_,
        script=Script(""),
        callback=address,
        events=_EVENTS.intersection(noun.get("statusCallbackEvent", "").split()) or frozenset({"completed"}),
        timeout=stage.count(verb, "timeout", 30, 600),
        time_limit=stage.count(verb, "timeLimit", 14_400),
    )
    call = Call(
        sid=new_sid("CA", stage.ids),
        account_sid=parent.account_sid,
        token=parent.token,
        phone_number_sid=parent.phone_number_sid,
        order=order,
        household=household(order.to, stage.world.seed),
        watch=stage.world.clock.stopwatch(),
        callback=address,
        direction="outbound-dial",
        parent_sid=parent.sid,
    )
    # The children of <Dial> are never queued. Source: Twilio "Calls resource", status.
    call.status = CallStatus.INITIATED
    stage.remember(call)
    return _Child(call, Leg(stage.world, call, stage.outgoing))


async def _first_to_answer(children: list[_Child]) -> _Child | None:
    ringing = {asyncio.create_task(child.leg.ring()): child for child in children}
    left = set(ringing)
    try:
        while left:
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                if one.result():
                    return ringing[one]
        return None
    finally:
        await stop(*ringing)


async def _talk(stage: Stage, verb: ET.Element, child: _Child) -> bool:
    """Until somebody hangs up. True: it was the one who was put through."""
    other = Party(stage.world, child.call, child.leg.page_call)
    record = verb.get("record", "do-not-record")
    recording = None
    if record not in ("do-not-record", "false"):
        recording = stage.recorder.begin(RecordingOrder("DialVerb", 2 if "dual" in record else 1))
    if stage.party.wire is None:
        bridge = asyncio.create_task(_in_words(stage, other))
    else:
        bridge = asyncio.create_task(_aloud(stage.party.wire, other))
    leaving = asyncio.create_task(other.gone())
    limit = asyncio.create_task(stage.world.clock.sleep(child.call.order.time_limit))
    try:
        await asyncio.wait({bridge, leaving, limit}, return_when=asyncio.FIRST_COMPLETED)
        return bridge.done() and bridge.result()
    finally:
        try:
            await stop(bridge, leaving, limit)
        finally:
            await other.leave()
        child.leg.end(CallStatus.COMPLETED)
        if recording:
            stage.recorder.stop(recording.sid)


async def _aloud(wire: Wire, other: Party) -> bool:
    """Two telephones on one wire, until the one that was dialled hangs up; the other's end is seen elsewhere."""
    handset = other.handset()
    with ExitStack() as joined:
        joined.enter_context(wire.playing(handset))
        joined.enter_context(wire.tapped(lambda said, _played: handset.give(said)))
        await handset.run()
    return False


async def _in_words(stage: Stage, other: Party) -> bool:
    """Turn by turn, until either hangs up. True: the one who was put through."""
    speaker: Person = other.person
    listener: Person = stage.party.person
    speech = await speaker.opens()
    for _ in range(_MOST_TURNS):
        await stage.world.clock.sleep(_seconds(speech))
        if speech and speech.hangs_up:
            return speaker is stage.party.person
        reply = await listener.answers(speech.text if speech else "")
        speaker, listener, speech = listener, speaker, reply
    return False


def _seconds(speech: Speech | None) -> float:
    return len(speech.text.split()) / _WORDS_PER_SECOND if speech else _SILENCE


def _fields(child: _Child, *, bridged: bool) -> dict[str, str]:
    return {
        "DialCallStatus": str(child.call.status),
        "DialCallSid": child.call.sid,
        "DialCallDuration": str(child.call.duration or 0),
        "DialBridged": str(bridged).lower(),
    }
