"""Residents, agents and telephone legs for tests of minds and platforms."""

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.callee import callee
from switchboard.sandbox.conversation.persona import Persona
from switchboard.sandbox.line import Person, PhoneLeg, Speech
from switchboard.sandbox.phones.residents import Goal, Manner, Mood, Resident

NUMBER = "+14155550100"
PROMPT = """You are the receptionist of Casa Verde, a small hotel in Lisbon.
You greet guests warmly and keep your answers short. Never talk about politics.
Breakfast is served from 7 to 10 on the terrace. A double room costs 95 euros per night.
The hotel is at Rua das Flores 12, near the river. Check-in starts at 3 pm.
Ask for the arrival date. If the caller asks about parking, say that there is a garage two streets away."""


def resident(**facts: object) -> Resident:
    usual = {
        "number": NUMBER,
        "name": "Ann Baker",
        "gender": "female",
        "language": "en",
        "mood": Mood.CALM,
        "goal": Goal.ASK_PRICE,
        "manner": Manner.TALKS,
        "patience_turns": 8,
        "opening": "Hello?",
    }
    return Resident(**{**usual, **facts})  # type: ignore[arg-type]  # names are the fields'


def leg(person: Person, **parameters: str) -> PhoneLeg:
    return PhoneLeg(
        account_sid="AC" + "1" * 32,
        call_sid="CA" + "2" * 32,
        stream_sid="MZ" + "3" * 32,
        to=NUMBER,
        from_="+15005550006",
        person=person,
        parameters=parameters,
    )


async def talk(persona: Persona, who: Resident, *, seed: int = 1, most: int = 40) -> list[tuple[str, str]]:
    """A whole conversation without a clock: (role, text) in order, agent first."""
    mind, person = AgentMind(persona), callee(who, seed)
    said: list[tuple[str, str]] = []
    speech = await mind.opens()
    while len(said) < most:
        said.append(("agent", speech.text))
        if speech.hangs_up:
            break
        reply = await person.answers(speech.text)
        assert reply is not None
        said.append(("user", reply.text))
        if reply.hangs_up:
            break
        answer = await mind.answers(reply.text)
        assert isinstance(answer, Speech)
        speech = answer
    return said
