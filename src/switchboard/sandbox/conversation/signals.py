"""What a turn does in a conversation: asks, takes leave, greets, asks for more, or comes from a machine."""

import re

from switchboard.sandbox.conversation.words import ideas, plain, terms

_LEAVE = re.compile(r"\b(?:good ?bye|bye|adios|hasta luego|auf wiederhoren|tschuss|au revoir)\b")
_ENOUGH = re.compile(
    r"\b(?:that(?: i|.)s (?:all|it|everything)|that (?:was|will be|would be|.ll be) (?:all|it|everything)"
    r"|nothing else"
    r"|(?:eso|esto) (?:es|seria) todo|nada mas|(?:das|dies) (?:war|ware|ist) alles|mehr brauche ich nicht"
    r"|(?:c.est|ce sera|ce serait) tout|rien d.autre)\b"
)
_REFUSAL = re.compile(
    r"\b(?:not interested|no interest|(?:no|not have|don.t have) (?:the )?time|stop calling"
    r"|(?:do not|don.t|never) call"
    r"|leave me alone|(?:take|remove) (?:me|my number) (?:off|from)"
    r"|no me interesa|no tengo tiempo|no (?:me )?llame[ns]?|dejen? de llamar"
    r"|kein(?:e)? (?:interesse|zeit)|nicht interessiert|rufen sie (?:mich )?nicht"
    r"|pas interesse[e]?|pas le temps|(?:ne )?m.appelez plus|ne rappelez)\b"
)
_ROBOT = re.compile(
    r"\b(?:(?:are you|is (?:this|that)|am i (?:talking|speaking) (?:to|with)|real|actual)\b.*"
    r"\b(?:robot|bot|ai|artificial|machine|computer|recording|human|real person)"
    r"|(?:es|eres|usted)\b.*\b(?:un robot|una maquina|humano|humana|una ia|persona real)"
    r"|(?:sind|bist|ist)\b.*\b(?:roboter|maschine|computer|ki|mensch|echte person)"
    r"|(?:etes|es|est)\b.*\b(?:un robot|une machine|humaine?|une ia|vraie personne))\b"
)
_A_PERSON = re.compile(
    r"\b(?:(?:talk|speak|transfer|connect|put)\b.*"
    r"\b(?:human|person|somebody|someone|manager|representative|colleague)"
    r"|hablar con (?:una persona|un humano|alguien|un agente)"
    r"|(?:mit (?:einem|einer) (?:menschen|mitarbeiter\w*|person|kolleg\w+)) (?:sprechen|reden|verbinden)"
    r"|parler (?:a|avec) (?:quelqu.un|un humain|une personne|un conseiller))\b"
)
_THANKS = re.compile(r"\b(?:thanks|thank you|gracias|danke\w*|vielen dank|merci)\b")
_DECLINES = re.compile(r"^\W*(?:no|nein|non)\b")
_YES = re.compile(r"^\W*(?:yes|yeah|sure|ok|okay|si|ja|oui)\b")
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
    """A hello, perhaps with a name: nothing that people ring up about."""
    return bool(_HELLO.match(plain(text).strip("¿¡ "))) and not ideas(text) - {"identity"}


def agrees(text: str) -> bool:
    """`Yes, sure.`, but not the `Yes?` of somebody who picks up."""
    return bool(_YES.match(plain(text))) and "?" not in text


def only_thanks(text: str) -> bool:
    """And declines nothing, as `No, thanks` does."""
    said = plain(text)
    return bool(_THANKS.search(said)) and not terms(_THANKS.sub(" ", said)) and not _DECLINES.match(said)


def has_enough(text: str) -> bool:
    """Is done, as with `That's all, thank you`."""
    return "?" not in text and bool(_ENOUGH.search(plain(text)))


def refuses(text: str) -> bool:
    """Wants nothing of this call."""
    return "?" not in text and bool(_REFUSAL.search(plain(text)))


def doubts_a_human(text: str) -> bool:
    """Asks who speaks, as with `Are you a robot?`, and not what."""
    return asks(text) and bool(_ROBOT.search(plain(text)))


def wants_a_human(text: str) -> bool:
    return bool(_A_PERSON.search(plain(text)))
