"""`<Gather>`: keys and words of the callee, sent to the customer.

Source: Twilio "TwiML <Gather>".
"""

import asyncio
import math
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from switchboard.sandbox.speech.listener import SpeechBegan, SpeechEnded
from switchboard.sandbox.twilio.leg import stop
from switchboard.sandbox.twilio.listening import ears
from switchboard.sandbox.twilio.numerals import whole
from switchboard.sandbox.twilio.saying import pause, play, say, words
from switchboard.sandbox.twilio.stage import Outcome, Stage, Step

_INPUTS = frozenset({"dtmf", "speech"})
_PROMPTS = {"Say": say, "Play": play, "Pause": pause}
_SPEECH_PAUSE = 0.8
_LONGEST_PAUSE = 30
_CONFIDENCE = "0.9"
_WORDS_PER_SECOND = 2.5


@dataclass(frozen=True, slots=True)
class _Wanted:
    inputs: frozenset[str]
    timeout: int
    finish: str
    digits: int | None
    pause: float


class _HungUpError(Exception):
    """The callee hung up instead of answering."""


async def gather(stage: Stage, verb: ET.Element) -> Outcome:
    """Ask, wait for an answer, and let the document at `action` go on; the next verb when there is none."""
    wanted = _wanted(stage, verb)
    try:
        fields = await _Gathering(stage, verb, wanted).run()
    except _HungUpError:
        return Step.END
    if not fields and verb.get("actionOnEmptyResult") != "true":
        return Step.NEXT
    if not verb.get("action") and not stage.base:
        stage.call.warn(11100, "a <Gather> without action in inline TwiML leads nowhere")
        return Step.NEXT
    return stage.action(verb, fields or {"Digits": ""}, default=stage.base)


def _wanted(stage: Stage, verb: ET.Element) -> _Wanted:
    asked = verb.get("input", "dtmf").split()
    if unknown := set(asked) - _INPUTS:
        stage.call.warn(12200, f"<Gather> input {sorted(unknown)} is not known")
    spoken = whole(verb.get("speechTimeout", "auto"))
    return _Wanted(
        inputs=_INPUTS.intersection(asked) or frozenset({"dtmf"}),
        timeout=stage.count(verb, "timeout", 5),
        finish=verb.get("finishOnKey", "#")[:1],
        digits=stage.count(verb, "numDigits", 0) or None,
        pause=float(spoken) if spoken and spoken <= _LONGEST_PAUSE else _SPEECH_PAUSE,
    )


class _Gathering:
    def __init__(self, stage: Stage, verb: ET.Element, wanted: _Wanted) -> None:
        self._stage = stage
        self._verb = verb
        self._wanted = wanted
        self._asked = asyncio.Event()
        self._prompting: asyncio.Task[None] | None = None

    async def run(self) -> dict[str, str]:
        """The answer's fields; empty when none came. Raises: _HungUpError."""
        prompting = self._prompting = asyncio.create_task(self._prompt())
        with self._stage.keypad.queued() as keys:
            answering = [asyncio.create_task(self._keys(keys))] if "dtmf" in self._wanted.inputs else []
            if "speech" in self._wanted.inputs:
                answering.append(asyncio.create_task(self._speech()))
            try:
                return await self._first(answering)
            finally:
                await stop(prompting, *answering)

    async def _first(self, answering: list[asyncio.Task[dict[str, str]]]) -> dict[str, str]:
        left = set(answering)
        while left:
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                if fields := one.result():
                    return fields
        return {}

    async def _prompt(self) -> None:
        in_words = self._stage.party.wire is None and "speech" in self._wanted.inputs
        for verb in self._verb:
            if verb.tag == "Say" and in_words:  # the person gets the words with the question
                await self._stage.world.clock.sleep(len(words(verb).split()) / _WORDS_PER_SECOND)
            elif perform := _PROMPTS.get(verb.tag):
                await perform(self._stage, verb)
            else:
                self._stage.call.warn(12200, f"<{verb.tag}> cannot stand in <Gather>")
        self._asked.set()

    async def _keys(self, keys: asyncio.Queue[str]) -> dict[str, str]:
        digits = ""
        while len(digits) < (self._wanted.digits or math.inf):
            key = await self._next_key(keys, is_first=not digits)
            if key is None or key == self._wanted.finish:
                break
            digits += key
            self._interrupt()
        return {"Digits": digits} if digits else {}

    def _interrupt(self) -> None:
        """The first key silences the question."""
        if self._prompting:
            self._prompting.cancel()
        self._asked.set()

    async def _next_key(self, keys: asyncio.Queue[str], *, is_first: bool) -> str | None:
        pressing = asyncio.create_task(keys.get())
        patience = asyncio.create_task(self._patience(is_first=is_first))
        try:
            await asyncio.wait({pressing, patience}, return_when=asyncio.FIRST_COMPLETED)
            return pressing.result() if pressing.done() else None
        finally:
            await stop(pressing, patience)

    async def _patience(self, *, is_first: bool) -> None:
        if is_first:
            await self._asked.wait()
        await self._stage.world.clock.sleep(self._wanted.timeout)

    async def _speech(self) -> dict[str, str]:
        party, studio = self._stage.party, self._stage.world.studio
        if party.wire is None:
            text = await self._words()
        elif studio.why_not is None:
            text = await self._aloud()
        else:
            text = ""
        return {"SpeechResult": text, "Confidence": _CONFIDENCE} if text else {}

    async def _words(self) -> str:
        await self._asked.wait()
        prompt = " ".join(words(one) for one in self._verb if one.tag == "Say")
        reply = await self._stage.party.person.answers(prompt)
        if reply and reply.hangs_up:
            raise _HungUpError
        return reply.text if reply else ""

    async def _aloud(self) -> str:
        wire = self._stage.party.wire
        assert wire is not None
        began = asyncio.Event()
        hearing = asyncio.create_task(self._hear(began))
        patience = asyncio.create_task(self._patience(is_first=True))
        try:
            await asyncio.wait({hearing, patience}, return_when=asyncio.FIRST_COMPLETED)
            if began.is_set() or hearing.done():
                return await hearing
            return ""
        finally:
            await stop(hearing, patience)

    async def _hear(self, began: asyncio.Event) -> str:
        wire = self._stage.party.wire
        assert wire is not None
        async with ears(wire, self._stage.world.studio, self._wanted.pause) as heard:
            async for one in heard:
                if isinstance(one, SpeechBegan):
                    began.set()
                elif isinstance(one, SpeechEnded):
                    if one.text:
                        return one.text
                    began.clear()
        return ""
