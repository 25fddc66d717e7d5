"""The town's telephone book: who lives at a number, and what happens on the line when it rings.

Everything follows from the number and the world's seed; nothing is remembered.
"""

import random
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from switchboard.sandbox.phones.residents import Goal, Manner, Mood, Resident


class Outcome(StrEnum):
    """What becomes of a call to a number, as far as the carrier sees."""

    ANSWERS = "answers"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    INVALID = "invalid"
    """The carrier refuses to dial it."""
    RINGS_A_PAGE = "rings-a-page"
    """Whoever has the telephone's page open decides."""


@dataclass(frozen=True, slots=True)
class Household:
    """A number and what its line does. Times are sandbox seconds."""

    resident: Resident
    outcome: Outcome = Outcome.ANSWERS
    picks_up_after: float = 2.0
    """Counted from the first ring."""
    hangs_up_after: float | None = None
    """Counted from picking up, whatever is being said; None: when the conversation ends."""

    @property
    def is_machine(self) -> bool:
        return self.resident.manner is Manner.VOICEMAIL


_GREETING = (
    "Hi, you have reached Robin Vale. I can't come to the phone right now. "
    "Please leave a message after the tone. Beep."
)
_OPENINGS = {"en": "Hello?", "de": "Hallo?", "fr": "Allô ?", "es": "¿Diga?", "it": "Pronto?"}
_LANGUAGES = {49: "de", 43: "de", 33: "fr", 34: "es", 52: "es", 39: "it"}
"""By country calling code; everybody else speaks English."""
_NAMES = {
    "female": ("Ann Lee", "Maria Lopez", "Grace Kim", "Ivy Chen", "Nora Walsh", "Tessa Brandt"),
    "male": ("Ben Carter", "Omar Haddad", "Leo Martin", "Sam Novak", "Paul Ricci", "Theo Frank"),
}


TELEPHONE = "+14155550110"
"""Rings in the browser."""


def _known() -> dict[str, Household]:
    def person(
        name: str, gender: str, manner: Manner, goal: Goal = Goal.ASK_HOURS, opening: str = "Hello?"
    ) -> Resident:
        return Resident("", name, gender, "en", Mood.CALM, goal, manner, 6, opening)

    talks = Manner.TALKS
    households = (
        Household(person("Ann Lee", "female", talks, Goal.BOOK_TABLE)),
        Household(person("Ben Carter", "male", talks), Outcome.BUSY),
        Household(person("Maria Lopez", "female", talks), Outcome.NO_ANSWER),
        Household(person("Nobody", "female", talks), Outcome.INVALID),
        Household(person("Robin Vale", "male", Manner.VOICEMAIL, opening=_GREETING), hangs_up_after=120),
        Household(person("Omar Haddad", "male", Manner.HANGS_UP_AT_ONCE, opening=""), hangs_up_after=1),
        Household(person("Grace Kim", "female", Manner.SILENT, opening="")),
        Household(person("Leo Martin", "male", Manner.TALKS_AT_LENGTH, Goal.COMPLAIN)),
        Household(person("Ivy Chen", "female", Manner.INTERRUPTS, Goal.ASK_PRICE)),
        Household(person("Sam Novak", "male", talks, Goal.BOOK_TABLE), picks_up_after=20),
        Household(person("You", "female", talks, opening=""), Outcome.RINGS_A_PAGE),
    )
    numbers = (f"+141555501{index:02d}" for index in range(len(households)))
    return {number: _at(number, household) for number, household in zip(numbers, households, strict=True)}


def _at(number: str, household: Household) -> Household:
    one = household.resident
    facts = (one.name, one.gender, one.language, one.mood, one.goal, one.manner)
    resident = Resident(number, *facts, one.patience_turns, one.opening)
    return Household(resident, household.outcome, household.picks_up_after, household.hangs_up_after)


KNOWN = _known()
"""The numbers with a fixed behaviour, +1 415 555 0100 to 0109, and the telephone's."""


def household(number: str, seed: int) -> Household:
    """Who lives at an E.164 number. Same number and seed, same household."""
    return KNOWN.get(number) or _drawn(number, seed)


def _drawn(number: str, seed: int) -> Household:
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 -- repeatable on purpose
    gender = chance.choice(("female", "male"))
    language = _language(number)
    resident = Resident(
        number=number,
        name=chance.choice(_NAMES[gender]),
        gender=gender,
        language=language,
        mood=chance.choice(list(Mood)),
        goal=chance.choice(list(Goal)),
        manner=Manner.TALKS,
        patience_turns=chance.randint(4, 9),
        opening=_OPENINGS[language],
    )
    return Household(resident, picks_up_after=round(chance.uniform(1.0, 6.0), 1))


def _language(number: str) -> str:
    try:
        country = phonenumbers.parse(number).country_code
    except phonenumbers.NumberParseException:
        return "en"
    return _LANGUAGES.get(country or 0, "en")
