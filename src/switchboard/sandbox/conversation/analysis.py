"""What a platform makes of a finished conversation: summary, title, success, goals met, data found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from switchboard.sandbox.conversation.dialogue import Ending, Role, Turn
from switchboard.sandbox.conversation.phrases import SUMMARY, primary, says_unknown
from switchboard.sandbox.conversation.signals import is_machine, takes_leave, wants_more
from switchboard.sandbox.conversation.spoken import sentences
from switchboard.sandbox.conversation.values import name_in, number_in
from switchboard.sandbox.conversation.words import ideas, terms

_MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class Analysis:
    """`successful`: `success`, `failure` or `unknown`."""

    summary: str
    short_summary: str
    title: str
    successful: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One judged criterion (`result` success, failure, unknown) or collected value, and why."""

    result: Any
    rationale: str


def analyse(turns: Sequence[Turn], ending: Ending, *, agent: str | None, number: str, language: str) -> Analysis:
    """Sum up a conversation in the agent's language. `number` is the other side's."""
    phrases = SUMMARY[primary(language)]
    topics = [phrases.topics[topic] for topic in _topics(turns)]
    listed = ", ".join(topics)
    names = {"agent": agent or phrases.agent, "number": number}
    user = _said_by(turns, Role.USER)
    title = phrases.title.format(topics=listed)
    if not turns or not user:
        short = (phrases.silence if turns else phrases.nobody).format(**names)
        return Analysis(f"{short} {phrases.ended[ending]}", short, title, "failure")
    if is_machine(user[0].text):
        short = phrases.machine.format(**names)
        return Analysis(f"{short} {phrases.ended[ending]}", short, title, "failure")
    short = f"{phrases.spoke.format(**names)} {phrases.asked.format(topics=listed)}"
    open_questions = [phrases.unanswered.format(question=question) for question in _unanswered(turns)[:1]]
    summary = " ".join([short, *open_questions, phrases.ended[ending]])
    return Analysis(summary, short, title, _success(turns, ending))


def judge(turns: Sequence[Turn], goal: str) -> Finding:
    """Whether a goal was met: whether the agent spoke of what the goal names."""
    if not _said_by(turns, Role.USER):
        return Finding("unknown", "Nobody but the agent spoke.")
    wanted = terms(goal)
    for turn in _said_by(turns, Role.AGENT):
        if wanted & terms(turn.text) and not says_unknown(turn.text):
            return Finding("success", f"The agent said: {turn.text}")
    return Finding("failure", "Nothing that the agent said touches the goal.")


def collect(turns: Sequence[Turn], kind: str, description: str) -> Finding:
    """A value of JSON type `kind` for a description, taken from what the user said; None when not said."""
    said = _said_by(turns, Role.USER)
    about = [turn for turn in said if terms(description) & terms(turn.text)] or said
    if kind == "boolean":
        touched = any(terms(description) & terms(turn.text) for turn in said)
        return Finding(touched, "Mentioned by the user." if touched else "Not mentioned by the user.")
    for turn in about:
        value = _value_in(turn.text, kind, description)
        if value is not None:
            return Finding(value, f"The user said: {turn.text}")
    return Finding(None, "The user did not say.")


def _value_in(text: str, kind: str, description: str) -> object:
    if kind in ("integer", "number"):
        return number_in(text, whole=kind == "integer")
    if "name" in description.lower():
        return name_in(text)
    return text if terms(description) & terms(text) else None


def _topics(turns: Sequence[Turn]) -> list[str]:
    asked = Counter(idea for turn in _said_by(turns, Role.USER) for idea in ideas(turn.text))
    return [topic for topic, _ in asked.most_common(_MOST_TOPICS)] or ["other"]


def _unanswered(turns: Sequence[Turn]) -> list[str]:
    return [
        " ".join(part for part in sentences(before.text) if "?" in part) or before.text
        for before, after in pairwise(turns)
        if before.role is Role.USER and after.role is Role.AGENT and says_unknown(after.text)
    ]


def _success(turns: Sequence[Turn], ending: Ending) -> str:
    questions = [turn for turn in _said_by(turns, Role.USER) if "?" in turn.text and not wants_more(turn.text)]
    if questions and len(_unanswered(turns)) >= len(questions):
        return "failure"
    ended_well = any(takes_leave(turn.text) for turn in turns[-2:])
    if ending in (Ending.CALLEE_HUNG_UP, Ending.AGENT_ENDED):
        return "success" if ended_well else "failure"
    return "unknown"


def _said_by(turns: Sequence[Turn], role: Role) -> list[Turn]:
    return [turn for turn in turns if turn.role is role]
