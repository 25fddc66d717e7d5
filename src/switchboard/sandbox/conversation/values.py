"""Kinds of values that people say on the telephone, and where they stand in what was said."""

import re
from collections.abc import Callable

from switchboard.sandbox.conversation.spoken import sentences
from switchboard.sandbox.conversation.words import plain, terms, tokens

_PROPER_NAME = r"((?:[A-ZÀ-Ý][\w'-]+)(?:\s+[A-ZÀ-Ý][\w'-]+)*)"
_INTRODUCTIONS = (
    "this is|my name is|my name's|i am|i'm|habla|soy|me llamo|mi nombre es|hier ist|mein name ist|ich heiße"
    "|ici|je m'appelle|mon nom est|c'est"
)
_NAME = re.compile(
    rf"\b(?i:{_INTRODUCTIONS})\s+{_PROPER_NAME}|{_PROPER_NAME}\s+(?:speaking|here|am Apparat|hier|à l'appareil)"
)
_ONLY_A_NAME = re.compile(rf"^\W*(?:It's |It is |Es |C'est )?{_PROPER_NAME}\W*$")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
NUMBER_WORDS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
    )
    for number, word in enumerate(words.split(), 1)
} | {"viert": 4, "una": 1, "ein": 1, "eine": 1, "une": 1}
_ARTICLES = frozenset(tokens("un una ein eine une one"))
_DIGITS = {
    word: str(number % 10)
    for number, word in enumerate(tokens("zero one two three four five six seven eight nine oh"))
}
_FEWEST_DIGITS = 2
_COUNTS = re.compile(r"\b(?:number|count|size|how many|quantity|people|persons|guests|amount|nights|party)\b")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SPOKEN_EMAIL = re.compile(
    r"\b((?:[\w+-]+(?: dot | underscore |\.))*[\w+-]+) at ([\w-]+(?:(?: dot |\.)[\w-]+)+)", re.IGNORECASE
)
_PHONE = re.compile(r"\+?\d[\d ()/-]{5,}\d")
_CODE = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]{2})[A-Za-z]{0,6}-?\d[\w-]*\b")
_MONTHS = "|".join(
    tokens(
        "january february march april may june july august september october november december "
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
        "januar februar märz mai juni juli oktober dezember "
        "janvier février mars avril juin juillet août septembre octobre novembre décembre"
    )
)
_DAYS = "|".join(
    tokens(
        "monday tuesday wednesday thursday friday saturday sunday tomorrow today tonight "
        "lunes martes miércoles jueves viernes sábado domingo mañana hoy "
        "montag dienstag mittwoch donnerstag freitag samstag sonntag heute übermorgen morgen "
        "lundi mardi mercredi jeudi vendredi samedi dimanche demain"
    )
)
_DATE = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of |de )?(?:{_MONTHS})|(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?"
    rf"|(?:day after |next |this |nachsten |kommenden )?(?:{_DAYS}))\b",
    re.IGNORECASE,
)
_HOURS = "|".join(word for word in NUMBER_WORDS if word not in _ARTICLES)
_TIME = re.compile(
    r"\b(?:\d{1,2}(?:[:.h]\d\d)(?: ?[ap]\.?m\b)?|\d{1,2} ?(?:[ap]\.?m|uhr|o'clock|h)\b"
    rf"|(?:(?<=\bat )|(?<=\blas )|(?<=\bum ))(?:half past |quarter past )?(?:\d{{1,2}}|{_HOURS})"
    r"(?: in the (?:morning|afternoon|evening))?|noon|midnight)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(rf"\b(?:in|to|from|near|en|a|nach|aus|à|de) {_PROPER_NAME}")

Finder = Callable[[str, str], str | None]
"""Gets what was said and the label of the wanted value; answers the value, None when it was not said."""


def name_in(said: str) -> str | None:
    """How somebody calls themselves."""
    found = _NAME.search(said)
    return (found[1] or found[2]) if found else None


def number_in(said: str, *, whole: bool, about: str = "", is_answer: bool = False) -> float | int | None:
    """The number next to a word of `about`, else the first; number words count up to twelve.

    With `about` a number that no such word is near does not count, unless a count is wanted or was asked for.
    """
    found = [(match.start(), _number(match[0], whole=whole)) for match in _NUMBER.finditer(said)]
    for match in re.finditer(r"[^\W\d_]+", said):
        word = plain(match[0])
        if word in NUMBER_WORDS and (is_answer or not about or word not in _ARTICLES):
            found.append((match.start(), NUMBER_WORDS[word]))
    if not found:
        return None
    near = places_of(about, said)
    if near:
        return min(found, key=lambda pair: min(abs(pair[0] - place) for place in near))[1]
    return min(found)[1] if is_answer or not about or _COUNTS.search(about) else None


def joined_digits(said: str) -> str:
    """Digits that were spelled out, together: `four seven one one` → `4711`."""
    joined: list[str] = []
    run: list[str] = []
    for word in [*said.split(), ""]:
        bare = word.strip(",.!?-").lower()
        if bare in _DIGITS or (len(bare) == 1 and bare.isdigit()):
            run.append(word)
            continue
        if len(run) >= _FEWEST_DIGITS:
            spelled = (part.strip(",.!?-").lower() for part in run)
            run = ["".join(_DIGITS.get(part, part) for part in spelled)]
        joined += [*run, word]
        run = []
    return " ".join(joined).strip()


def places_of(label: str, said: str) -> list[int]:
    """Where words of a label stand."""
    wanted = terms(label)
    return [match.start() for match in re.finditer(r"[^\W_]+", said) if terms(match[0]) & wanted]


def _number(text: str, *, whole: bool) -> float | int:
    value = float(text.replace(",", "."))
    return int(value) if whole else value


def _email(said: str, _: str) -> str | None:
    if found := _EMAIL.search(said):
        return found[0].rstrip(".")
    if found := _SPOKEN_EMAIL.search(said):
        local, domain = (_written(part) for part in found.groups())
        return f"{local.split()[-1]}@{domain}".lower()
    return None


def _written(spoken: str) -> str:
    return re.sub(r" underscore ", "_", re.sub(r" dot ", ".", spoken, flags=re.IGNORECASE), flags=re.IGNORECASE)


def _phone(said: str, _: str) -> str | None:
    found = _PHONE.search(joined_digits(said))
    return re.sub(r"[ ()/-]", "", found[0]) if found else None


def _code(said: str, label: str) -> str | None:
    text = _DATE.sub(" ", _TIME.sub(" ", joined_digits(said)))
    found = list(_CODE.finditer(text))
    if not found:
        return None
    labelled = places_of(label, text)
    following = [match for match in found if any(place <= match.start() for place in labelled)]
    return (following or found)[0][0]


def _name(said: str, _: str) -> str | None:
    only = _ONLY_A_NAME.match(said)
    return name_in(said) or (only[1] if only else None)


def _date(said: str, _: str) -> str | None:
    found = _DATE.search(plain(said))
    return found[0].strip() if found else None


def _time(said: str, _: str) -> str | None:
    found = _TIME.search(plain(said))
    return found[0].strip() if found else None


def _place(said: str, _: str) -> str | None:
    found = _PLACE.search(said)
    return found[1] if found else None


def _matter(said: str, _: str) -> str | None:
    asked = " ".join(sentence for sentence in sentences(said) if "?" in sentence)
    return asked or said.strip() or None


def _when(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words.split())})\b")


FINDERS: tuple[tuple[re.Pattern[str], Finder], ...] = (
    (_when("e-?mail e-mails?"), _email),
    (_when(r"phone mobile telephone telefon\w* telefono"), _phone),
    (_when("date day fecha datum jour"), _date),
    (_when("time hour hora uhrzeit heure"), _time),
    (_when("id number code reference order ticket account zip postal pin tracking numero nummer"), _code),
    (_when("namen? nombre nom"), _name),
    (_when("city location place town country address ciudad stadt ort ville"), _place),
    (
        _when("query question message text reason topic notes? summary comment request subject issue problem"),
        _matter,
    ),
)
"""By the words of a value's label; the first that fits decides."""
