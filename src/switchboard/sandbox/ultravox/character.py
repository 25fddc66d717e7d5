"""From a call's configuration to an agent's persona and manners.

Source: Ultravox "Agents" (first speaker, inactivity messages), "Built-in tools" (hangUp).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from switchboard.sandbox.conversation.persona import Persona, SilenceLine
from switchboard.sandbox.conversation.turns import Manners
from switchboard.sandbox.conversation.words import language_of
from switchboard.sandbox.ultravox import voices
from switchboard.sandbox.ultravox.requests import seconds
from switchboard.sandbox.ultravox.tools import LONGEST_TIMEOUT, ChosenTool

_FALLBACK_AFTER = 5.0
_CALLABLE = (None, "coldTransfer", "warmTransfer")
"""Tools that the mind calls by itself: the customer's own, and transfers. The others are habits of the mind."""
_ENDPOINT, _INTERRUPTION = "0.5s", "0.25s"
"""Longer than the service's 0.384 s and 0.09 s, which a model of turns makes up for there."""


def persona(config: Mapping[str, Any], context: dict[str, Any], chosen: Sequence[ChosenTool]) -> Persona:
    """Who speaks. Without the tool `hangUp` the agent takes leave but leaves the hanging up to the callee."""
    left = next((tool.overrides.get("message") for tool in chosen if tool.built_in == "leaveVoicemail"), None)
    return Persona(
        prompt=config.get("systemPrompt") or "",
        first_message=_first_text(config),
        language=language(config),
        variables=context,
        can_hang_up=any(tool.built_in == "hangUp" for tool in chosen),
        silence_lines=_silence_lines(config.get("inactivityMessages") or []),
        voicemail_message=None if left is None else str(left),
        tools=tuple(tool.for_model() for tool in chosen if tool.built_in in _CALLABLE),
    )


def manners(config: Mapping[str, Any]) -> Manners:
    """Who speaks first, for how long, and the last words."""
    settings, vad = config.get("firstSpeakerSettings") or {}, config.get("vadSettings") or {}
    agent, fallback = settings.get("agent") or {}, (settings.get("user") or {}).get("fallback")
    return Manners(
        agent_first="user" not in settings,
        opening_delay=seconds(agent.get("delay") or "0s", "delay"),
        fallback_after=None if fallback is None else _delay(fallback),
        longest=seconds(config["maxDuration"], "maxDuration"),
        last_words=config.get("timeExceededMessage") or "",
        opening_interruptible=not agent.get("uninterruptible"),
        pause=seconds(vad.get("turnEndpointDelay") or _ENDPOINT, "turnEndpointDelay"),
        barge_in_after=seconds(
            vad.get("minimumInterruptionDuration") or _INTERRUPTION, "minimumInterruptionDuration"
        ),
        tool_seconds=LONGEST_TIMEOUT + 1,
    )


def language(config: Mapping[str, Any]) -> str:
    """The hint, else what the texts are written in, else the voice's language."""
    if config.get("languageHint"):
        return str(config["languageHint"])
    speaker = voices.find(str(config.get("voice") or ""))
    written = language_of(f"{_first_text(config)} {config.get('systemPrompt') or ''}")
    return written or (speaker.language if speaker else "en")


def _first_text(config: Mapping[str, Any]) -> str:
    settings = config.get("firstSpeakerSettings") or {}
    opening = settings.get("agent") or (settings.get("user") or {}).get("fallback") or {}
    return str(opening.get("text") or "")


def _delay(fallback: Mapping[str, Any]) -> float:
    given = fallback.get("delay")
    return _FALLBACK_AFTER if given is None else seconds(given, "delay")


def _silence_lines(configured: list[dict[str, Any]]) -> tuple[SilenceLine, ...] | None:
    """Inactivity messages; their durations add up."""
    if not configured:
        return None
    after, lines = 0.0, []
    for line in configured:
        after += seconds(line["duration"], "duration")
        ends = str(line.get("endBehavior", "")).startswith("END_BEHAVIOR_HANG_UP")
        lines.append(SilenceLine(after, str(line.get("message", "")), hangs_up=ends))
    return tuple(lines)
