"""A call's configuration: the fields of `callTemplate`, their defaults, and what the service refuses.

Source: Ultravox "Agents" and "Calls" (fact sheet 2.3, 2.4, 3.2).
"""

from collections.abc import Iterable
from typing import Any

from switchboard.sandbox.conversation.spoken import render, variables_in
from switchboard.sandbox.ultravox import tools, voices
from switchboard.sandbox.ultravox.errors import bad_request
from switchboard.sandbox.ultravox.requests import seconds

DEFAULT_MODEL = "ultravox-v0.7"
MODELS = (DEFAULT_MODEL, "ultravox-v0.6", "ultravox-v0.6-gemma3-27b", "ultravox-v0.6-llama3.3-70b")
_LEGACY_MODELS = ("fixie-ai/ultravox", "fixie-ai/ultravox-llama3.3-70b")
_LONGEST_HINT = 16
_MEDIA = ("webRtc", "twilio", "telnyx", "plivo", "exotel", "sip", "serverWebSocket")
_READ_ONLY = frozenset({"name", "created", "updated"})
_WRITE_ONLY = frozenset({"sharedSecrets"})
_SHORTEST_SECRET, _LONGEST_SECRET = 16, 127
_SLOWEST, _FASTEST = 8_000, 48_000
_WEB_SOCKET = ("inputSampleRate", "outputSampleRate", "clientBufferSizeMs", "dataMessages", "mediaIdleTimeout")
_VAD_DURATIONS = ("turnEndpointDelay", "minimumTurnDuration", "minimumInterruptionDuration")
_DATA_CONNECTION = ("websocketUrl", "headers", "audioConfig", "dataMessages")
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

DEFAULTS: dict[str, Any] = {
    "systemPrompt": None,
    "model": DEFAULT_MODEL,
    "temperature": 0.0,
    "voice": None,
    "externalVoice": None,
    "voiceOverrides": None,
    "languageHint": None,
    "medium": None,
    "initialOutputMedium": "MESSAGE_MEDIUM_VOICE",
    "joinTimeout": "30s",
    "maxDuration": "3600s",
    "timeExceededMessage": None,
    "inactivityMessages": [],
    "recordingEnabled": False,
    "firstSpeakerSettings": {"agent": {}},
    "vadSettings": None,
    "selectedTools": [],
    "dataConnection": None,
    "contextSchema": None,
    "retentionPolicy": "CALL_RETENTION_POLICY_UNSPECIFIED",
}
TEMPLATE_FIELDS = frozenset(DEFAULTS) | _READ_ONLY | _WRITE_ONLY
_TEXTS = ("systemPrompt", "voice", "languageHint", "model", "timeExceededMessage")
_DURATIONS = ("joinTimeout", "maxDuration")


def complete(given: dict[str, Any]) -> dict[str, Any]:
    """A template with every field, for reading back: secrets left out, defaults filled in."""
    shown = {**DEFAULTS, **{key: value for key, value in given.items() if value is not None}}
    return {key: value for key, value in shown.items() if key not in _WRITE_ONLY}


