"""Texts and language tags that an agent may hold: what is refused, and the sentence that says why."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from switchboard.core.storable import storable

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TAG = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8})?", re.IGNORECASE)
_SCRIPT_LENGTH, _REGION_LENGTH = 4, 2
# ISO 639-1. Languages without a code of two letters have one of three, which is taken as it is written.
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
    "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz "
    "ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln "
    "lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi "
    "pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti "
    "tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
_TWO_LETTERS = frozenset(_CODES.split())
_BAD_TAG = "Write a language tag such as en, pt-BR or zh-Hant-TW."


def printable(text: str) -> str:
    """Raises: ValueError for control characters other than line breaks and tabs, and for half characters."""
    if _CONTROL.search(text):
        raise ValueError("Remove control characters; only line breaks and tabs are allowed.")
    storable(text)
    return text


def not_blank(text: str) -> str:
    """Raises: ValueError."""
    if not text.strip():
        raise ValueError("Write something here; blanks alone do not count.")
    return text


def language_tag(text: str) -> str:
    """A BCP 47 tag in its usual spelling (`pt-BR`). Raises: ValueError for what is none."""
    if not _TAG.fullmatch(text):
        raise ValueError(_BAD_TAG)
    first, *rest = text.split("-")
    if len(first) == _REGION_LENGTH and first.lower() not in _TWO_LETTERS:
        raise ValueError(f"No language has the code {first.lower()}. {_BAD_TAG}")
    return "-".join([first.lower(), *map(_cased, rest)])


def _cased(part: str) -> str:
    if len(part) == _SCRIPT_LENGTH:
        return part.title()
    return part.upper() if len(part) <= _REGION_LENGTH else part.lower()


Text = Annotated[str, AfterValidator(printable)]
"""Any text a person may write; scripts, emoji and right-to-left text are kept as they are."""
Line = Annotated[Text, Field(min_length=1, max_length=2000), AfterValidator(not_blank)]
Language = Annotated[str, Field(max_length=16, examples=["en"]), AfterValidator(language_tag)]
