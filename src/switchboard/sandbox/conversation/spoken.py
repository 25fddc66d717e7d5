"""From the sentences of a prompt, written to an agent, to sentences that the agent can say."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from switchboard.sandbox.conversation.words import terms

_BREAK = re.compile(r"(?<=[.!?])(?<!\b[A-Za-z]\.)(?<!a\.m\.)(?<!p\.m\.)(?<!Mr\.)(?<!Dr\.)(?<!St\.)\s+|\n+")
_THEN_ASK = re.compile(r"\s*[:;]\s+(?=(?:always |please )?ask\b)")
_MARKUP = re.compile(r"^\s*(?:#+|[-*•]|\d+[.)])\s+|\*\*|__|`")
_VARIABLE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_RULE = re.compile(
    r"^(?:you\s+)?(?:must|should|always|never|do not|don't|be|keep|avoid|speak|use|sound|stay|respond|greet"
    r"|remember|make sure"
    r"|ensure|try|reply|pretend|act|thank|begin|start|end|finish|wait|let|follow|refuse|stick|remain|talk|confirm|repeat"
    r"|hang|introduce|welcome|apologi[sz]e|only|upsell|escalate|transfer|gather|verify|identify|handle|wrap|close"
    r"|conduct|qualify|persuade|encourage|acknowledge|empathi[sz]e|listen|focus|limit|redirect|politely|proceed"
    r"|continue|summari[sz]e|at the (?:start|beginning|end)|once (?:you|they)\b.*,)\b"
    r"|^ask (?:only |just )?(?:one|a single|questions|open|follow)\b"
    r"|^(?:habla|s[eé]|mant[eé]n|nunca|siempre|no|saluda|responde|evita|sprich|sei|bleib|halte|immer|nie|antworte"
    r"|hablas|respondes|usas|confirma|ofrece|desp[ií]dete|al final|no des|am ende|zum schluss|gib|stelle"
    r"|erkl[aä]re|biete|verweise|beende|verabschiede|wiederhole|duze|sieze|bleibe|à la fin|termine[rz]?"
    r"|begr[uü][sß]+e|vermeide|parle[zr]?|sois|soyez|reste[zr]?|toujours|jamais|r[eé]pond[sez]*|salue[zr]?|[eé]vite[zr]?)\b",
    re.IGNORECASE,
)
_SAY = re.compile(
    r"^(?:(?:if|when|whenever)\b[^,]*,\s*)?(?:you\s+|always\s+|please\s+)*"
    r"(?:mention|say|state|explain|answer|reply"
    r"|(?:tell|inform|remind)\s+(?:them|callers?|customers?|guests?|people|everyone|the \w+))"
    r"\s+(?:that\s+|:\s*)?[\"“]?(?P<said>(?:\S+\s+){2,}.+?)[\"”]?$",
    re.IGNORECASE | re.DOTALL,
)
_ASK = re.compile(r"^(?:you\s+|always\s+)*ask\s+(?:(?:for|about)\s+)?(?P<what>.+?)[.!]?$", re.IGNORECASE)
_ASK_ABROAD = (
    (re.compile(r"^frag[e]?(?: sie)?\s+(?P<what>.+?)[.!]?$", re.IGNORECASE), "Darf ich {what} fragen?"),
    (re.compile(r"^pregunta(?:r|le|les)?\s+(?P<what>.+?)[.!]?$", re.IGNORECASE), "¿Puedo preguntarle {what}?"),
    (re.compile(r"^demande[rz]?(?:-lui)?\s+(?P<what>.+?)[.!]?$", re.IGNORECASE), "Puis-je vous demander {what} ?"),
)
_OTHER_PARTY_ABROAD = re.compile(
    r"\s+(?:des (?:patienten|anrufers|kunden|gasts?|gastes)|der (?:patientin|kundin|anrufer|kunden)"
    r"|del? (?:cliente|paciente|llamante)|du (?:client|patient))\b",
    re.IGNORECASE,
)
_ASK_TO_DO = re.compile(
    r"^(?P<case>(?:(?:if|when|whenever)\b[^,]*,\s*)?)(?:ask|tell|invite)\s+"
    r"(?:them|callers?|customers?|guests?|people|the \w+)\s+(?:to|not to)\s+(?P<do>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_CASE = re.compile(r"^(?:if|when|whenever|once|after|before|falls|wenn|si|cuando|quand)\b[^,]*,\s*", re.IGNORECASE)
_FAQ_MARK = re.compile(r"^(?:q|question|a|answer)\s*:\s*", re.IGNORECASE)
_DO = re.compile(
    r"^(?:help|book|take|offer|arrange|schedule|collect|give|sell|answer|recommend|check|provide|register|note)\b(?!-)",
    re.IGNORECASE,
)
_IF_THEN_DO = re.compile(
    r"^(?P<case>(?:if|when|whenever)\b[^,]*),\s*(?P<do>(?:offer|book|arrange|schedule|give|sell|recommend|suggest)\b.+)$",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_PARTY = re.compile(
    r"\bthe (?:caller|customer|user|guest|client|callee|patient|visitor)(?P<own>'s)?", re.IGNORECASE
)
_SAME_PERSON = (
    (re.compile(r"\byou are\b", re.IGNORECASE), "I am"),
    (re.compile(r"\byou're\b", re.IGNORECASE), "I'm"),
    (re.compile(r"\byourself\b", re.IGNORECASE), "myself"),
    (re.compile(r"\byours\b", re.IGNORECASE), "mine"),
    (re.compile(r"\byour\b", re.IGNORECASE), "my"),
    (re.compile(r"\b(to|for|with|from|by|reach|contact|call) you\b", re.IGNORECASE), r"\1 me"),
    (re.compile(r"\byou\b", re.IGNORECASE), "I"),
    (re.compile(r"^(?:t[uú] )?eres\b", re.IGNORECASE), "Soy"),
    (re.compile(r"^usted es\b", re.IGNORECASE), "Soy"),
    (re.compile(r"^te llamas\b", re.IGNORECASE), "Me llamo"),
    (re.compile(r"^trabajas\b", re.IGNORECASE), "Trabajo"),
    (re.compile(r"^tu nombre es\b", re.IGNORECASE), "Mi nombre es"),
    (re.compile(r"^(?:du bist|sie sind)\b", re.IGNORECASE), "Ich bin"),
    (re.compile(r"^(?:du heißt|sie heißen)\b", re.IGNORECASE), "Ich heiße"),
    (re.compile(r"^du arbeitest\b", re.IGNORECASE), "Ich arbeite"),
    (re.compile(r"^(?:tu es|vous êtes)\b", re.IGNORECASE), "Je suis"),
    (re.compile(r"^(?:tu t'appelles|vous vous appelez)\b", re.IGNORECASE), "Je m'appelle"),
)
_OF_BOTH = re.compile(
    r"^(?!you (?:are|work|help|answer|call|take)\b)(?=.*\byou\b).*\b(?:us|we|our)\b", re.IGNORECASE
)
"""“You find us by the river” is said to the caller, not to the agent."""
_SELF = re.compile(
    r"^(?:I am|I'm|My name|I work|Soy|Me llamo|Trabajo|Mi nombre|Ich bin|Ich heiße|Ich arbeite"
    r"|Je suis|Je m'appelle)\b"
)
_FEWEST_WORDS = 2


class Kind(StrEnum):
    """What a prompt's sentence is good for."""

    SELF = "self"
    """Says who the agent is."""
    FACT = "fact"
    ASK = "ask"
    """Something the agent is to find out, turned into a question."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence the agent can say. `terms` are taken from the prompt's own words."""

    text: str
    kind: Kind
    terms: frozenset[str]


