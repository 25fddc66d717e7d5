"""What a turn does in a conversation: asks, takes leave, greets, asks for more, or comes from a machine."""

import re

from switchboard.sandbox.conversation.words import plain

_LEAVE = re.compile(r"\b(?:good ?bye|bye|adios|hasta luego|auf wiederhoren|tschuss|au revoir)\b")
_MACHINE = re.compile(
    r"\b(?:leave (?:a|your|me a) (?:message|name)|after the (?:tone|beep)|voice ?mail"
    r"|deje (?:un|su) mensaje"
    r"|buzon|nach dem (?:ton|signal)|hinterlassen sie|mailbox|laissez (?:un|votre) message|bip sonore|repondeur)\b"
)
_INTERROGATIVE = re.compile(
    r"^(?:oh |so |and |y |und |et )?(?:who|what|when|where|why|how|which"
    r"|can|could|do|does|is|are|will|would|may"
    r"|quien|que|cuando|donde|por que|como|cual|cuanto|wer|was|wann|wo|warum|wie|welche|kann|konnen|gibt"
    r"|qui|quoi|quand|ou|pourquoi|comment|combien|quel|quelle|quels)\b"
)
_MORE = re.compile(
    r"\b(?:anything else|what else|tell me more|more about|exactly do you mean"
    r"|algo mas|que mas|contarme mas|quiere decir"
    r"|sonst noch|noch sagen|mehr daruber|genau meinen|autre chose|dire d.autre|en dire plus|entendez.vous)\b"
)
_WOULD_KNOW = re.compile(r"\b(?:may i ask|me puede decir|darf ich|puis-je|pouvez-vous me)\b")
_ELSE = re.compile(
    r"\b(?:anything else|what else|algo mas|que mas|sonst noch|noch sagen|autre chose|dire d.autre)\b"
)
_PRESENCE = re.compile(
    r"\b(?:still there|hear me|anybody there"
    r"|sigue (?:usted )?ahi|me oye|hay alguien|noch da|mich horen|ist da jemand"
    r"|toujours la|m.entendez|il y a quelqu.un)\b"
)
_HELLO = re.compile(
    r"^(?:hello|hi|hey|yes|good (?:morning|day|evening)"
    r"|hola|diga|digame|si|bueno|buenos dias|buenas|hallo|ja|guten tag"
    r"|allo|bonjour|oui)\b(?:\W+\w+){0,4}\W*$"
)


def takes_leave(text: str) -> bool:
    return bool(_LEAVE.search(plain(text)))


def is_machine(text: str) -> bool:
    """Whether an answering machine speaks."""
    return bool(_MACHINE.search(plain(text)))


def asks(text: str) -> bool:
    said = plain(text)
    return "?" in text or bool(_INTERROGATIVE.match(said) or _WOULD_KNOW.search(said))


def wants_more(text: str) -> bool:
    """An open question, which any sentence not said yet would answer."""
    return bool(_MORE.search(plain(text)))


def wants_anything(text: str) -> bool:
    """An open question about nothing in particular."""
    return bool(_ELSE.search(plain(text)))


def checks_presence(text: str) -> bool:
    return bool(_PRESENCE.search(plain(text)))


def only_greets(text: str) -> bool:
    return bool(_HELLO.match(plain(text).strip("¿¡ ")))
