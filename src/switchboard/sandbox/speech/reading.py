"""A text as it is read aloud: in sentences, with numbers, addresses and ids in words that a voice can say."""

import re
from collections.abc import Iterator

_LONGEST_WORD = 40
_LONGEST_PIECE = 200
_LONG_CLAUSE = 110
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SPELLED_DIGITS_FROM = 5
_QUOTES = re.compile(r"[\"“”„«»]+")
"""The voices stumble over them: “deposit” sounds like "into Posse"."""
_MARKUP = re.compile(r"[*_`#|<>\[\]{}~^\\]+|^\s*-\s", re.MULTILINE)
_LONELY_STOP = re.compile(r"(?<=\w) ([.,;:!?])")
_UNREADABLE = re.compile(r"[^\x20-\x7e\u00a1-\u024f\u2018-\u201d\u20ac…\n]+")
_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")
_TIME = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_ADDRESS = re.compile(r"(?:https?://)?\b([\w.+-]+@)?((?:[a-z0-9-]+\.)+[a-z]{2,})(/\S*)?", re.IGNORECASE)
_PHONE = re.compile(r"\+?\(?\b\d{1,4}(?:[ .()-]{1,2}\d{2,4}){2,}\b|\+\d{7,15}\b")
_ID = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\b")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s|am|pm)", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![\d.,$€£])\d{5,}(?![\d.,]*\d)")
_SENTENCE_END = re.compile(r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bSt\.)(?<=[.!?…])\s+|\n+")
_UNIT = re.compile(r"\b(\d+)(k|kg|g|km|m|cm|mm|h|min)\b", re.IGNORECASE)


def pieces(text: str) -> list[str]:
    """The text in sentences, long ones in clauses, ready to be pronounced."""
    found: list[str] = []
    for sentence in _SENTENCE_END.split(text.strip()):
        found.extend(_clauses(spoken(sentence)))
    return [piece for piece in found if any(map(str.isalnum, piece))]


def spoken(text: str) -> str:
    """In words: `2026-11-22` as a date, `10:30` as a time, ids and telephone numbers digit by digit."""
    text = _DATE.sub(_date, text)
    text = _TIME.sub(_time, text)
    text = _ADDRESS.sub(_address, text)
    text = _UNIT.sub(r"\1 \2", text)
    text = _PHONE.sub(lambda found: _phone(found[0]), text)
    text = _ID.sub(lambda found: found[0] if _ORDINAL.fullmatch(found[0]) else _spelled(found[0]), text)
    text = _LONG_NUMBER.sub(lambda found: _digits(found[0]), text)
    text = _UNREADABLE.sub(" ", _MARKUP.sub(" ", _QUOTES.sub(" ", text)))
    text = " ".join(word[:_LONGEST_WORD] for word in text.split())
    return _LONELY_STOP.sub(r"\1", text)


def _clauses(sentence: str) -> list[str]:
    """A long sentence apart at its commas, and at a blank where it has none."""
    found, piece = [], ""
    for part in re.split(r"(?<=[,;:])\s", sentence):
        piece = f"{piece} {part}".strip()
        if len(piece) > _LONG_CLAUSE:
            found.append(piece)
            piece = ""
    found.append(piece)
    return [short for long in found for short in _cut(long)]


def _cut(clause: str) -> Iterator[str]:
    while len(clause) > _LONGEST_PIECE:
        at = clause.rfind(" ", 0, _LONGEST_PIECE)
        yield clause[:at]
        clause = clause[at + 1 :]
    yield clause


def _date(found: re.Match[str]) -> str:
    year, month, day = map(int, found.groups())
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")  # noqa: PLR2004 -- 11th to 13th
    return f"{_MONTHS[month - 1]} {day}{ending} {year}"


def _time(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    if not minute:
        return f"{hour} o'clock"
    return f"{hour} {minute}" if minute >= 10 else f"{hour} oh {minute}"  # noqa: PLR2004 -- two digits


def _address(found: re.Match[str]) -> str:
    user = (found[1] or "").removesuffix("@")
    host = found[2].replace(".", " dot ")
    if not user:
        return host
    return f"{re.sub(r'[._+-]', _sign, user)} at {host}"


def _sign(found: re.Match[str]) -> str:
    return {".": " dot ", "_": " underscore ", "+": " plus ", "-": " dash "}[found[0]]


def _phone(number: str) -> str:
    """Group by group; a number without gaps in threes, with the last four together."""
    plus = "plus " if number.startswith("+") else ""
    groups = re.findall(r"\d+", number)
    if len(groups) == 1:
        digits = groups[0]
        head, tail = digits[:-4], digits[-4:]
        first = len(head) % 3
        groups = [head[:first], *(head[at : at + 3] for at in range(first, len(head), 3)), tail]
    return plus + ", ".join(_digits(group) for group in groups if group)


def _spelled(identity: str) -> str:
    """`ORD-1234`: the letters' names, then the digits; words of five letters and more stay words."""
    parts = re.findall(r"[A-Za-z]+|\d+", identity)
    return ", ".join(_digits(part) if part.isdigit() else _letters(part) for part in parts)


def _letters(part: str) -> str:
    if len(part) >= _SPELLED_DIGITS_FROM or (part.islower() and len(part) > 2):  # noqa: PLR2004 -- a word
        return part
    return " ".join("ay" if letter == "A" else letter for letter in part.upper())


def _digits(number: str) -> str:
    # The pauses matter: run together, "four eight" is heard as "for a".
    return ", ".join(_DIGITS[int(digit)] for digit in number)
