"""From a call's configuration to an agent's persona and manners.

Source: Ultravox "Agents" (first speaker, inactivity messages), "Built-in tools" (hangUp).
"""

from collections.abc import Mapping
from typing import Any

from switchboard.sandbox.conversation.dialogue import Manners
from switchboard.sandbox.conversation.persona import Persona, SilenceLine
from switchboard.sandbox.conversation.words import language_of
from switchboard.sandbox.ultravox import voices
from switchboard.sandbox.ultravox.requests import seconds

_FALLBACK_AFTER = 5.0


def persona(config: Mapping[str, Any], context: dict[str, Any]) -> Persona:
    """Who speaks. Without the tool `hangUp` the agent takes leave but leaves the hanging up to the callee."""
    return Persona(
        prompt=config.get("systemPrompt") or "",
        first_message=_first_text(config),
        language=language(config),
        variables=context,
        can_hang_up=any(_hangs_up(tool) for tool in config.get("selectedTools") or []),
        silence_lines=_silence_lines(config.get("inactivityMessages") or []),
    )


def manners(config: Mapping[str, Any]) -> Manners:
    """Who speaks first, for how long, and the last words."""
    settings = config.get("firstSpeakerSettings") or {}
    agent, fallback = settings.get("agent") or {}, (settings.get("user") or {}).get("fallback")
    return Manners(
        agent_first="user" not in settings,
        opening_delay=seconds(agent.get("delay") or "0s", "delay"),
        fallback_after=None if fallback is None else _delay(fallback),
        longest=seconds(config["maxDuration"], "maxDuration"),
        last_words=config.get("timeExceededMessage") or "",
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


def _hangs_up(tool: Any) -> bool:
    return isinstance(tool, dict) and tool.get("toolName") == "hangUp"


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
