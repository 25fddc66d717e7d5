"""`<Connect><Stream>`, `<Start>` and `<Stop>`: media streams of one call.

Source: Twilio "TwiML <Stream>".
"""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from switchboard.sandbox.line import PhoneLeg, StreamEnd, StreamTarget
from switchboard.sandbox.twilio.accounts import new_sid
from switchboard.sandbox.twilio.calls import CallbackAddress, RecordingOrder, rfc2822
from switchboard.sandbox.twilio.media_stream import MediaStream, StreamFailedError, StreamOrder
from switchboard.sandbox.twilio.stage import Outcome, Stage, Step

_MAX_PARAMETER = 500
_MOST_AT_ONCE = 4
_TRACKS = {
    "inbound_track": ("inbound",),
    "outbound_track": ("outbound",),
    "both_tracks": ("inbound", "outbound"),
}


@dataclass(frozen=True, slots=True)
class StreamWish:
    """A stream as TwiML or the REST API describes it."""

    url: str
    name: str = ""
    track: str = "inbound_track"
    parameters: Mapping[str, str] | None = None
    tells: CallbackAddress | None = None


@dataclass(frozen=True, slots=True)
class _OneWay:
    name: str
    tracks: int
    task: asyncio.Task[None]


class Streams:
    """All streams of one call."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._running: dict[str, _OneWay] = {}
        """Those in one direction, by SID."""

    async def connect(self, stage: Stage, verb: ET.Element) -> Outcome:
        """Both ways; the next verb runs when the platform has closed."""
        noun = verb.find("Stream")
        if noun is None:
            stage.call.notes.append(f"<Connect> with {[one.tag for one in verb]} is not imitated")
            return Step.NEXT
        wish = self._wish(noun)
        if wish.track != "inbound_track":
            stage.call.warn(31941, f"<Connect> streams the inbound track only, not {wish.track}")
            return Step.NEXT
        if await self._both_ways(wish) is StreamEnd.CALLEE_HUNG_UP:
            return Step.END
        return stage.action(verb, {})

    async def start(self, stage: Stage, verb: ET.Element) -> Outcome:
        """One way, beside the verbs that follow."""
        for noun in verb:
            if noun.tag == "Stream":
                self.begin(self._wish(noun))
            elif noun.tag == "Recording":
                stage.recorder.begin(_recording(noun))
            else:
                stage.call.notes.append(f"<{verb.tag}><{noun.tag}> is not imitated")
        return Step.NEXT

    async def stop(self, stage: Stage, verb: ET.Element) -> Outcome:
        """End streams by name, and the recording that began last."""
        if verb.find("Recording") is not None and (sid := stage.recorder.current()):
            stage.recorder.stop(sid)
        for noun in verb.findall("Stream"):
            for sid, one in list(self._running.items()):
                if one.name == noun.get("name"):
                    await self.end(sid)
        return Step.NEXT

    def begin(self, wish: StreamWish) -> str | None:
        """Start a stream in one direction and answer its SID; None when it cannot be."""
        call = self._stage.call
        tracks = _TRACKS.get(wish.track)
        if tracks is None:
            call.warn(31941, f"there is no track {wish.track}")
            return None
        if sum(one.tracks for one in self._running.values()) + len(tracks) > _MOST_AT_ONCE:
            call.warn(31941, "four tracks are streamed already")
            return None
        sid = new_sid("MZ", self._stage.ids)
        task = asyncio.create_task(self._one_way(sid, wish, tracks))
        self._running[sid] = _OneWay(wish.name or sid, len(tracks), task)
        task.add_done_callback(lambda _: self._running.pop(sid, None))
        return sid

    async def end(self, sid: str) -> bool:
        """Stop a stream in one direction; False when there is none of this SID."""
        known = self._running.get(sid)
        if known is None:
            return False
        known.task.cancel()
        await asyncio.gather(known.task, return_exceptions=True)
        return True

    async def close(self) -> None:
        for sid in list(self._running):
            await self.end(sid)

    async def _both_ways(self, wish: StreamWish) -> StreamEnd:
        sid = new_sid("MZ", self._stage.ids)
        target = self._target(wish.url)
        tell = partial(self._tell, wish, sid)
        if target is None or self._stage.party.wire is not None:
            return await self._over_socket(wish, sid, ("inbound",), both_ways=True)
        if urlsplit(wish.url).scheme not in ("ws", "wss"):
            self._fails(wish, sid, StreamFailedError(31922, f"the address {wish.url} cannot be a stream's"))
            return StreamEnd.PLATFORM_CLOSED
        return await _in_words(target, self._leg(wish, sid), tell)

    def _target(self, url: str) -> StreamTarget | None:
        try:
            return self._stage.world.exchange.find(url)
        except ValueError:  # an address that cannot be taken apart
            return None

    async def _one_way(self, sid: str, wish: StreamWish, tracks: tuple[str, ...]) -> None:
        await self._over_socket(wish, sid, tracks, both_ways=False)

    async def _over_socket(
        self, wish: StreamWish, sid: str, tracks: tuple[str, ...], *, both_ways: bool
    ) -> StreamEnd:
        stage = self._stage
        call = stage.call
        order = StreamOrder(
            url=wish.url,
            stream_sid=sid,
            account_sid=call.account_sid,
            call_sid=call.sid,
            token=call.token,
            name=wish.name,
            tracks=tracks,
            both_ways=both_ways,
            parameters=wish.parameters or {},
        )
        stream = MediaStream(order, call.warn, lambda: self._tell(wish, sid, "stream-started"))
        try:
            with stage.keypad.heard_by(stream.press):
                return await stream.run(stage.party.lift())
        except StreamFailedError as error:
            self._fails(wish, sid, error)
            return StreamEnd.PLATFORM_CLOSED
        finally:
            if stream.began:
                self._tell(wish, sid, "stream-stopped")

    def _fails(self, wish: StreamWish, sid: str, error: StreamFailedError) -> None:
        self._stage.call.warn(error.code, error.why)
        self._tell(wish, sid, "stream-error", str(error.code))

    def _wish(self, noun: ET.Element) -> StreamWish:
        parameters = {one.get("name", ""): one.get("value", "") for one in noun.findall("Parameter")}
        for name, value in parameters.items():
            if len(name) + len(value) >= _MAX_PARAMETER:
                self._stage.call.notes.append(f"the stream's parameter {name} is too long")
        url = noun.get("statusCallback")
        tells = CallbackAddress(url, noun.get("statusCallbackMethod", "POST").upper()) if url else None
        track = noun.get("track", "inbound_track")
        return StreamWish(noun.get("url", ""), noun.get("name", ""), track, parameters, tells)

    def _leg(self, wish: StreamWish, sid: str) -> PhoneLeg:
        call = self._stage.call
        return PhoneLeg(
            account_sid=call.account_sid,
            call_sid=call.sid,
            stream_sid=sid,
            to=call.order.to,
            from_=call.order.from_,
            person=self._stage.party.person,
            parameters=wish.parameters or {},
        )

    def _tell(self, wish: StreamWish, sid: str, event: str, error: str = "") -> None:
        if wish.tells is None:
            return
        call = self._stage.call
        fields = {
            "AccountSid": call.account_sid,
            "CallSid": call.sid,
            "StreamSid": sid,
            "StreamName": wish.name or sid,
            "StreamEvent": event,
            "Timestamp": rfc2822(call.watch.now()) or "",
        }
        self._stage.outgoing.owe(call, wish.tells, fields | ({"StreamError": error} if error else {}))


def _recording(noun: ET.Element) -> RecordingOrder:
    url = noun.get("recordingStatusCallback")
    address = CallbackAddress(url, noun.get("recordingStatusCallbackMethod", "POST").upper()) if url else None
    events = frozenset(noun.get("recordingStatusCallbackEvent", "completed").split())
    channels = 2 if noun.get("channels", noun.get("recordingChannels", "mono")) == "dual" else 1
    track = noun.get("track", "both")
    return RecordingOrder("StartCallRecordingTwiML", channels, track, address, events)


async def _in_words(target: StreamTarget, leg: PhoneLeg, tell: Callable[[str], None]) -> StreamEnd:
    tell("stream-started")
    try:
        return await target.talk(leg)
    finally:
        tell("stream-stopped")
