"""Recordings as the carrier keeps and shows them. Source: Twilio "Recordings resource"."""

import asyncio
import io
import wave
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from switchboard.core.g711 import from_mu_law
from switchboard.sandbox.conversation.tape import LINE_RATE, SILENCE
from switchboard.sandbox.memory import MOST_SOUND_BYTES, MOST_SOUNDS
from switchboard.sandbox.phones.overheard import Said
from switchboard.sandbox.phones.residents import Resident
from switchboard.sandbox.speech.aloud import Voice
from switchboard.sandbox.speech.recording import mp3, wav
from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.speech.tones import hummed
from switchboard.sandbox.speech.tones import mp3 as tones_mp3
from switchboard.sandbox.speech.track import Line, Track
from switchboard.sandbox.speech.voices import PALETTE, timbre_for
from switchboard.sandbox.twilio.calls import API_VERSION, RecordingOrder, rfc2822

KEPT = 2_000
_KBPS = 32
_PITCHES = {"male": 110.0, "female": 200.0}
_AGENT = Voice(PALETTE["joe"], 140.0)

Status = Literal["in-progress", "paused", "stopped", "processing", "completed", "absent"]


@dataclass(frozen=True, slots=True)
class Taped:
    """Sound that really passed: mu-law of callee and agent, equally long."""

    callee: bytes
    agent: bytes

    async def channels(self) -> tuple[bytes, bytes]:
        """Signed 16 bit at 8 kHz."""
        return await asyncio.to_thread(from_mu_law, self.callee), await asyncio.to_thread(from_mu_law, self.agent)


@dataclass(slots=True)
class Recording:
    """One recording. `sound` comes when it is complete; of many the oldest lose theirs."""

    sid: str
    account_sid: str
    call_sid: str
    order: RecordingOrder
    started_at: datetime
    updated_at: datetime
    base_url: str
    """Where the sandbox is reached."""
    status: Status = "in-progress"
    seconds: int | None = None
    sound: Taped | Track | None = field(default=None, repr=False)

    @property
    def sound_bytes(self) -> int:
        """That are kept for it. What is read aloud on demand takes none."""
        return 2 * len(self.sound.callee) if isinstance(self.sound, Taped) else 0

    @property
    def path(self) -> str:
        return f"/{API_VERSION}/Accounts/{self.account_sid}/Recordings/{self.sid}"

    @property
    def media_url(self) -> str:
        """Without an extension it is a WAV file."""
        return self.base_url + self.path

    def as_json(self) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "call_sid": self.call_sid,
            "conference_sid": None,
            "api_version": API_VERSION,
            "date_created": rfc2822(self.started_at),
            "date_updated": rfc2822(self.updated_at),
            "start_time": rfc2822(self.started_at),
            "duration": "-1" if self.seconds is None else str(self.seconds),
            "status": self.status,
            "channels": self.order.channels,
            "source": self.order.source,
            "track": self.order.track,
            "price": None,
            "price_unit": "USD",
            "error_code": None,
            "encryption_details": None,
            "uri": f"{self.path}.json",
            "media_url": self.media_url,
            "subresource_uris": {
                "add_on_results": f"{self.path}/AddOnResults.json",
                "transcriptions": f"{self.path}/Transcriptions.json",
            },
        }


class Shelf:
    """The recordings of all accounts, newest last; beyond 2 000 the oldest are forgotten."""

    def __init__(self) -> None:
        self._recordings: OrderedDict[str, Recording] = OrderedDict()
        self.base_url = "http://127.0.0.1:8100"
        """Where customers reach the sandbox, as their latest request says."""

    def keep(self, recording: Recording) -> None:
        self._recordings[recording.sid] = recording
        while len(self._recordings) > KEPT:
            self._recordings.popitem(last=False)

    def fill(self, recording: Recording, sound: Taped | Track) -> None:
        recording.sound = sound
        count = size = 0
        for one in reversed(self._recordings.values()):
            if one.sound is None:
                continue
            count, size = count + 1, size + one.sound_bytes
            if count > MOST_SOUNDS or size > MOST_SOUND_BYTES:
                one.sound = None

    def find(self, sid: str) -> Recording | None:
        return self._recordings.get(sid)

    def forget(self, sid: str) -> None:
        self._recordings.pop(sid, None)

    def of(self, account_sid: str, call_sid: str | None = None) -> list[Recording]:
        """Newest first."""
        return [
            one
            for one in reversed(self._recordings.values())
            if one.account_sid == account_sid and call_sid in (None, one.call_sid)
        ]

    def clear(self) -> None:
        self._recordings.clear()


def written_track(said: Sequence[Said], spans: Sequence[tuple[float, float]], resident: Resident) -> Track:
    """What was said in words between these moments of the call, one after the other, to be read aloud."""
    lines, before = [], 0.0
    for start, end in spans:
        lines += [
            Line(one.text, before + one.at_seconds - start, hummed(one.text, 1.0)[1], one.who == "caller")
            for one in said
            if start <= one.at_seconds < end
        ]
        before += end - start
    callee = Voice(timbre_for(resident.number, resident.gender), _PITCHES.get(resident.gender, 160.0))
    return Track(lines, before, callee, _AGENT)


def taped(parts: Sequence[tuple[bytes, bytes]]) -> Taped:
    """Parts of a tape, one after the other."""
    return Taped(b"".join(callee for callee, _ in parts), b"".join(agent for _, agent in parts))


def silence(seconds: float) -> tuple[bytes, bytes]:
    """A pause that is kept, on both sides."""
    part = SILENCE * int(seconds * LINE_RATE)
    return part, part


async def rendered(recording: Recording, studio: Studio, kind: str, channels: int) -> bytes:
    """The file, `wav` or `mp3`, with one channel or two (callee, agent). The sound must be there."""
    assert recording.sound is not None
    if kind == "mp3" and studio.why_not is not None:
        return await _hummed_mp3(recording.sound)
    sound = recording.sound
    callee, agent = await (sound.channels() if isinstance(sound, Taped) else _read_aloud(sound, studio))
    if recording.order.track == "inbound":
        agent = bytes(len(callee))
    elif recording.order.track == "outbound":
        callee = bytes(len(agent))
    sides = (callee, agent) if channels > 1 else (await asyncio.to_thread(_mixed, callee, agent),)
    if kind == "mp3":
        return await asyncio.to_thread(mp3, sides, LINE_RATE, _KBPS)
    return await asyncio.to_thread(wav, sides, LINE_RATE)


async def _read_aloud(track: Track, studio: Studio) -> tuple[bytes, bytes]:
    file = await track.wav(studio)
    with wave.open(io.BytesIO(file)) as opened:
        both = array("h", opened.readframes(opened.getnframes()))
    return both[::2].tobytes(), both[1::2].tobytes()


async def _hummed_mp3(sound: Taped | Track) -> bytes:
    """Without the extra `voice` nothing encodes MP3: tones where somebody spoke."""
    seconds = len(sound.callee) / LINE_RATE if isinstance(sound, Taped) else sound.seconds
    return await asyncio.to_thread(tones_mp3, (), seconds)


def _mixed(callee: bytes, agent: bytes) -> bytes:
    both = zip(array("h", callee), array("h", agent), strict=False)
    return array("h", [max(-32768, min(32767, one + other)) for one, other in both]).tobytes()
