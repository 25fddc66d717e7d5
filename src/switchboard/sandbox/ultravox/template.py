"""A call's configuration: the fields of `callTemplate`, their defaults, and what the service refuses.

Source: Ultravox "Agents" and "Calls" (fact sheet 2.3, 2.4, 3.2).
"""

from typing import Any

from switchboard.sandbox.conversation.spoken import render, variables_in
from switchboard.sandbox.ultravox import media, tools, voices
from switchboard.sandbox.ultravox.context_schema import violations
from switchboard.sandbox.ultravox.errors import bad_request
from switchboard.sandbox.ultravox.shapes import (
    Shape,
    anything,
    choice,
    duration,
    flag,
    json_object,
    list_of,
    number,
    record,
    text,
    with_required,
    word,
)

DEFAULT_MODEL = "ultravox-v0.7"
MODELS = (DEFAULT_MODEL, "ultravox-v0.6", "ultravox-v0.6-gemma3-27b", "ultravox-v0.6-llama3.3-70b")
_LEGACY_MODELS = ("fixie-ai/ultravox", "fixie-ai/ultravox-llama3.3-70b")
_LONGEST_HINT = 16
_WRITE_ONLY = frozenset({"sharedSecrets"})

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

_OPENING = {"text": text(), "prompt": text(), "delay": duration}
_SILENCE = record({
    "duration": duration,
    "message": text(),
    "endBehavior": word("UNSPECIFIED", "HANG_UP_SOFT", "HANG_UP_STRICT", prefix="END_BEHAVIOR_"),
})  # fmt: skip

FIELDS: dict[str, Shape] = {
    "systemPrompt": text(),
    "model": word(*MODELS, *_LEGACY_MODELS),
    "temperature": number(0, 1),
    "voice": text(),
    "externalVoice": json_object,
    "voiceOverrides": json_object,
    "languageHint": text(),
    "medium": media.MEDIUM,
    "initialOutputMedium": media.OUTPUT_MEDIUM,
    "joinTimeout": duration,
    "maxDuration": duration,
    "timeExceededMessage": text(),
    "inactivityMessages": list_of(with_required(_SILENCE, "duration")),
    "recordingEnabled": flag,
    "firstSpeakerSettings": choice({
        "agent": record({**_OPENING, "uninterruptible": flag}),
        "user": record({"fallback": record(_OPENING)}),
    }),
    "vadSettings": record({
        "turnEndpointDelay": duration,
        "minimumTurnDuration": duration,
        "minimumInterruptionDuration": duration,
        "frameActivationThreshold": number(0.1, 1),
    }),
    "selectedTools": list_of(tools.selection),
    "dataConnection": media.DATA_CONNECTION,
    "contextSchema": json_object,
    "retentionPolicy": word("UNSPECIFIED", "RETAIN", "AUTO_DELETE", prefix="CALL_RETENTION_POLICY_"),
    "sharedSecrets": list_of(text(16, 127)),
}  # fmt: skip
"""What a call's configuration may hold."""

_READ_ONLY = dict.fromkeys(("name", "created", "updated"), anything)
_TEMPLATE = record({**FIELDS, **_READ_ONLY})


def read(given: Any, known: tools.Known) -> dict[str, Any]:
    """An agent's `callTemplate` without nulls. Raises: UltravoxError 400."""
    template: dict[str, Any] = _TEMPLATE(given, "callTemplate")
    check(template, known)
    return {name: value for name, value in template.items() if name not in _READ_ONLY}


def complete(given: dict[str, Any]) -> dict[str, Any]:
    """A template with every field, for reading back: secrets left out, defaults filled in."""
    return {name: value for name, value in {**DEFAULTS, **given}.items() if name not in _WRITE_ONLY}


def check(config: dict[str, Any], known: tools.Known) -> None:
    """What fields of good shape may still do wrong together. `known`: the tools that may be selected.

    Raises: UltravoxError 400.
    """
    _check_voice(config)
    tools.check(config.get("selectedTools") or [], known)
    hint = config.get("languageHint") or ""
    if len(hint) > _LONGEST_HINT and not variables_in(hint):
        raise bad_request(f"languageHint must have at most {_LONGEST_HINT} characters.")


def check_context(config: dict[str, Any], context: dict[str, Any], known: tools.Known) -> None:
    """The context must satisfy `contextSchema`, and without one hold every variable. Raises: UltravoxError 400."""
    schema = config.get("contextSchema")
    if schema is None:
        schema = {"type": "object", "required": sorted(_roots(config, known))}
    for broken in violations(schema, context):
        raise bad_request(f"templateContext does not match the context schema: {broken}")


def rendered(config: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    """The configuration with its templated texts filled in."""
    filled = {
        field: render(config[field], context)
        for field in ("systemPrompt", "languageHint", "timeExceededMessage")
        if config.get(field) is not None
    }
    lines = [
        {**line, "message": render(line.get("message", ""), context)}
        for line in config.get("inactivityMessages") or []
    ]
    return {**config, **filled, "inactivityMessages": lines}


def _roots(config: dict[str, Any], known: tools.Known) -> set[str]:
    texts = [config.get(field) or "" for field in ("systemPrompt", "languageHint", "timeExceededMessage")]
    texts += [line.get("message", "") for line in config.get("inactivityMessages") or []]
    texts += tools.templates(config.get("selectedTools") or [], known)
    return {name.split(".")[0] for text in texts for name in variables_in(text)}


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
