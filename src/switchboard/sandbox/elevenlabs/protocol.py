"""The words of the conversation socket: reading a client's frames, writing the service's.

Source: ElevenLabs "Agent WebSockets" (fact sheet 6.2, 6.3, 6.5).
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from switchboard.sandbox import json_text

NORMAL, OPERATIONAL, CONTRACT, INTERNAL = 1000, 1002, 1008, 1011
TOO_BIG, QUEUE_TIMED_OUT = 1009, 4300
LARGEST_FRAME = 1024 * 1024
"""Bytes; the vendor's own bound is not known."""
_LONGEST_REASON = 120
_TEXTS = {
    "user_message": "text",
    "contextual_update": "text",
    "client_tool_result": "tool_call_id",
}
_WITHOUT_CONTENT = ("user_activity", "mcp_tool_approval_result", "conversation_initiation_client_data")

Frame = dict[str, Any]


class Breach(Exception):
    """The conversation cannot go on: `code` closes the socket, `error_type` tells why."""

    def __init__(self, error_type: str, message: str, code: int = CONTRACT) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.code = code

    @property
    def reason(self) -> str:
        """Short enough for a close frame."""
        return self.message.encode()[:_LONGEST_REASON].decode(errors="ignore")

    def frame(self) -> Frame:
        """The `error` that goes before the close."""
        return _event(
            "error",
            "error_event",
            code=self.code,
            message=self.message,
            error_type=self.error_type,
            reason=self.message,
            debug_message=None,
            details=None,
        )


def parsed(text: str) -> Frame:
    """A client's frame as an object. Raises: Breach 1008, or 1009 above 1 MiB."""
    if len(text) > LARGEST_FRAME:
        raise Breach("invalid_message", "The message is larger than 1 MiB.", TOO_BIG)
    try:
        frame = json_text.parsed(text)
    except ValueError:
        raise _invalid("Messages must be JSON of Unicode text.") from None
    if not isinstance(frame, dict):
        raise _invalid("Messages must be JSON objects.")
    return frame


def initiation(text: str) -> Frame:
    """A client's first frame. Raises: Breach."""
    frame = parsed(text)
    if frame.get("type") != "conversation_initiation_client_data":
        raise _invalid("The first message must be conversation_initiation_client_data.")
    return frame


def checked(frame: Frame) -> str:
    """What kind of message this is: its `type`, or `user_audio_chunk`. Raises: Breach 1008."""
    if "type" not in frame and "user_audio_chunk" in frame:
        return "user_audio_chunk"
    kind = frame.get("type")
    if kind in _TEXTS and isinstance(frame.get(_TEXTS[kind]), str):
        return str(kind)
    if kind == "pong" and _is_whole(frame.get("event_id")):
        return "pong"
    if kind == "feedback" and frame.get("score") in ("like", "dislike", None):
        return "feedback"
    if kind == "multimodal_message":
        return "multimodal_message"
    if kind in _WITHOUT_CONTENT:
        return str(kind)
    raise _invalid(f"Unknown or malformed message {str(kind)[:40]!r}.")


def audio_in(frame: Frame) -> bytes:
    """The sound of a `user_audio_chunk`. Raises: Breach 1008."""
    chunk = frame["user_audio_chunk"]
    try:
        return base64.b64decode(chunk, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise _invalid("user_audio_chunk must be base64.") from None


def text_of_multimodal(frame: Frame) -> str:
    """The words of a `multimodal_message`; files are not looked at."""
    part = frame.get("text")
    return str(part.get("text") or "") if isinstance(part, dict) else ""


def metadata(conversation_id: str, output: str, input_: str) -> Frame:
    return _event(
        "conversation_initiation_metadata",
        "conversation_initiation_metadata_event",
        conversation_id=conversation_id,
        agent_output_audio_format=output,
        user_input_audio_format=input_,
    )


def ping(event_id: int, ping_ms: int | None) -> Frame:
    return _event("ping", "ping_event", event_id=event_id, ping_ms=ping_ms)


def audio(event_id: int, sound: bytes, alignment: Mapping[str, Any]) -> Frame:
    encoded = base64.b64encode(sound).decode()
    return _event("audio", "audio_event", audio_base_64=encoded, event_id=event_id, alignment=dict(alignment))


def user_transcript(text: str, event_id: int) -> Frame:
    return _event("user_transcript", "user_transcription_event", user_transcript=text, event_id=event_id)


def tentative_transcript(text: str, event_id: int) -> Frame:
    name = "tentative_user_transcript"
    return _event(name, "tentative_user_transcription_event", user_transcript=text, event_id=event_id)


def agent_response(text: str, event_id: int) -> Frame:
    return _event("agent_response", "agent_response_event", agent_response=text, event_id=event_id)


def correction(original: str, corrected: str, event_id: int) -> Frame:
    return _event(
        "agent_response_correction",
        "agent_response_correction_event",
        original_agent_response=original,
        corrected_agent_response=corrected,
        event_id=event_id,
    )


def response_part(kind: str, text: str, event_id: int) -> Frame:
    """`kind`: start, delta or stop."""
    return _event("agent_chat_response_part", "text_response_part", type=kind, text=text, event_id=event_id)


def interruption(event_id: int) -> Frame:
    return _event("interruption", "interruption_event", event_id=event_id)


def vad_score(score: float) -> Frame:
    return _event("vad_score", "vad_score_event", vad_score=round(score, 4))


def client_tool_call(name: str, call_id: str, parameters: Mapping[str, Any], event_id: int) -> Frame:
    return _event(
        "client_tool_call",
        "client_tool_call",
        tool_name=name,
        tool_call_id=call_id,
        parameters=dict(parameters),
        event_id=event_id,
    )


def tool_request(name: str, call_id: str, kind: str, event_id: int) -> Frame:
    name_of = "agent_tool_request"
    return _event(name_of, name_of, tool_name=name, tool_call_id=call_id, tool_type=kind, event_id=event_id)


def tool_response(name: str, call_id: str, kind: str, event_id: int, *, is_error: bool) -> Frame:
    return _event(
        "agent_tool_response",
        "agent_tool_response",
        tool_name=name,
        tool_call_id=call_id,
        tool_type=kind,
        is_error=is_error,
        is_called=True,
        event_id=event_id,
    )


def queue_status(status: str) -> Frame:
    """`status`: waiting, admitted or timed_out."""
    return _event("queue_status", "queue_status_event", status=status)


def _event(kind: str, part: str, **content: Any) -> Frame:
    return {"type": kind, part: content}


def _invalid(message: str) -> Breach:
    return Breach("invalid_message", message)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
