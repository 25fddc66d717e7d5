"""`<Record>`: a message by the callee, as on an answering machine. Source: Twilio "TwiML <Record>"."""

import asyncio
import xml.etree.ElementTree as ET

from switchboard.sandbox.speech.listener import SpeechBegan, SpeechEnded
from switchboard.sandbox.twilio.calls import CallbackAddress, RecordingOrder
from switchboard.sandbox.twilio.leg import stop
from switchboard.sandbox.twilio.listening import ears
from switchboard.sandbox.twilio.playout import Playout
from switchboard.sandbox.twilio.recordings import Recording
from switchboard.sandbox.twilio.stage import Outcome, Stage, Step
from switchboard.sandbox.twilio.tones import beep

_WORDS_PER_SECOND = 2.7


async def record(stage: Stage, verb: ET.Element) -> Outcome:
    """Beep and record until silence, a key or the greatest length; silence alone leads to the next verb."""
    if verb.get("playBeep") != "false":
        await _beep(stage)
    recording = stage.recorder.begin(_order(verb))
    with stage.keypad.queued() as keys:
        pressing = asyncio.create_task(_pressed(keys, verb.get("finishOnKey", "1234567890*#")))
        speaking = asyncio.create_task(_spoken(stage, stage.count(verb, "timeout", 5) or 5))
        limit = asyncio.create_task(stage.world.clock.sleep(stage.count(verb, "maxLength", 3600) or 3600))
        tasks: set[asyncio.Task[str] | asyncio.Task[bool] | asyncio.Task[None]] = {pressing, speaking, limit}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            silent = speaking.done() and not speaking.result() and not pressing.done()
            key = pressing.result() if pressing.done() else ""
        finally:
            await stop(pressing, speaking, limit)
            stage.recorder.stop(recording.sid, absent=_is_silent(speaking))
    if silent:
        return Step.NEXT
    return stage.action(verb, _fields(recording, key), default=stage.base)


def _order(verb: ET.Element) -> RecordingOrder:
    url = verb.get("recordingStatusCallback")
    method = verb.get("recordingStatusCallbackMethod", "POST").upper()
    events = frozenset(verb.get("recordingStatusCallbackEvent", "completed").split())
    return RecordingOrder("RecordVerb", 1, "inbound", CallbackAddress(url, method) if url else None, events)


def _is_silent(speaking: "asyncio.Task[bool]") -> bool:
    return speaking.done() and not speaking.cancelled() and speaking.exception() is None and not speaking.result()


def _fields(recording: Recording, key: str) -> dict[str, str]:
    return {
        "RecordingUrl": recording.media_url,
        "RecordingSid": recording.sid,
        "RecordingDuration": str(recording.seconds or 0),
        "Digits": key,
    }


async def _beep(stage: Stage) -> None:
    if stage.party.wire is None:
        await stage.world.clock.sleep(0.5)
        return
    playout = Playout()
    playout.put(beep())
    with stage.party.wire.playing(playout):
        await playout.heard()


async def _pressed(keys: "asyncio.Queue[str]", ending: str) -> str:
    while (key := await keys.get()) not in ending:
        pass
    return key


async def _spoken(stage: Stage, pause: int) -> bool:
    """Until they have been silent for `pause` seconds. False: they said nothing at all."""
    wire, studio = stage.party.wire, stage.world.studio
    if wire is None:
        reply = await stage.party.person.answers("Beep.")
        words = len(reply.text.split()) if reply else 0
        await stage.world.clock.sleep(words / _WORDS_PER_SECOND + pause)
        return bool(words)
    if studio.why_not is not None:
        await stage.world.clock.sleep(pause)
        return False
    began = asyncio.Event()
    hearing = asyncio.create_task(_hear(stage, pause, began))
    patience = asyncio.create_task(stage.world.clock.sleep(pause))
    try:
        await asyncio.wait({hearing, patience}, return_when=asyncio.FIRST_COMPLETED)
        if began.is_set():
            await hearing
        return began.is_set()
    finally:
        await stop(hearing, patience)


async def _hear(stage: Stage, pause: int, began: asyncio.Event) -> None:
    assert stage.party.wire is not None
    async with ears(stage.party.wire, stage.world.studio, float(pause)) as heard:
        async for one in heard:
            if isinstance(one, SpeechBegan):
                began.set()
            elif isinstance(one, SpeechEnded) and one.text:
                return
