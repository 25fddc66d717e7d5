import pytest
from tests.sandbox.conversation.people import PROMPT, resident, talk

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.callee import callee
from switchboard.sandbox.conversation.callee_phrases import CALLEE
from switchboard.sandbox.conversation.persona import Persona, Tool
from switchboard.sandbox.conversation.spoken import lines
from switchboard.sandbox.line import Speech, ToolCall
from switchboard.sandbox.phones.residents import Goal, Manner, Mood

PERSONA = Persona(PROMPT, "Hello, this is Casa Verde.")


@pytest.mark.parametrize("goal", list(Goal))
@pytest.mark.parametrize("mood", list(Mood))
async def test_everybody_talks_six_to_twelve_turns_and_ends_by_themselves(goal, mood):
    said = await talk(PERSONA, resident(goal=goal, mood=mood))
    assert 6 <= len(said) <= 12
    assert "oodbye" in said[-1][1]


@pytest.mark.parametrize("goal", list(Goal))
async def test_every_conversation_uses_the_agents_prompt(goal):
    facts = [line.text for line in lines(PROMPT)]
    spoken = " ".join(text for role, text in await talk(PERSONA, resident(goal=goal)) if role == "agent")
    assert sum(fact in spoken for fact in facts) >= 2


@pytest.mark.parametrize("goal", list(Goal))
async def test_nobody_says_the_same_thing_twice(goal):
    said = [text for _, text in await talk(PERSONA, resident(goal=goal, mood=Mood.CHEERFUL))]
    assert len(said) == len(set(said))


async def test_the_same_seed_gives_the_same_talk_and_another_seed_another():
    talks = {seed: await talk(PERSONA, resident(), seed=seed) for seed in range(6)}
    assert await talk(PERSONA, resident(), seed=3) == talks[3]
    assert len({tuple(said) for said in talks.values()}) > 1


async def test_they_pick_up_words_of_the_agent():
    person = callee(resident(mood=Mood.CHEERFUL), 1)
    await person.answers("Hello, this is Casa Verde.")
    asked = (await person.answers("Our chandeliers are new.")).text
    assert "chandeliers" in asked


async def test_they_answer_what_the_agent_asks():
    person = callee(resident(), 1)
    await person.answers("Hello.")
    assert (await person.answers("May I ask for your name?")).text.startswith("My name is Ann Baker.")


async def test_they_speak_the_language_they_hear():
    said = await talk(
        Persona("Eres la recepcionista de la clínica Sol. Una limpieza cuesta 60 euros.",
                "Hola, clínica Sol, ¿en qué puedo ayudarle?", "es"),
        resident(),
    )  # fmt: skip
    asked = [text for role, text in said if role == "user"]
    assert any(question in asked[0] for question in CALLEE["es"].goals[Goal.ASK_PRICE])
    assert any("60 euros" in text for role, text in said if role == "agent")


async def test_patience_ends_the_talk():
    person = callee(resident(mood=Mood.CHEERFUL, patience_turns=4), 1)
    turns = 0
    while not (await person.answers(f"We have item number {turns} for you.")).hangs_up:
        turns += 1
    assert turns == 4


async def test_a_silent_person_never_speaks_and_at_last_puts_the_telephone_down():
    person = callee(resident(manner=Manner.SILENT), 1)
    assert await person.opens() is None
    heard = [await person.answers(text) for text in ["Hello?", "", "Are you there?"] + [""] * 6]
    assert [one for one in heard if one] == [heard[-1]]
    assert heard[-1].hangs_up
    assert heard[-1].text == ""


async def test_a_machine_greets_and_stops_recording_after_silence():
    person = callee(resident(manner=Manner.VOICEMAIL, opening="Leave a message after the tone."), 1)
    assert (await person.opens()).text == "Leave a message after the tone."
    assert [await person.answers(text) for text in ("This is Rosa.", "", "")] == [None, None, None]
    assert (await person.answers("")).hangs_up


async def test_somebody_hangs_up_before_any_word():
    speech = await callee(resident(manner=Manner.HANGS_UP_AT_ONCE), 1).opens()
    assert (speech.text, speech.hangs_up) == ("", True)


async def test_one_talks_at_length_and_one_interrupts():
    person = callee(resident(manner=Manner.TALKS_AT_LENGTH), 1)
    assert len((await person.answers("Hello.")).text.split()) > 40
    assert callee(resident(manner=Manner.INTERRUPTS), 1).interrupts
    assert not person.interrupts


async def test_left_in_silence_they_ask_once_and_hang_up():
    person = callee(resident(), 1)
    assert not (await person.answers("")).hangs_up
    assert (await person.answers("")).hangs_up


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("May I ask for your e-mail?", "My e-mail address is ann dot baker at example dot com."),
        ("May I ask for your phone number?", "My number is +14155550100."),
        ("May I ask for your order number?", "It is four seven one one."),
        ("May I ask for your number of guests?", "We are four people."),
        ("May I ask for your date?", "Tomorrow at seven in the evening would suit me."),
    ],
)
async def test_they_give_what_a_tool_needs_and_nothing_else(question, answer):
    person = callee(resident(), 1)
    await person.answers("Hello.")
    assert (await person.answers(question)).text == answer


async def test_agent_and_caller_get_a_booking_done():
    book = Tool(
        "book_table",
        "Makes a reservation of a table.",
        {
            "properties": {
                "people": {"type": "integer", "description": "number of guests"},
                "date": {"type": "string"},
                "email": {"type": "string"},
            },
            "required": ["people", "date", "email"],
        },
    )
    mind = AgentMind(Persona("You are Verde.", "Hello, this is Verde.", tools=(book,)))
    person = callee(resident(goal=Goal.BOOK_TABLE), 1)
    speech: Speech | ToolCall = await mind.opens()
    for _ in range(12):
        if isinstance(speech, ToolCall):
            break
        speech = await mind.answers((await person.answers(speech.text)).text)
    assert speech.arguments == {"people": 4, "date": "tomorrow", "email": "ann.baker@example.com"}


async def test_they_do_not_ask_what_the_word_of_their_own_question_means():
    person = callee(resident(goal=Goal.ASK_HOURS, mood=Mood.CHEERFUL), 1)
    await person.answers("Hello, this is Casa Verde.")
    asked = (await person.answers("The opening hours are from eight.")).text
    assert "“" not in asked


@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        ("I can book a table. May I ask for the number of people and the time.", "We are four people."),
        ("May I ask for the date of birth?", "I was born on May 2nd 1980."),
    ],
)
async def test_they_answer_what_they_are_asked_even_if_the_question_mark_was_not_heard(asked, fact):
    person = callee(resident(), 1)
    await person.answers("Hello.")
    assert (await person.answers(asked)).text == fact
