"""The mind of whoever picks up: asks for what they want, picks up what they hear, thanks and hangs up."""

import random
import re

from switchboard.sandbox.conversation.agent import salient_words
from switchboard.sandbox.conversation.callee_phrases import CALLEE, CalleePhrases
from switchboard.sandbox.conversation.phrases import primary, says_unknown
from switchboard.sandbox.conversation.signals import asks, checks_presence, takes_leave
from switchboard.sandbox.conversation.values import NUMBER_WORDS
from switchboard.sandbox.conversation.words import ideas, language_of, plain, terms
from switchboard.sandbox.line import Person, Speech
from switchboard.sandbox.phones.residents import Manner, Mood, Resident

_QUESTIONS = {Mood.HURRIED: 2, Mood.GRUMPY: 3, Mood.CALM: 3, Mood.CHEERFUL: 4}
_SILENCES_OF_A_LINE_LEFT_OPEN = 8
_SILENCES_OF_A_MACHINE = 2
_TURNS_TO_NOTICE_THE_LANGUAGE = 2
_ASKS_EMAIL = re.compile(r"\b(?:e-?mail|correo|courriel)\b")
_ASKS_PHONE = re.compile(r"\b(?:phone number|telefono|telefonnummer|telephone|ruckrufnummer)\b")
_ASKS_ORDER = re.compile(
    r"\b(?:(?:order|reference|booking|ticket|customer|account|parcel|tracking) (?:number|id|code)|numero de pedido"
    r"|bestellnummer|auftragsnummer|kundennummer|numero de commande)\b"
)
_ASKS_BIRTH = re.compile(r"\b(?:birth|birthday|born|nacimiento|nacio|geburtsdatum|geboren|naissance)\b")
_ASKS_NAME = re.compile(r"\b(?:name|su nombre|votre nom|who am i|con quien|mit wem)\b")
_ASKS_COUNT = re.compile(
    r"\b(?:how many|party size|number of (?:guests|people|persons)|cuant[oa]s|wie viele|combien de)\b"
)
_ASKS_TIME = re.compile(
    r"\b(?:what time|when|which day|date|day|time|cuando|que hora|que dia|fecha|wann|uhrzeit|datum|quand"
    r"|quelle heure|jour)\b"
)
_OFFERS_HELP = re.compile(
    r"\b(?:help you|do for you|like to know|ayudar|desea saber"
    r"|helfen|fur sie tun|mochten sie wissen|aider|souhaitez)\b"
)


def callee(resident: Resident, seed: int) -> Person:
    """The person behind a number. Same resident, same seed and same words heard give the same talk."""
    match resident.manner:
        case Manner.VOICEMAIL:
            return _Unanswering(resident, Speech(resident.opening), _SILENCES_OF_A_MACHINE)
        case Manner.HANGS_UP_AT_ONCE:
            return _Unanswering(resident, Speech("", hangs_up=True), 0)
        case Manner.SILENT:
            return _Unanswering(resident, None, _SILENCES_OF_A_LINE_LEFT_OPEN)
        case _:
            return _Talker(resident, seed)


class _Unanswering:
    """A machine, a line left open, or somebody already gone: no words in answer to words."""

    interrupts = False

    def __init__(self, resident: Resident, opening: Speech | None, patience: int) -> None:
        self.language = resident.language
        self._opening = opening
        self._patience = patience

    async def opens(self) -> Speech | None:
        return self._opening

    async def answers(self, heard: str) -> Speech | None:
        """Nothing, until they have heard enough: machines stop recording on silence, lines are put down."""
        if self._opening is None or not heard:
            self._patience -= 1
        return Speech("", hangs_up=True) if self._patience < 0 else None