def render(template: str, variables: dict[str, object]) -> str:
    """Fill `{{name}}` and `{{nested.name}}`; what has no value is left out."""

    def value(match: re.Match[str]) -> str:
        found: object = variables.get(match[1])
        if found is None:
            found = variables
            for part in match[1].split("."):
                found = found.get(part) if isinstance(found, dict) else None
        return "" if found is None else str(found)

    return _VARIABLE.sub(value, template)


def variables_in(template: str) -> set[str]:
    """The names that a template refers to: `{"guest", "user.phone_number"}`."""
    return set(_VARIABLE.findall(template))


def lines(prompt: str) -> list[Line]:
    """The prompt's sentences as things to say, in their order. Rules of conduct are left out."""
    found: list[Line] = []
    asked = ""
    for sentence in (_FAQ_MARK.sub("", one) for one in sentences(_THEN_ASK.sub(".\n", prompt))):
        line = None if sentence.endswith("?") else _line(sentence)
        if asked and line is not None and line.kind is Kind.FACT:
            # A question with its answer, as in lists of frequent ones; others are the agent's to ask.
            line = replace(line, terms=line.terms | terms(asked))
        elif asked:
            found.append(Line(asked, Kind.ASK, frozenset(terms(asked))))
        asked = sentence if sentence.endswith("?") else ""
        found += [line] if line is not None else []
    return [*found, Line(asked, Kind.ASK, frozenset(terms(asked)))] if asked else found


