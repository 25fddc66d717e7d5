"""The JSON of a media stream: what the carrier sends, and how strictly it reads what it is sent.

Source: Twilio "Media Streams - WebSocket Messages".
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from switchboard.sandbox.json_text import parsed

BINARY = 31950
UNREADABLE = 31951
_SHAPES = {"media": {"payload"}, "mark": {"name"}}


@dataclass(frozen=True, slots=True)
class Sound:
    """Mu-law to be played."""

    mu_law: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """To be sent back when the sound before it was heard."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Drop what waits."""


class BadMessageError(Exception):
    """A message that is not understood; `code` is the warning of Twilio's debugger."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


def read(message: str | bytes, stream_sid: str) -> Sound | Mark | Clear:
    """What a platform sent. Every field must be there, none may be more. Raises: BadMessageError."""
    if isinstance(message, bytes):
        raise BadMessageError(BINARY, "a binary message")
    try:
        frame = parsed(message)
    except ValueError:
        raise BadMessageError(UNREADABLE, "a message that is no JSON") from None
    if not isinstance(frame, dict) or not isinstance(event := frame.get("event"), str):
        raise BadMessageError(UNREADABLE, "a message without an event")
    if event not in ("media", "mark", "clear"):
        raise BadMessageError(UNREADABLE, f"the unknown event {event[:40]!r}")
    if frame.get("streamSid") != stream_sid:
        raise BadMessageError(UNREADABLE, f"{event} with another streamSid")
    return _content(event, frame)


def _content(event: str, frame: Mapping[str, Any]) -> Sound | Mark | Clear:
    wanted = {"event", "streamSid"} | ({event} if event in _SHAPES else set())
    if set(frame) != wanted:
        raise BadMessageError(UNREADABLE, f"{event} with missing or extra fields")
    if event == "clear":
        return Clear()
    part = frame[event]
    if not isinstance(part, dict) or set(part) != _SHAPES[event]:
        raise BadMessageError(UNREADABLE, f"{event} with missing or extra fields")
    (value,) = part.values()
    if not isinstance(value, str):
        raise BadMessageError(UNREADABLE, f"{event} whose content is no text")
    if event == "mark":
        return Mark(value)
    try:
        return Sound(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        raise BadMessageError(UNREADABLE, "media whose payload is no base64") from None


class Messages:
    """Writes one stream's messages. Numbers are strings and count from 1."""

    def __init__(self, stream_sid: str, account_sid: str, call_sid: str) -> None:
        self._stream_sid = stream_sid
        self._account_sid = account_sid
        self._call_sid = call_sid
        self._sequence = 0
        self._chunks: dict[str, int] = {}

    def connected(self) -> str:
        return _text({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, tracks: Sequence[str], parameters: Mapping[str, str]) -> str:
        start = {
            "accountSid": self._account_sid,
            "streamSid": self._stream_sid,
            "callSid": self._call_sid,
            "tracks": list(tracks),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": dict(parameters),
        }
        return self._numbered("start", start)

    def media(self, track: str, timestamp: int, mu_law: bytes) -> str:
        """`timestamp`: milliseconds since the stream began."""
        chunk = self._chunks[track] = self._chunks.get(track, 0) + 1
        media = {
            "track": track,
            "chunk": str(chunk),
            "timestamp": str(timestamp),
            "payload": base64.b64encode(mu_law).decode(),
        }
        return self._numbered("media", media)

    def dtmf(self, digit: str) -> str:
        return self._numbered("dtmf", {"track": "inbound_track", "digit": digit})

    def mark(self, name: str) -> str:
        return self._numbered("mark", {"name": name})

    def stop(self) -> str:
        return self._numbered("stop", {"accountSid": self._account_sid, "callSid": self._call_sid})

    def _numbered(self, event: str, content: Mapping[str, Any]) -> str:
        self._sequence += 1
        head = {"event": event, "sequenceNumber": str(self._sequence)}
        return _text({**head, event: content, "streamSid": self._stream_sid})


def _text(message: Mapping[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"))
