"""The mind of an agent that a language model thinks for."""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.language_model import Answer, LanguageModel, NoAnswerError, Wish
from switchboard.sandbox.conversation.persona import Persona
from switchboard.sandbox.conversation.signals import is_machine
from switchboard.sandbox.conversation.spoken import render
from switchboard.sandbox.line import Speech, ToolCall, ToolResult

_REMEMBERED = 60
"""Messages of a conversation that the model is shown."""
_LONGEST_SPEECH = 600
_HANG_UP = "end_this_call"
_MANNERS = (
    "You are on the telephone. Say one to three short sentences in plain words, without lists or markup, "
    "in this language: {language}."
)
_MARKUP = re.compile(r"[*_#`]+")


class ModelledMind:
    """Asks the model for what to say. Silences, machines and a model that fails are left to the scripted mind."""

    def __init__(self, persona: Persona, model: LanguageModel) -> None:
        self._persona = persona
        self._model: LanguageModel | None = model
        self._scripted = AgentMind(persona)
        self._messages: deque[Mapping[str, Any]] = deque(maxlen=_REMEMBERED)
        prompt = render(persona.prompt, persona.variables)
        self._context = f"{prompt}\n\n{_MANNERS.format(language=persona.language)}"
        self._functions = _functions(persona)
        self._wishes: deque[Wish] = deque()
        self._was_spoken_to = False

    async def opens(self) -> Speech:
        """As the scripted mind does: the first message is the customer's own."""
        speech = await self._scripted.opens()
        self._messages.append({"role": "assistant", "content": speech.text})
        return speech

    async def answers(self, heard: str) -> Speech | ToolCall | None:
        """Falls back to the scripted mind for the rest of the conversation once the model fails."""
        first, self._was_spoken_to = not self._was_spoken_to, bool(heard.strip())
        if self._model is None or not heard.strip() or (first and is_machine(heard)):
            return await self._scripted.answers(heard)
        return await self._asked({"role": "user", "content": heard}) or await self._scripted.answers(heard)

    async def learns(self, call: ToolCall, result: ToolResult) -> Speech | ToolCall | None:
        """The model is asked again when all that it wanted is done."""
        if self._model is None:
            return await self._scripted.learns(call, result)
        done = {"role": "tool", "tool_call_id": call.id, "content": result.text}
        if self._wishes or result.listens:
            self._messages.append(done)
            return self._next_call() if self._wishes else None
        return await self._asked(done) or await self._scripted.learns(call, result)

    def waits(self) -> float:
        return self._scripted.waits()

    def notes(self, context: str) -> None:
        """The model reads it before its next answer."""
        self._scripted.notes(context)
        self._messages.append({"role": "system", "content": context})

    async def _asked(self, message: Mapping[str, Any]) -> Speech | ToolCall | None:
        """None: the model failed, and nothing of it is kept. A cancelled question was never asked."""
        assert self._model is not None
        system = {"role": "system", "content": self._context}
        try:
            answer = await self._model.answer([system, *_complete([*self._messages, message])], self._functions)
        except NoAnswerError as error:
            self._model.warn(error)
            self._model = None
            return None
        self._messages.extend((message, answer.message))
        return self._reply(answer)

    def _reply(self, answer: Answer) -> Speech | ToolCall | None:
        said = _sayable(answer.text)
        if any(wish.name == _HANG_UP for wish in answer.wishes):
            return Speech(said, hangs_up=True)
        self._wishes.extend(answer.wishes)
        if self._wishes:
            return self._next_call()
        return Speech(said) if said else None

    def _next_call(self) -> ToolCall:
        wish = self._wishes.popleft()
        return ToolCall(wish.id, wish.name, wish.arguments)


def _complete(messages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without calls that were never answered and answers whose call is forgotten: endpoints refuse those."""
    answered = {message["tool_call_id"] for message in messages if message["role"] == "tool"}
    kept, asked = [], set()
    for message in messages:
        wanted = {call["id"] for call in message.get("tool_calls", ())}
        if wanted <= answered and (message["role"] != "tool" or message["tool_call_id"] in asked):
            asked |= wanted
            kept.append(message)
    return kept


def _sayable(text: str) -> str:
    """Without markup, and no longer than a breath allows."""
    plain = " ".join(_MARKUP.sub("", text).split())
    if len(plain) <= _LONGEST_SPEECH:
        return plain
    cut = plain[:_LONGEST_SPEECH]
    return cut[: cut.rfind(". ") + 1] or f"{cut.rsplit(' ', 1)[0]}…"


def _functions(persona: Persona) -> Sequence[Mapping[str, Any]]:
    ending = [_function(_HANG_UP, "End the call after saying goodbye.", {})] if persona.can_hang_up else []
    return [*(_function(tool.name, tool.description, tool.parameters) for tool in persona.tools), *ending]


def _function(name: str, description: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    schema = {"type": "object", "properties": {}, **parameters}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}
