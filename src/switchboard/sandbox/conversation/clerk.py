"""Which tool an agent wants for what it heard, with which arguments, and what it must ask first."""

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from switchboard.sandbox.conversation import slots
from switchboard.sandbox.conversation.persona import Tool
from switchboard.sandbox.conversation.retrieval import Index
from switchboard.sandbox.conversation.spoken import sentences
from switchboard.sandbox.conversation.words import plain, stem, terms
from switchboard.sandbox.line import ToolCall

_REMEMBERED = 20
_ASKED_TWICE = 2
_LIKELY = 0.3
"""Share of the meaning of what was heard that a tool must cover."""
_AT_THE_START = re.compile(
    r"\b(?:at the (?:start|beginning)|as soon as|first of all|before (?:anything|you (?:answer|speak|say)))\b"
)
_AT_THE_END = re.compile(
    r"\b(?:at the end|before (?:you )?(?:hang|ending|saying goodbye)|(?:says?|saying) goodbye)\b"
)
_INSTRUCTIONS = """
    use call tool function invoke run caller customer guest user client person asks ask wants want when whenever
    always provide give given retrieve return returns get fetch using with current information details data
"""
_OF_INSTRUCTIONS = frozenset(map(stem, _INSTRUCTIONS.split()))
_SHORT_LABEL = 5
_PARTY_AFTER = re.compile(r"\s+(?:of|from) (?:the|a) (?:caller|customer|user|guest|client)$")
_PARTY_BEFORE = re.compile(
    r"^(?:(?:the|a|an|your)\s+)?(?:(?:caller|customer|user|guest|client)'?s?\s+)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Question:
    """Something a tool needs that was not said: words for `May I ask for your …?`."""

    what: str


@dataclass(slots=True)
class _Form:
    """A tool's arguments while they are gathered."""

    tool: Tool
    arguments: dict[str, Any]
    missing: str
    asked: int = 1


class Clerk:
    """Remembers what was heard, so that nothing is asked for twice."""

    def __init__(self, tools: Sequence[Tool], prompt: str) -> None:
        self._tools = tools
        rules = {tool.name: _rules(tool.name, prompt) for tool in tools}
        self._meanings = {tool.name: _meaning(tool, rules[tool.name]) for tool in tools}
        self._first = [tool for tool in tools if _AT_THE_START.search(plain(rules[tool.name]))]
        self._last = [tool for tool in tools if _AT_THE_END.search(plain(rules[tool.name]))]
        self._heard: deque[str] = deque(maxlen=_REMEMBERED)
        self._called: set[tuple[str, str]] = set()
        self._form: _Form | None = None
        self._count = 0

    def hears(self, text: str) -> None:
        self._heard.append(text)

    def at_the_start(self) -> ToolCall | None:
        """What the prompt wants done before anything else."""
        return self._ready(self._first)

    def at_the_end(self) -> ToolCall | None:
        """What the prompt wants done before goodbye."""
        self._form = None
        return self._ready(self._last)

    def considers(self, heard: str, index: Index) -> ToolCall | Question | None:
        """What to do about this. None: the agent's own sentences answer better, or it was done already."""
        if self._form:
            return self._goes_on(self._form, heard)
        asked = _meant(heard)
        scored = [(index.share(asked, self._meanings[tool.name]), tool) for tool in self._tools]
        best, tool = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if tool is None or best < _LIKELY or best < index.best(asked):
            return None
        return self._fills(tool, {})

    def _goes_on(self, form: _Form, heard: str) -> ToolCall | Question | None:
        value = slots.find(form.missing, _property(form.tool, form.missing), heard, is_answer=True)
        if value is not None:
            form.arguments[form.missing] = value
            self._form = None
            return self._fills(form.tool, form.arguments)
        if form.asked >= _ASKED_TWICE:
            self._form = None
            return None
        form.asked += 1
        return Question(_asked_for(form.missing, _property(form.tool, form.missing)))

    def _fills(self, tool: Tool, known: Mapping[str, Any]) -> ToolCall | Question | None:
        arguments, missing = self._arguments(tool, known)
        if missing:
            self._form = _Form(tool, arguments, missing)
            return Question(_asked_for(missing, _property(tool, missing)))
        return self._call(tool, arguments)

    def _ready(self, tools: Iterable[Tool]) -> ToolCall | None:
        for tool in tools:
            arguments, missing = self._arguments(tool, {})
            call = None if missing else self._call(tool, arguments)
            if call:
                return call
        return None

    def _call(self, tool: Tool, arguments: dict[str, Any]) -> ToolCall | None:
        """None: the same was asked before; the answer is known by now."""
        key = (tool.name, repr(sorted(arguments.items())))
        if key in self._called:
            return None
        self._called.add(key)
        self._count += 1
        return ToolCall(f"call_{self._count}", tool.name, arguments)

    def _arguments(self, tool: Tool, known: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """What was said of them, the latest first, and the first required one that was not."""
        arguments = dict(known)
        for name in _properties(tool):
            if name not in arguments and (value := self._said(tool, name)) is not None:
                arguments[name] = value
        missing = (name for name in tool.parameters.get("required") or () if name not in arguments)
        return arguments, next(missing, "")

    def _said(self, tool: Tool, name: str) -> Any:
        for text in reversed(self._heard):
            value = slots.find(name, _property(tool, name), text)
            if value is not None:
                return value
        return None


def _properties(tool: Tool) -> Mapping[str, Any]:
    found = tool.parameters.get("properties")
    return found if isinstance(found, Mapping) else {}


def _property(tool: Tool, name: str) -> Mapping[str, Any]:
    found = _properties(tool).get(name)
    return found if isinstance(found, Mapping) else {}


def _rules(name: str, prompt: str) -> str:
    """The sentences of a prompt that name a tool."""
    return " ".join(sentence for sentence in sentences(prompt) if names(sentence, name))


def names(sentence: str, tool: str) -> bool:
    """Whether a sentence speaks of a tool by its name."""
    return bool(re.search(rf"(?<![\w-]){re.escape(tool)}(?![\w-])", sentence, re.IGNORECASE))


def _meaning(tool: Tool, rules: str) -> frozenset[str]:
    words = slots.label_of(tool.name, {"description": tool.description})
    rules = re.sub(re.escape(tool.name), " ", rules, flags=re.IGNORECASE)
    return frozenset(terms(f"{words} {rules}") - _OF_INSTRUCTIONS)


def _meant(heard: str) -> set[str]:
    """What was asked, or all of what was heard, without numbers: those are arguments."""
    asked = " ".join(sentence for sentence in sentences(heard) if "?" in sentence) or heard
    return {term for term in terms(asked) if not term.isdigit()}


def _asked_for(name: str, schema: Mapping[str, Any]) -> str:
    described = _PARTY_BEFORE.sub("", _PARTY_AFTER.sub("", str(schema.get("description") or "").strip(" .")))
    if described and len(described.split()) <= _SHORT_LABEL:
        return described[0].lower() + described[1:]
    return slots.label_of(name, {}).strip()
