"""Records one call: begins, pauses, goes on, stops, and tells the customer.

Source: Twilio "Recordings resource", "Recording status callback".
"""

import random
from dataclasses import dataclass, field

from switchboard.sandbox.speech.track import Track
from switchboard.sandbox.twilio.accounts import new_sid
from switchboard.sandbox.twilio.calls import Call, RecordingOrder, rfc2822
from switchboard.sandbox.twilio.outgoing import Outgoing
from switchboard.sandbox.twilio.party import Party
from switchboard.sandbox.twilio.recordings import (
    Recording,
    Shelf,
    Status,
    Taped,
    silence,
    taped,
    written_track,
)
from switchboard.sandbox.world import World

BY_CALL = "OutboundAPI"
"""The source of what `Record=true` records."""
_PROCESSING = 1.0


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of the tape, or of the call where words pass, in seconds."""

    start: float
    end: float
    is_silent: bool = False


@dataclass(slots=True)
class _Running:
    recording: Recording
    is_taped: bool
    since: float
    """Where the stretch that runs now began, a pause included."""
    spans: list[_Span] = field(default_factory=list)
    is_paused: bool = False
    keeps_pauses: bool = False


class CallRecorder:
    """All recordings of one call that is in progress."""

    def __init__(
        self, world: World, call: Call, party: Party, outgoing: Outgoing, shelf: Shelf, ids: random.Random
    ) -> None:
        self._world = world
        self._call = call
        self._party = party
        self._outgoing = outgoing
        self._shelf = shelf
        self._ids = ids
        self._running: dict[str, _Running] = {}

    def begin(self, order: RecordingOrder) -> Recording:
        now = self._call.watch.now()
        sid = new_sid("RE", self._ids)
        call = self._call
        recording = Recording(sid, call.account_sid, call.sid, order, now, now, self._shelf.base_url)
        self._shelf.keep(recording)
        is_taped = self._party.wire is not None
        self._running[sid] = _Running(recording, is_taped, since=self._position(is_taped=is_taped))
        self._tell(recording, "in-progress")
        return recording

    def current(self) -> str | None:
        """The recording that began last and still runs."""
        return next(reversed(self._running), None)

    def pause(self, sid: str, *, keeps_silence: bool) -> bool:
        """False: no such recording runs."""
        running = self._running.get(sid)
        if running is None:
            return False
        if not running.is_paused:
            self._turn_page(running)
            running.is_paused, running.keeps_pauses = True, keeps_silence
        self._mark(running.recording, "paused")
        return True

    def resume(self, sid: str) -> bool:
        running = self._running.get(sid)
        if running is None:
            return False
        if running.is_paused:
            self._turn_page(running)
            running.is_paused = False
        self._mark(running.recording, "in-progress")
        return True

    def stop(self, sid: str, *, absent: bool = False) -> Recording | None:
        """End it; its sound is there a second later. `absent`: nothing was recorded."""
        running = self._running.pop(sid, None)
        if running is None:
            return None
        self._turn_page(running)
        recording = running.recording
        recording.seconds = max(0, round(sum(span.end - span.start for span in running.spans)))
        if recording.order.source == BY_CALL:
            self._call.recording_fields = {
                "RecordingUrl": recording.media_url,
                "RecordingSid": recording.sid,
                "RecordingDuration": str(recording.seconds),
            }
        self._mark(recording, "absent" if absent else "processing")
        self._world.spawn(self._complete(recording, self._sound(running), absent=absent))
        return recording

    def close(self) -> None:
        """The call is over."""
        for sid in list(self._running):
            self.stop(sid)

    def _turn_page(self, running: _Running) -> None:
        here = self._position(is_taped=running.is_taped)
        if not running.is_paused or running.keeps_pauses:
            running.spans.append(_Span(running.since, here, running.is_paused))
        running.since = here

    def _position(self, *, is_taped: bool) -> float:
        if is_taped and self._party.wire is not None:
            return self._party.wire.tape.seconds
        return self._call.watch.seconds()

    def _sound(self, running: _Running) -> Taped | Track:
        wire = self._party.wire
        if running.is_taped and wire is not None:
            return taped(
                [
                    silence(span.end - span.start) if span.is_silent else wire.tape.part(span.start, span.end)
                    for span in running.spans
                ]
            )
        spans = [(span.start, span.end) for span in running.spans if not span.is_silent]
        return written_track(self._call.said, spans, self._call.household.resident)

    async def _complete(self, recording: Recording, sound: Taped | Track, *, absent: bool) -> None:
        await self._world.clock.sleep(_PROCESSING)
        if absent:
            self._tell(recording, "absent")
            return
        self._shelf.fill(recording, sound)
        self._mark(recording, "completed")
        self._tell(recording, "completed")

    def _mark(self, recording: Recording, status: Status) -> None:
        recording.status, recording.updated_at = status, self._call.watch.now()

    def _tell(self, recording: Recording, event: str) -> None:
        order = recording.order
        if order.tells is None or event not in order.events:
            return
        fields = {
            "AccountSid": recording.account_sid,
            "CallSid": recording.call_sid,
            "RecordingSid": recording.sid,
            "RecordingUrl": recording.media_url,
            "RecordingStatus": event,
            "RecordingChannels": str(order.channels),
            "RecordingStartTime": rfc2822(recording.started_at) or "",
            "RecordingSource": order.source,
            "RecordingTrack": order.track,
        }
        if recording.seconds is not None:
            fields["RecordingDuration"] = str(recording.seconds)
        self._outgoing.owe(self._call, order.tells, fields)
