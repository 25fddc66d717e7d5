"""A tool's arguments in what was said, by the names, descriptions and types of its JSON schema."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from switchboard.sandbox.conversation.values import FINDERS, number_in
from switchboard.sandbox.conversation.words import plain, terms, tokens

_QUOTED = re.compile(r"[“\"«„]([^”\"»“]+)[”\"»“]")
_YES = re.compile(
    r"\b(?:yes|yeah|sure|correct|of course|please do|si|claro|ja|genau|gerne|oui|bien sur|d'accord)\b"
)
_NO = re.compile(r"\b(?:no|not|never|nope|nein|nicht|non|pas)\b")
_LEAD_IN = re.compile(
    r"^(?:well|okay|yes|sure|oh|um|so|it is|it's|that is|that's|that would be|(?:my|the) \w+(?: \w+)? is|for"
    r"|es|c'est|das ist|ja|si|oui)\b[ ,]*",
    re.IGNORECASE,
)


def find(name: str, schema: Mapping[str, Any], said: str, *, is_answer: bool = False) -> Any:
    """The value of a JSON schema's property in what was said; None: it is not there.

    `is_answer`: the other side was just asked for it, so whatever was said is likely to be it.
    """
    if "const" in schema:
        return schema["const"]
    options, label = schema.get("enum"), label_of(name, schema)
    found: Any = None
    match schema.get("type", "string"):
        case _ if isinstance(options, list):
            found = _choice(options, said)
        case "integer" | "number" as kind:
            found = number_in(said, whole=kind == "integer", about=label, is_answer=is_answer)
        case "boolean":
            found = _truth(label, said, is_answer=is_answer)
        case "string":
            found = _string(label, said, is_answer=is_answer)
        case "array":
            item = find(name, schema.get("items") or {}, said, is_answer=is_answer)
            found = None if item is None else [item]
    return found


def is_told(question: str, said: str) -> bool:
    """Whether what was said has a value of the kind that a question asks for, such as a name or a day."""
    label = plain(question)
    found = [finder(said, label) for pattern, finder in FINDERS[:-1] if pattern.search(label)]
    return bool(found) and all(found)


def label_of(name: str, schema: Mapping[str, Any]) -> str:
    """The words of a property's name and description: `orderId` → `order id …`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return plain(f"{re.sub(r'[_-]+', ' ', spaced)} {schema.get('description') or ''}").strip()


def _choice(options: Sequence[Any], said: str) -> Any:
    heard, meant = set(tokens(said)), terms(said)
    likeness = [(_likeness(str(option), heard, meant), option) for option in options]
    best, chosen = max(likeness, key=lambda pair: pair[0], default=(0.0, None))
    return chosen if best > 0 else None


def _likeness(option: str, heard: set[str], meant: set[str]) -> float:
    spaced = re.sub(r"[_-]+", " ", option)
    words = set(tokens(spaced))
    stems = {term for term in terms(spaced) if not term.startswith("#")}
    return len(words & heard) / max(1, len(words)) + len(stems & meant) / max(1, len(stems))


def _truth(label: str, said: str, *, is_answer: bool) -> bool | None:
    text = plain(said)
    if is_answer and (_YES.search(text) or _NO.search(text)):
        return not _NO.search(text)
    return True if terms(label) & terms(said) and not _NO.search(text) else None


def _string(label: str, said: str, *, is_answer: bool) -> str | None:
    found = next((finder(said, label) for pattern, finder in FINDERS if pattern.search(label)), None)
    if found is None and (quoted := _QUOTED.search(said)):
        found = quoted[1]
    return found or (_without_lead_in(said) if is_answer else None)


def _without_lead_in(said: str) -> str | None:
    text, before = said.strip(), ""
    while text != before:
        before, text = text, _LEAD_IN.sub("", text).strip()
    return text.strip(" .!?,;") or None
