"""How a call's sound and messages travel: the media, and the messages that each side of them may choose.

Source: Ultravox OpenAPI document (CallMedium, DataConnectionConfig); fact sheet 3.5, 6.2, 6.3, 6.7.
"""

from typing import Any

from switchboard.sandbox.ultravox.errors import bad_request
from switchboard.sandbox.ultravox.shapes import (
    Shape,
    choice,
    duration,
    flag,
    json_object,
    map_of,
    number,
    record,
    text,
    with_required,
    word,
)

__all__ = ["DATA_CONNECTION", "DATA_MESSAGES", "MEDIUM", "OUTPUT_MEDIUM"]

DATA_MESSAGES = {
    "pong": True,
    "state": True,
    "transcript": True,
    "clientToolInvocation": True,
    "callStarted": True,
    "playbackClearBuffer": True,
    "dataConnectionToolInvocation": True,
    "debug": False,
    "callEvent": False,
    "toolUsed": False,
    "userStartedSpeaking": False,
    "userStoppedSpeaking": False,
    "invokingTool": False,
}
"""Which messages a client gets unless it chose otherwise."""

_MOST = 2**31 - 1
_RATE = number(8_000, 48_000, whole=True)
_MESSAGES = record(dict.fromkeys(DATA_MESSAGES, flag))
_KEYS = {
    "dtmfHandling": choice({
        "ignore": flag,
        "userTextMessage": record({
            "text": text(),
            "urgency": word("UNSPECIFIED", "IMMEDIATE", "SOON", "LATER", prefix="URGENCY_"),
        }),
    })
}  # fmt: skip
_NUMBERS = record({"to": text(), "from": text(), "additionalParams": json_object})
_CARRIER = record({**_KEYS, "incoming": json_object, "outgoing": _NUMBERS})
_SIP_NUMBERS = record({name: text() for name in ("to", "from", "username", "password")})

MEDIUM = choice({
    "webRtc": record({"dataMessages": _MESSAGES}),
    "twilio": _CARRIER,
    "telnyx": _CARRIER,
    "plivo": _CARRIER,
    "exotel": record(_KEYS),
    "sip": record({**_KEYS, "incoming": json_object, "outgoing": _SIP_NUMBERS}),
    "serverWebSocket": with_required(
        record({
            "inputSampleRate": _RATE,
            "outputSampleRate": _RATE,
            "clientBufferSizeMs": number(0, _MOST, whole=True),
            "dataMessages": _MESSAGES,
            "mediaIdleTimeout": duration,
        }),
        "inputSampleRate",
    ),
})  # fmt: skip

OUTPUT_MEDIUM = word("UNSPECIFIED", "VOICE", "TEXT", prefix="MESSAGE_MEDIUM_")


def _socket_address(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.startswith(("ws://", "wss://")):
        raise bad_request(f"{where} must be a WebSocket address.")
    return value


DATA_CONNECTION: Shape = with_required(
    record({
        "websocketUrl": _socket_address,
        "headers": map_of(text()),
        "audioConfig": record({
            "sampleRate": _RATE,
            "channelMode": word("UNSPECIFIED", "MIXED", "SEPARATED", prefix="CHANNEL_MODE_"),
        }),
        "dataMessages": _MESSAGES,
    }),
    "websocketUrl",
)  # fmt: skip
