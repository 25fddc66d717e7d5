"""Who lives behind a number: facts about a person, not their words (those are `conversation`'s)."""

from dataclasses import dataclass
from enum import StrEnum


class Manner(StrEnum):
    """How a person behaves once they have picked up."""

    TALKS = "talks"
    SILENT = "silent"
    """Picks up and says nothing at all."""
    HANGS_UP_AT_ONCE = "hangs_up_at_once"
    """Picks up and is gone before any word: opens with `Speech("", hangs_up=True)`."""
    VOICEMAIL = "voicemail"
    """A machine: opens with the greeting and the beep, then never answers."""
    TALKS_AT_LENGTH = "talks_at_length"
    INTERRUPTS = "interrupts"


class Goal(StrEnum):
    """What a person wants from a call."""

    BOOK_TABLE = "book_table"
    ASK_HOURS = "ask_hours"
    ASK_PRICE = "ask_price"
    COMPLAIN = "complain"
    WRONG_NUMBER = "wrong_number"


class Mood(StrEnum):
    """How a person feels today."""

    CHEERFUL = "cheerful"
    CALM = "calm"
    HURRIED = "hurried"
    GRUMPY = "grumpy"


@dataclass(frozen=True, slots=True)
class Resident:
    """One person of the town. `number` is E.164; `language` an ISO 639-1 code."""

    number: str
    name: str
    gender: str
    """`female` or `male`."""
    language: str
    mood: Mood
    goal: Goal
    manner: Manner
    patience_turns: int
    """Turns of their own after which they say goodbye whatever happens (4 to 12)."""
    opening: str
    """What they say on picking up: `Hello?`, or a machine's whole greeting."""
