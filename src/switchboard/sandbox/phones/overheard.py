"""What was said on a line, for whoever watches the sandbox: a person's mind with an ear at the wall."""

from collections.abc import Callable
from dataclasses import dataclass

from switchboard.sandbox.line import Person, Speech

_REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance. `at_seconds` is sandbox time since the call was made."""

    at_seconds: float
    who: str
    """`caller` or `callee`."""
    text: str


class Overheard:
    """A `Person` that behaves as the one it wraps and writes down what is heard and said."""

    def __init__(self, person: Person, said: list[Said], seconds: Callable[[], float]) -> None:
        self._person = person
        self._said = said
        self._seconds = seconds
        self.language = person.language
        self.interrupts = person.interrupts

    async def opens(self) -> Speech | None:
        return self._noted(await self._person.opens())

    async def answers(self, heard: str) -> Speech | None:
        if heard:
            self.hears(heard)
        return self._noted(await self._person.answers(heard))

    def hears(self, text: str) -> None:
        """Words from the other side that want no answer, such as the carrier's own `<Say>`."""
        self.noted("caller", text)

    def noted(self, who: str, text: str) -> None:
        """What somebody else overheard: `who` is `caller` or `callee`."""
        if len(self._said) < _REMEMBERED:
            self._said.append(Said(round(self._seconds(), 2), who, text))

    def _noted(self, speech: Speech | None) -> Speech | None:
        if speech and speech.text:
            self.noted("callee", speech.text)
        return speech