class _Talker:
    """Somebody with a goal, a mood and a few questions."""

    def __init__(self, resident: Resident, seed: int) -> None:
        self.language = resident.language
        self.interrupts = resident.manner is Manner.INTERRUPTS
        self._resident = resident
        self._dice = random.Random(f"{seed}:{resident.number}")  # noqa: S311 -- repeatable on purpose
        self._plan = self._questions()
        self._turns = 0
        self._silences = 0
        self._leaving = False
        self._asked_about: set[str] = set()
        self._own_words: set[str] = set()

    async def opens(self) -> Speech | None:
        return Speech(self._resident.opening) if self._resident.opening else None

    async def answers(self, heard: str) -> Speech | None:
        if not heard.strip():
            return self._into_silence()
        self._silences = 0
        self._turns += 1
        if self._turns <= _TURNS_TO_NOTICE_THE_LANGUAGE:
            self._follow_language(heard)
        if self._leaving or (takes_leave(heard) and "?" not in heard):
            return Speech(self._phrases.bye, hangs_up=True)
        if checks_presence(heard):
            return Speech(self._phrases.still_here)
        if self._turns > 1 and self._has_patience and (asked := self._fact(heard)):
            self._plan = [one for one in self._plan if one != "more"]
            return Speech(asked)
        return self._converses(heard)

    @property
    def _phrases(self) -> CalleePhrases:
        return CALLEE[primary(self.language)]

    @property
    def _has_patience(self) -> bool:
        return self._turns < self._resident.patience_turns

    def _converses(self, heard: str) -> Speech:
        if not self._plan or not self._has_patience:
            self._leaving = True
            return Speech(" ".join(filter(None, (self._reaction(heard), self._pick(self._phrases.thanks)))))
        question = self._question(self._plan.pop(0), heard)
        self._own_words |= terms(question) | ideas(question)
        parts = [self._reaction(heard), self._story(), question]
        return Speech(" ".join(filter(None, parts)))

    def _questions(self) -> list[str]:
        count = min(_QUESTIONS[self._resident.mood], max(2, self._resident.patience_turns - 1))
        return [*("goal", "pick_up", "more")[: count - 1], "anything_else"]

    def _question(self, kind: str, heard: str) -> str:
        phrases = self._phrases
        if kind == "goal":
            return self._pick(phrases.goals[self._resident.goal])
        if kind == "pick_up":
            return self._picks_up(heard)
        return self._more() if kind == "more" else self._pick(phrases.anything_else)

    def _picks_up(self, heard: str) -> str:
        known = self._asked_about | self._own_words | set(NUMBER_WORDS)
        words = [word for word in salient_words(heard) if not known & {plain(word), *terms(word)}]
        if not words or says_unknown(heard):
            return self._more()
        self._asked_about.add(plain(words[0]))
        return self._pick(self._phrases.pick_up).format(word=words[0])

    def _more(self) -> str:
        """Another question, about something else than before where there is one."""
        more = self._phrases.more
        return self._pick(tuple(one for one in more if not ideas(one) & self._own_words) or more)

    def _reaction(self, heard: str) -> str:
        phrases = self._phrases
        if self._turns == 1:
            return self._pick(phrases.here).format(name=self._resident.name)
        if says_unknown(heard):
            return self._pick(phrases.disappointed)
        if "?" in heard and not _OFFERS_HELP.search(plain(heard)):
            return self._pick(phrases.yes)
        moods = {Mood.CHEERFUL: phrases.pleased, Mood.GRUMPY: phrases.grumpy}
        return self._pick(moods.get(self._resident.mood, phrases.calm))

    def _fact(self, heard: str) -> str:
        """What the agent asks about them, and nothing of their own: the matter is to be settled first."""
        question = plain(heard)
        if not asks(heard) or _OFFERS_HELP.search(question):
            return ""
        phrases, resident = self._phrases, self._resident
        email = f"{'.'.join(plain(resident.name).split())}@example.com"
        spoken = email.replace(".", " dot ").replace("@", " at ")
        facts = (
            (_ASKS_EMAIL, phrases.my_email.format(email=email, spoken_email=spoken)),
            (_ASKS_PHONE, phrases.my_phone.format(number=resident.number)),
            (_ASKS_ORDER, phrases.my_order),
            (_ASKS_BIRTH, phrases.my_birthday),
            (_ASKS_COUNT, phrases.how_many),
            (_ASKS_NAME, phrases.my_name.format(name=resident.name)),
            (_ASKS_TIME, phrases.when),
        )
        return next((fact for pattern, fact in facts if pattern.search(question)), "")

    def _story(self) -> str:
        if self._resident.manner is not Manner.TALKS_AT_LENGTH:
            return ""
        return self._phrases.long_story[(self._turns - 1) % len(self._phrases.long_story)]

    def _into_silence(self) -> Speech:
        self._silences += 1
        first, second = self._phrases.nobody
        return Speech(first) if self._silences == 1 else Speech(second, hangs_up=True)

    def _follow_language(self, heard: str) -> None:
        spoken = language_of(heard)
        if spoken is not None:
            self.language = spoken

    def _pick(self, variants: tuple[str, ...]) -> str:
        """One of the variants; never the one used last from the same list."""
        fresh = [variant for variant in variants if variant not in self._asked_about] or list(variants)
        chosen = self._dice.choice(fresh)
        self._asked_about.add(chosen)
        return chosen