def check_known(given: Iterable[str], known: Iterable[str], where: str) -> None:
    """Raises: UltravoxError 400 for a field that the service does not know, as protobuf bodies do."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise bad_request(f'{where} has no field named "{unknown[0]}".')


def check(config: dict[str, Any], where: str, known: tools.Known) -> None:
    """Raises: UltravoxError 400 for a value that the service refuses. `known`: the tools that may be selected."""
    for field in _TEXTS:
        if config.get(field) is not None and not isinstance(config[field], str):
            raise bad_request(f"{where}.{field} must be a string.")
    for field in _DURATIONS:
        if config.get(field) is not None:
            seconds(config[field], f"{where}.{field}")
    _check_temperature(config.get("temperature"))
    _check_model(config.get("model"))
    _check_voice(config)
    _check_first_speaker(config.get("firstSpeakerSettings"))
    _check_inactivity(config.get("inactivityMessages"))
    tools.check(config.get("selectedTools"), known)
    _check_vad(config.get("vadSettings"))
    _check_data_connection(config.get("dataConnection"))
    check_secrets(config.get("sharedSecrets"), _SHORTEST_SECRET, _LONGEST_SECRET)
    check_medium(config.get("medium"))
    if len(config.get("languageHint") or "") > _LONGEST_HINT and not variables_in(config["languageHint"]):
        raise bad_request(f"languageHint must have at most {_LONGEST_HINT} characters.")


def check_medium(medium: Any) -> None:
    if medium is None:
        return
    if not isinstance(medium, dict) or len(medium) > 1:
        raise bad_request("medium must be an object with at most one key.")
    check_known(medium, _MEDIA, "medium")
    kind, way = next(iter(medium.items()), ("webRtc", {}))
    if not isinstance(way, dict):
        raise bad_request(f"medium.{kind} must be an object.")
    if kind == "serverWebSocket":
        _check_web_socket(way)
    handling = way.get("dtmfHandling") or {}
    if not isinstance(handling, dict) or not isinstance(handling.get("userTextMessage") or {}, dict):
        raise bad_request("dtmfHandling must be an object.")


def _check_web_socket(way: dict[str, Any]) -> None:
    check_known(way, _WEB_SOCKET, "medium.serverWebSocket")
    if way.get("inputSampleRate") is None:
        raise bad_request("medium.serverWebSocket.inputSampleRate is required.")
    for field in ("inputSampleRate", "outputSampleRate"):
        rate = way.get(field)
        if rate is not None and not (_is_whole(rate) and _SLOWEST <= rate <= _FASTEST):
            raise bad_request(f"medium.serverWebSocket.{field} must be from {_SLOWEST} to {_FASTEST}.")
    buffer = way.get("clientBufferSizeMs")
    if buffer is not None and not (_is_whole(buffer) and buffer >= 0):
        raise bad_request("medium.serverWebSocket.clientBufferSizeMs must be a whole number of milliseconds.")
    if way.get("mediaIdleTimeout") is not None:
        seconds(way["mediaIdleTimeout"], "medium.serverWebSocket.mediaIdleTimeout")
    check_data_messages(way.get("dataMessages"))


def _check_vad(settings: Any) -> None:
    if settings is None:
        return
    if not isinstance(settings, dict):
        raise bad_request("vadSettings must be an object.")
    check_known(settings, (*_VAD_DURATIONS, "frameActivationThreshold"), "vadSettings")
    for field in _VAD_DURATIONS:
        if settings.get(field) is not None:
            seconds(settings[field], f"vadSettings.{field}")


def _check_data_connection(order: Any) -> None:
    if order is None:
        return
    if not isinstance(order, dict):
        raise bad_request("dataConnection must be an object.")
    check_known(order, _DATA_CONNECTION, "dataConnection")
    if not str(order.get("websocketUrl") or "").startswith(("ws://", "wss://")):
        raise bad_request("dataConnection.websocketUrl must be a WebSocket address.")
    headers = order.get("headers") or {}
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise bad_request("dataConnection.headers must hold strings.")
    check_data_messages(order.get("dataMessages"))


def check_data_messages(toggles: Any) -> None:
    """Raises: UltravoxError 400."""
    if toggles is None:
        return
    if not isinstance(toggles, dict) or not all(isinstance(wanted, bool) for wanted in toggles.values()):
        raise bad_request("dataMessages must hold booleans.")
    check_known(toggles, DATA_MESSAGES, "dataMessages")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def check_secrets(secrets: Any, shortest: int, longest: int) -> None:
    if secrets is None:
        return
    good = isinstance(secrets, list) and all(
        isinstance(one, str) and shortest <= len(one) <= longest for one in secrets
    )
    if not good:
        raise bad_request(f"Secrets must be strings of {shortest} to {longest} characters.")


def check_context(config: dict[str, Any], context: dict[str, Any]) -> None:
    """Raises: UltravoxError 400 when the context lacks what `contextSchema` or the template's variables need."""
    schema = config.get("contextSchema")
    required = schema.get("required", []) if isinstance(schema, dict) else sorted(_roots(config))
    missing = [name for name in required if name not in context]
    if missing:
        raise bad_request(
            f"templateContext does not match the context schema: '{missing[0]}' is a required property"
        )


def rendered(config: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    """The configuration with its templated texts filled in."""
    filled = {
        field: render(config[field], context)
        for field in ("systemPrompt", "languageHint", "timeExceededMessage")
        if isinstance(config.get(field), str)
    }
    lines = [
        {**line, "message": render(str(line.get("message", "")), context)}
        for line in config.get("inactivityMessages") or []
    ]
    return {**config, **filled, "inactivityMessages": lines}


def _roots(config: dict[str, Any]) -> set[str]:
    texts = [config.get(field) or "" for field in ("systemPrompt", "languageHint", "timeExceededMessage")]
    texts += [str(line.get("message", "")) for line in config.get("inactivityMessages") or []]
    return {name.split(".")[0] for text in texts for name in variables_in(text)}


def _check_temperature(value: Any) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (number and 0 <= value <= 1):
        raise bad_request("temperature must be a number from 0 to 1.")


def _check_model(model: Any) -> None:
    if model is not None and model not in MODELS and model not in _LEGACY_MODELS:
        raise bad_request(f"Unknown model: {model}")


def _check_voice(config: dict[str, Any]) -> None:
    voice, external = config.get("voice"), config.get("externalVoice")
    if voice and external:
        raise bad_request("At most one of voice and externalVoice may be set.")
    if config.get("voiceOverrides") and not voice:
        raise bad_request("voiceOverrides may only be set with voice.")
    if external:
        raise bad_request("No credentials are configured for this voice provider.")
    if voice and voices.find(voice) is None:
        raise bad_request(f"Voice not found: {voice}")


def _check_first_speaker(settings: Any) -> None:
    if settings is None:
        return
    if not isinstance(settings, dict) or len(settings) > 1:
        raise bad_request("firstSpeakerSettings must hold exactly one of agent and user.")
    check_known(settings, ("agent", "user"), "firstSpeakerSettings")
    agent, user = settings.get("agent") or {}, settings.get("user") or {}
    check_known(agent, ("text", "prompt", "delay", "uninterruptible"), "firstSpeakerSettings.agent")
    check_known(user, ("fallback",), "firstSpeakerSettings.user")
    fallback = user.get("fallback") or {}
    check_known(fallback, ("delay", "text", "prompt"), "firstSpeakerSettings.user.fallback")
    for where in (agent, fallback):
        if where.get("delay") is not None:
            seconds(where["delay"], "firstSpeakerSettings delay")


def _check_inactivity(lines: Any) -> None:
    if lines is None:
        return
    if not isinstance(lines, list):
        raise bad_request("inactivityMessages must be a list.")
    for line in lines:
        if not isinstance(line, dict):
            raise bad_request("inactivityMessages must hold objects.")
        check_known(line, ("duration", "message", "endBehavior"), "inactivityMessages")
        seconds(line.get("duration"), "inactivityMessages.duration")
