"""The small talk that joins an agent's own sentences, in English, Spanish, German and French.

Other languages get the English words: the facts still come from the agent's prompt in its language.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgentPhrases:
    """Each entry offers variants that are used in turn."""

    hello: str
    help: tuple[str, ...]
    unknown: tuple[str, ...]
    but: tuple[str, ...]
    """Leads over from not knowing to something known."""
    again: tuple[str, ...]
    exhausted: tuple[str, ...]
    noted: tuple[str, ...]
    still_there: tuple[str, ...]
    no_answer: str
    welcome: str
    """After thanks."""
    farewell: tuple[str, ...]
    understood: str
    """Takes leave of somebody who wants nothing of the call."""
    machine: str
    """To whoever asks whether they speak with a human."""
    alone: str
    """To whoever wants to speak with a human."""
    message: str
    """Closes what is left on an answering machine."""
    may_i_ask: str
    """For something that a tool needs, `{what}`."""
    done: str
    """After a tool that answers nothing."""
    failed: str
    """After a tool that did not work."""


@dataclass(frozen=True, slots=True)
class SummaryPhrases:
    """Templates of a call's analysis. `agent` stands in where the agent's name is not told."""

    agent: str
    spoke: str
    asked: str
    unanswered: str
    ended: dict[str, str]
    machine: str
    silence: str
    nobody: str
    title: str
    topics: dict[str, str]


AGENT = {
    "en": AgentPhrases(
        hello="Hello.",
        help=("How can I help you?", "What can I do for you?", "What would you like to know?"),
        unknown=(
            "I'm afraid I don't know that.",
            "I'm sorry, I don't have any information about that.",
            "I can't tell you that, it is not something I know.",
            "That is beyond what I know, I'm sorry.",
        ),
        but=("What I can tell you is this:", "I do know this, though:"),
        again=("As I said:", "Let me say it once more:"),
        exhausted=(
            "That is everything I know about it.",
            "There is nothing I could add to that.",
            "I have told you all I know.",
        ),
        noted=("Thank you, I have noted that.", "All right, I've got that.", "Very well, thank you."),
        still_there=("Are you still there?", "Hello, can you hear me?"),
        no_answer="I can't hear you, so I will end the call here. Goodbye.",
        welcome="You're welcome.",
        farewell=("You're welcome. Goodbye!", "Thank you for your time. Goodbye!"),
        understood="I understand. I am sorry to have disturbed you. Goodbye!",
        machine="I am an automated assistant, not a human being.",
        alone="I am an automated assistant, and I cannot put you through to anybody.",
        message="I will try to reach you another time. Goodbye.",
        may_i_ask="May I ask for your {what}?",
        done="That is done.",
        failed="I'm sorry, that did not work just now.",
    ),
    "es": AgentPhrases(
        hello="Hola.",
        help=("¿En qué puedo ayudarle?", "¿Qué puedo hacer por usted?", "¿Qué desea saber?"),
        unknown=(
            "Me temo que eso no lo sé.",
            "Lo siento, no tengo información sobre eso.",
            "No se lo puedo decir, no lo conozco.",
            "Eso va más allá de lo que sé, lo siento.",
        ),
        but=("Lo que sí puedo decirle:", "En cambio, sé lo siguiente:"),
        again=("Como le decía:", "Se lo repito:"),
        exhausted=(
            "Es todo lo que sé al respecto.",
            "No podría añadir nada más.",
            "Ya le he contado todo lo que sé.",
        ),
        noted=("Gracias, lo he anotado.", "Muy bien, tomo nota.", "De acuerdo, gracias."),
        still_there=("¿Sigue usted ahí?", "¿Hola, me oye?"),
        no_answer="No le oigo, así que termino la llamada. Adiós.",
        welcome="De nada.",
        farewell=("De nada. ¡Adiós!", "Gracias por su tiempo. ¡Adiós!"),
        understood="Lo entiendo. Disculpe la molestia. ¡Adiós!",
        machine="Soy un asistente automático, no una persona.",
        alone="Soy un asistente automático y no puedo pasarle con nadie.",
        message="Volveré a llamar en otro momento. Adiós.",
        may_i_ask="¿Me puede decir lo siguiente: {what}?",
        done="Ya está hecho.",
        failed="Lo siento, eso no ha funcionado ahora.",
    ),
    "de": AgentPhrases(
        hello="Guten Tag.",
        help=("Wie kann ich Ihnen helfen?", "Was kann ich für Sie tun?", "Was möchten Sie wissen?"),
        unknown=(
            "Das weiß ich leider nicht.",
            "Dazu habe ich leider keine Angaben.",
            "Das kann ich Ihnen nicht sagen, es ist mir nicht bekannt.",
            "Das übersteigt leider meine Kenntnisse.",
        ),
        but=("Was ich Ihnen sagen kann:", "Dafür weiß ich Folgendes:"),
        again=("Wie gesagt:", "Ich wiederhole es gern:"),
        exhausted=(
            "Das ist alles, was ich darüber weiß.",
            "Mehr kann ich dazu nicht sagen.",
            "Damit habe ich Ihnen alles gesagt.",
        ),
        noted=("Danke, das habe ich notiert.", "Gut, ist vermerkt.", "In Ordnung, vielen Dank."),
        still_there=("Sind Sie noch da?", "Hallo, können Sie mich hören?"),
        no_answer="Ich höre Sie nicht und beende daher das Gespräch. Auf Wiederhören.",
        welcome="Gern geschehen.",
        farewell=("Gern geschehen. Auf Wiederhören!", "Danke für Ihre Zeit. Auf Wiederhören!"),
        understood="Ich verstehe. Entschuldigen Sie die Störung. Auf Wiederhören!",
        machine="Ich bin ein automatischer Assistent, kein Mensch.",
        alone="Ich bin ein automatischer Assistent und kann Sie mit niemandem verbinden.",
        message="Ich melde mich ein anderes Mal. Auf Wiederhören.",
        may_i_ask="Können Sie mir Folgendes sagen: {what}?",
        done="Das ist erledigt.",
        failed="Das hat gerade leider nicht geklappt.",
    ),
    "fr": AgentPhrases(
        hello="Bonjour.",
        help=("Comment puis-je vous aider ?", "Que puis-je faire pour vous ?", "Que souhaitez-vous savoir ?"),
        unknown=(
            "Je crains de ne pas le savoir.",
            "Désolé, je n'ai aucune information à ce sujet.",
            "Je ne peux pas vous le dire, je ne le sais pas.",
            "Cela dépasse ce que je sais, désolé.",
        ),
        but=("Ce que je peux vous dire :", "En revanche, je sais ceci :"),
        again=("Comme je le disais :", "Je vous le répète :"),
        exhausted=(
            "C'est tout ce que je sais là-dessus.",
            "Je ne pourrais rien ajouter.",
            "Je vous ai dit tout ce que je sais.",
        ),
        noted=("Merci, c'est noté.", "Très bien, j'en prends note.", "D'accord, merci."),
        still_there=("Êtes-vous toujours là ?", "Allô, vous m'entendez ?"),
        no_answer="Je ne vous entends pas, je termine donc l'appel. Au revoir.",
        welcome="Je vous en prie.",
        farewell=("Je vous en prie. Au revoir !", "Merci de votre temps. Au revoir !"),
        understood="Je comprends. Excusez-moi de vous avoir dérangé. Au revoir !",
        machine="Je suis un assistant automatique, pas un être humain.",
        alone="Je suis un assistant automatique et je ne peux vous passer personne.",
        message="Je vous rappellerai une autre fois. Au revoir.",
        may_i_ask="Pouvez-vous me dire ceci : {what} ?",
        done="C'est fait.",
        failed="Désolé, cela n'a pas fonctionné à l'instant.",
    ),
}

SUMMARY = {
    "en": SummaryPhrases(
        spoke="{agent} spoke with the person at {number}.",
        asked="They talked about {topics}.",
        unanswered="The agent could not answer: “{question}”",
        ended={
            "callee-hung-up": "The person hung up.",
            "agent-ended": "The agent said goodbye and ended the call.",
            "time-up": "The call reached its longest duration.",
            "stopped": "The call was ended from outside.",
            "carrier-hung-up": "The line was closed by the carrier.",
        },
        machine="An answering machine picked up at {number}; {agent} spoke to it.",
        silence="{agent} reached {number}, but nobody spoke.",
        nobody="{agent} reached {number}, but the call ended before a word was said.",
        agent="The agent",
        title="Call about {topics}",
        topics={
            "hours": "opening hours",
            "price": "prices",
            "booking": "a booking",
            "address": "the address",
            "contact": "contact details",
            "payment": "payment",
            "cancel": "a change or cancellation",
            "food": "food",
            "parking": "parking",
            "complaint": "a complaint",
            "identity": "who is calling",
            "other": "general questions",
        },
    ),
    "es": SummaryPhrases(
        spoke="{agent} habló con la persona del {number}.",
        asked="Hablaron de {topics}.",
        unanswered="El agente no supo responder: «{question}»",
        ended={
            "callee-hung-up": "La persona colgó.",
            "agent-ended": "El agente se despidió y terminó la llamada.",
            "time-up": "La llamada alcanzó su duración máxima.",
            "stopped": "La llamada se terminó desde fuera.",
            "carrier-hung-up": "El operador cerró la línea.",
        },
        machine="Contestó un buzón de voz en {number}; {agent} le habló.",
        silence="{agent} llamó al {number}, pero nadie habló.",
        nobody="{agent} llamó al {number}, pero la llamada terminó sin palabras.",
        agent="El agente",
        title="Llamada sobre {topics}",
        topics={
            "hours": "el horario",
            "price": "los precios",
            "booking": "una reserva",
            "address": "la dirección",
            "contact": "los datos de contacto",
            "payment": "el pago",
            "cancel": "un cambio o una cancelación",
            "food": "la comida",
            "parking": "el aparcamiento",
            "complaint": "una queja",
            "identity": "quién llama",
            "other": "preguntas generales",
        },
    ),
    "de": SummaryPhrases(
        spoke="{agent} sprach mit der Person unter {number}.",
        asked="Es ging um {topics}.",
        unanswered="Der Agent konnte nicht beantworten: „{question}“",
        ended={
            "callee-hung-up": "Die Person legte auf.",
            "agent-ended": "Der Agent verabschiedete sich und beendete das Gespräch.",
            "time-up": "Das Gespräch erreichte seine Höchstdauer.",
            "stopped": "Das Gespräch wurde von außen beendet.",
            "carrier-hung-up": "Die Leitung wurde vom Netzbetreiber geschlossen.",
        },
        machine="Unter {number} antwortete ein Anrufbeantworter; {agent} sprach darauf.",
        silence="{agent} erreichte {number}, aber niemand sprach.",
        nobody="{agent} erreichte {number}, aber das Gespräch endete vor dem ersten Wort.",
        agent="Der Agent",
        title="Anruf über {topics}",
        topics={
            "hours": "Öffnungszeiten",
            "price": "Preise",
            "booking": "eine Buchung",
            "address": "die Adresse",
            "contact": "Kontaktdaten",
            "payment": "die Bezahlung",
            "cancel": "eine Änderung oder Absage",
            "food": "das Essen",
            "parking": "das Parken",
            "complaint": "eine Beschwerde",
            "identity": "den Anrufer",
            "other": "allgemeine Fragen",
        },
    ),
    "fr": SummaryPhrases(
        spoke="{agent} a parlé avec la personne au {number}.",
        asked="Il a été question de {topics}.",
        unanswered="L'agent n'a pas su répondre : « {question} »",
        ended={
            "callee-hung-up": "La personne a raccroché.",
            "agent-ended": "L'agent a pris congé et terminé l'appel.",
            "time-up": "L'appel a atteint sa durée maximale.",
            "stopped": "L'appel a été terminé de l'extérieur.",
            "carrier-hung-up": "La ligne a été fermée par l'opérateur.",
        },
        machine="Un répondeur a décroché au {number} ; {agent} lui a parlé.",
        silence="{agent} a joint le {number}, mais personne n'a parlé.",
        nobody="{agent} a joint le {number}, mais l'appel s'est terminé sans un mot.",
        agent="L'agent",
        title="Appel : {topics}",
        topics={
            "hours": "horaires",
            "price": "prix",
            "booking": "réservation",
            "address": "adresse",
            "contact": "coordonnées",
            "payment": "paiement",
            "cancel": "modification ou annulation",
            "food": "cuisine",
            "parking": "stationnement",
            "complaint": "réclamation",
            "identity": "identité de l'appelant",
            "other": "questions générales",
        },
    ),
}


def primary(language: str) -> str:
    """`es-MX` → `es`; a language without phrases of its own → `en`."""
    code = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return code if code in AGENT else "en"


def says_unknown(text: str) -> bool:
    """Whether an agent's turn admits not knowing, in any of the languages."""
    return any(phrase in text for phrases in AGENT.values() for phrase in phrases.unknown)
