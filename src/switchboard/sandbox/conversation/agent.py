"""The mind of an emulated agent. It knows its prompt, and says which sentence of it fits what it heard."""

from collections import Counter
from functools import lru_cache

from switchboard.sandbox.conversation import outcomes, slots
from switchboard.sandbox.conversation.clerk import Clerk, Question, names
from switchboard.sandbox.conversation.persona import USUAL_SILENCE, Persona, SilenceLine
from switchboard.sandbox.conversation.phrases import AGENT, primary
from switchboard.sandbox.conversation.retrieval import Index
from switchboard.sandbox.conversation.signals import (
    agrees,
    asks,
    checks_presence,
    doubts_a_human,
    has_enough,
    is_machine,
    only_greets,
    only_thanks,
    refuses,
    takes_leave,
    wants_a_human,
    wants_anything,
    wants_more,
)
from switchboard.sandbox.conversation.spoken import Kind, Line, lines, render, sentences
from switchboard.sandbox.conversation.words import STOP_WORDS, terms, tokens
from switchboard.sandbox.line import Speech, ToolCall, ToolResult

_TELLING_TWICE = 2
_TOO_SHORT_TO_MEAN_MUCH = 2
_MOST_LINES = 2000
_PROMPTS_KEPT = 64


class AgentMind:
    """One conversation's agent. Deterministic: the same words heard give the same words said."""

    def __init__(self, persona: Persona) -> None:
        self._phrases = AGENT[primary(persona.language or "en")]
        self._first_message = render(persona.first_message, persona.variables).strip()
        prompt = render(persona.prompt, persona.variables)
        self._index = index_of(prompt, tuple(tool.name for tool in persona.tools))
        self._clerk = Clerk(persona.tools, prompt)
        self._put_off = ""
        """Heard before a tool that comes first."""
        self._is_leaving = False
        self._said: Counter[str] = Counter()
        self._used: Counter[str] = Counter()
        self._opened = False
        self._silences = 0
        self._can_hang_up = persona.can_hang_up
        self._voicemail_message = persona.voicemail_message
        self._silence_lines = self._lines_for_silence(persona)

    async def opens(self) -> Speech:
        """The first message, or a greeting made from the prompt where none is given."""
        self._opened = True
        return Speech(self._first_message or self._greeting())

    def waits(self) -> float:
        """Seconds of silence until the agent speaks up by itself."""
        done = self._silence_lines[: self._silences]
        if self._silences >= len(self._silence_lines):
            return USUAL_SILENCE
        return max(0.5, self._silence_lines[self._silences].after - (done[-1].after if done else 0.0))

    async def answers(self, heard: str) -> Speech | ToolCall | None:
        """The agent's reply; empty `heard` is a silence that outlasted `waits()`. None: it stays silent."""
        if not heard.strip():
            return self._into_silence()
        self._silences = 0
        self._said["heard"] += 1
        self._clerk.hears(heard)
        if self._said["heard"] == 1 and is_machine(heard):
            return self._leaves_message()
        if call := self._clerk.at_the_start():
            self._put_off = heard
            return call
        return await self._responds(heard)

    async def _responds(self, heard: str) -> Speech | ToolCall:
        if takes_leave(heard) or has_enough(heard):
            self._is_leaving = True
            return self._clerk.at_the_end() or self._farewell()
        if refuses(heard):
            return Speech(self._phrases.understood, hangs_up=self._can_hang_up)
        if only_greets(heard) and not (self._opened and agrees(heard)):
            return Speech(self._next("help", self._phrases.help)) if self._opened else await self.opens()
        if checks_presence(heard):
            return Speech(self._greeting())
        return self._clerks(heard) or Speech(self._small_talk(heard) or self._reply(heard))

    async def learns(self, call: ToolCall, result: ToolResult) -> Speech | ToolCall | None:
        """Says what the tool answered; after what the prompt wants done first, answers what was heard."""
        del call
        said = outcomes.told(result.text)
        if said and not result.is_error:
            self.notes(said)
        if self._is_leaving:
            return self._farewell()
        if heard := self._put_off:
            self._put_off = ""
            return await self._responds(heard)
        if result.listens:
            return None
        if result.is_error:
            return Speech(self._phrases.failed)
        for line in lines(said):
            self._used[line.text] += 1
        return Speech(said or self._phrases.done)

    def notes(self, context: str) -> None:
        """Learn what can be told from now on."""
        self._index = Index([*self._index.lines, *lines(context)][-_MOST_LINES:])

    def _clerks(self, heard: str) -> Speech | ToolCall | None:
        """What the tools make of it."""
        match self._clerk.considers(heard, self._index):
            case ToolCall() as call:
                self._opened = True
                return call
            case Question(what):
                self._opened = True
                return Speech(self._phrases.may_i_ask.format(what=what))
            case None:
                return None

    def _farewell(self) -> Speech:
        return Speech(self._next("farewell", self._phrases.farewell), hangs_up=self._can_hang_up)

    def _small_talk(self, heard: str) -> str:
        """About the call itself, of which no prompt tells."""
        if not self._index.fitting(terms(heard)):
            if doubts_a_human(heard):
                return f"{self._phrases.machine} {self._next('help', self._phrases.help)}"
            if wants_a_human(heard):
                return self._phrases.alone
        if only_thanks(heard):
            return f"{self._phrases.welcome} {self._next('help', self._phrases.help)}"
        return ""

    def _reply(self, heard: str) -> str:
        self._opened = True
        self._take_answers(heard)
        if wants_more(heard):
            return self._more(heard)
        asked = terms(_question_in(heard))
        fitting = self._fitting(asked)
        if not fitting and (said := terms(heard)) != asked:
            asked, fitting = said, self._fitting(said)
        told = self._tells(fitting) if fitting else ""
        if "#booking" in asked and "?" not in told and (line := self._unused(Kind.ASK)):
            self._used[line.text] += 1
            return f"{told} {line.text}".strip()
        if told:
            return told
        if asks(heard):
            return self._does_not_know()
        return f"{self._next('noted', self._phrases.noted)} {self._leads_on()}"

    def _fitting(self, asked: set[str]) -> list[Line]:
        """Without questions that were asked before: words that fit those are their answers."""
        return [
            line for line in self._index.fitting(asked) if line.kind is not Kind.ASK or not self._used[line.text]
        ]

    def _take_answers(self, heard: str) -> None:
        """Ask for nothing that was just said."""
        for line in self._index.lines:
            if line.kind is Kind.ASK and not self._used[line.text] and slots.is_told(line.text, heard):
                self._used[line.text] += 1

    def _tells(self, fitting: list[Line]) -> str:
        fresh = next((line for line in fitting[:3] if not self._used[line.text]), None)
        line = fresh or fitting[0]
        self._used[line.text] += 1
        if self._used[line.text] > _TELLING_TWICE:
            return self._next("exhausted", self._phrases.exhausted)
        if fresh is None:
            return f"{self._next('again', self._phrases.again)} {line.text}"
        return line.text

    def _more(self, heard: str) -> str:
        related = self._index.fitting(terms(heard))
        line = next((line for line in related if not self._used[line.text]), None)
        if line is None:
            line = self._unused(Kind.FACT) or self._unused(Kind.SELF)
        if line is None:
            return self._next("exhausted", self._phrases.exhausted)
        self._used[line.text] += 1
        if line not in related and not wants_anything(heard):
            exhausted = self._next("exhausted", self._phrases.exhausted)
            return f"{exhausted} {self._next('but', self._phrases.but)} {line.text}"
        return line.text

    def _does_not_know(self) -> str:
        unknown = self._next("unknown", self._phrases.unknown)
        fact = self._unused(Kind.FACT)
        if fact is None or self._said["unknown"] > 1:
            return unknown
        self._used[fact.text] += 1
        return f"{unknown} {self._next('but', self._phrases.but)} {fact.text}"

    def _leads_on(self) -> str:
        """After something told to it the agent asks what its prompt wants to know, or offers help."""
        asks_itself = any(line.kind is Kind.ASK for line in self._index.lines)
        line = self._unused(Kind.ASK if asks_itself else Kind.FACT)
        if line is None:
            return self._next("help", self._phrases.help)
        self._used[line.text] += 1
        return line.text

    def _leaves_message(self) -> Speech:
        if self._voicemail_message is not None:
            return Speech(self._voicemail_message, hangs_up=True)
        said = self._first_message or f"{self._phrases.hello} {self._introduction()}"
        return Speech(f"{said.strip()} {self._phrases.message}", hangs_up=self._can_hang_up)

    def _into_silence(self) -> Speech | None:
        if self._silences >= len(self._silence_lines):
            return None
        line = self._silence_lines[self._silences]
        self._silences += 1
        return Speech(line.text, hangs_up=line.hangs_up)

    def _lines_for_silence(self, persona: Persona) -> tuple[SilenceLine, ...]:
        lines = self._usual_silence(persona.patience) if persona.silence_lines is None else persona.silence_lines
        end = persona.ends_after_silence
        if end is None:
            return lines
        return (*(line for line in lines if line.after < end), SilenceLine(end, "", hangs_up=True))

    def _usual_silence(self, patience: float) -> tuple[SilenceLine, ...]:
        ask, ask_again = self._phrases.still_there[:2]
        asking = (SilenceLine(patience, ask), SilenceLine(2 * patience, ask_again))
        if not self._can_hang_up:
            return asking
        return (*asking, SilenceLine(3 * patience, self._phrases.no_answer, hangs_up=True))

    def _greeting(self) -> str:
        parts = (self._phrases.hello, self._introduction(), self._next("help", self._phrases.help))
        return " ".join(part for part in parts if part)

    def _introduction(self) -> str:
        line = next((line for line in self._index.lines if line.kind is Kind.SELF), None)
        if line is None:
            return ""
        self._used[line.text] += 1
        return line.text

    def _unused(self, kind: Kind) -> Line | None:
        return next((line for line in self._index.lines if line.kind is kind and not self._used[line.text]), None)

    def _next(self, name: str, variants: tuple[str, ...]) -> str:
        chosen = variants[self._said[name] % len(variants)]
        self._said[name] += 1
        return chosen


@lru_cache(_PROMPTS_KEPT)
def index_of(prompt: str, tools: tuple[str, ...]) -> Index:
    """What an agent can say of its prompt. Many calls of one agent share it. Rules about tools are not spoken."""
    spoken = (
        [line for line in sentences(prompt) if not any(names(line, tool) for tool in tools)] if tools else [prompt]
    )
    return Index(lines("\n".join(spoken)))


def _question_in(heard: str) -> str:
    """The sentences that ask, without the small talk around them; all of it when none does."""
    return " ".join(sentence for sentence in sentences(heard) if "?" in sentence) or heard


def salient_words(text: str) -> list[str]:
    """The words of a text worth asking about, longest first, as they were said."""
    found = [word.strip('“”"«».,;:!?¿¡()') for word in text.split()]
    meaningful = [
        word
        for word in found
        if len(word) > _TOO_SHORT_TO_MEAN_MUCH and word.isalpha() and not set(tokens(word)) & STOP_WORDS
    ]
    return sorted(dict.fromkeys(meaningful), key=lambda word: (-len(word), text.index(word)))