def sentences(text: str) -> list[str]:
    cleaned = "\n".join(_MARKUP.sub("", row).strip() for row in text.splitlines())
    parts = (part.strip() for part in _BREAK.split(cleaned))
    return [part for part in parts if len(part.split()) >= _FEWEST_WORDS]


def _line(sentence: str) -> Line | None:
    meaning = frozenset(terms(sentence))
    if said := _to_be_said(sentence):
        return Line(_closed(_to_listener(said)), Kind.FACT, meaning)
    if _RULE.match(_CASE.sub("", sentence)) or sentence.endswith(":"):
        return None
    if question := _to_be_asked(sentence):
        return Line(question, Kind.ASK, meaning)
    if _DO.match(sentence):
        sentence = f"I can {sentence[0].lower()}{sentence[1:]}"
    text = _closed(_to_listener(_in_first_person(sentence)))
    if _SELF.match(text):
        return Line(text, Kind.SELF, meaning | {"#identity"})
    return Line(text, Kind.FACT, meaning)


def _to_be_said(sentence: str) -> str | None:
    """What the agent is to tell, offer or have the other side do; None: the sentence is about something else."""
    if (said := _SAY.match(sentence)) and not said["said"].lower().startswith(("question", "in ", "with ", "to ")):
        return said["said"]
    if request := _ASK_TO_DO.match(sentence):
        return f"{_you(request['case'])}{'please' if request['case'] else 'Please'} {request['do']}"
    if then := _IF_THEN_DO.match(sentence):
        return f"{_you(then['case'])}, I can {then['do']}"
    return None


def _to_be_asked(sentence: str) -> str | None:
    """The question that the agent is to ask; None: it is told something else."""
    if asked := _ASK.match(sentence):
        return _question(asked["what"])
    for pattern, question in _ASK_ABROAD:
        if asked := pattern.match(sentence):
            return question.format(what=_OTHER_PARTY_ABROAD.sub("", asked["what"]))
    return None


def _in_first_person(sentence: str) -> str:
    if _OF_BOTH.search(sentence):
        return sentence
    for pattern, instead in _SAME_PERSON:
        sentence = pattern.sub(instead, sentence)
    return sentence


def _to_listener(sentence: str) -> str:
    addressed = _OTHER_PARTY.sub(lambda match: "your" if match["own"] else "you", sentence)
    if addressed != sentence:
        addressed = _you(addressed)
    return addressed


def _you(text: str) -> str:
    """With the other side, told of as `they`, spoken to."""
    text = re.sub(r"\b(?:their|his or her)\b", "your", text)
    return re.sub(r"\b(?:they|them)\b", "you", text)


def _question(what: str) -> str:
    wanted = _to_listener(what)
    wanted = re.sub(r"^(?:you|them|callers?|guests?|customers?|people)\s+(?:for|about)?\s*", "", wanted).strip()
    wanted = _you(wanted)
    return (
        f"May I ask {wanted}?"
        if wanted.startswith(("how", "what", "when", "who", "why", "which", "whether", "if"))
        else (f"May I ask for {wanted}?")
    )


def _closed(sentence: str) -> str:
    sentence = sentence[0].upper() + sentence[1:]
    return sentence if sentence[-1] in ".!?" else f"{sentence}."
