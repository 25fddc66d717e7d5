import pytest
from tests.sandbox.conversation.people import PROMPT

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.persona import Persona
from switchboard.sandbox.conversation.phrases import AGENT, says_unknown


async def mind(prompt: str = PROMPT, **more) -> AgentMind:
    opened = AgentMind(Persona(prompt, **{"first_message": "Hello.", **more}))
    await opened.opens()
    return opened


async def answer(agent: AgentMind, heard: str) -> str:
    speech = await agent.answers(heard)
    assert speech is not None
    return speech.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("When is breakfast?", "Breakfast is served from 7 to 10 on the terrace."),
        ("How much is a room?", "A double room costs 95 euros per night."),
        ("Where can I find you?", "The hotel is at Rua das Flores 12, near the river."),
        ("Do you have parking?", "There is a garage two streets away."),
        ("Who is calling, please?", "I am the receptionist of Casa Verde, a small hotel in Lisbon."),
        ("What time can I check in?", "Check-in starts at 3 pm."),
    ],
)
async def test_it_answers_with_the_sentence_of_its_prompt_that_fits(question, told):
    assert await answer(await mind(), question) == told


async def test_small_talk_around_a_question_does_not_hide_it():
    heard = "Oh, hello, Ann Baker speaking. My neighbour told me about the street. When is breakfast?"
    assert "Breakfast is served" in await answer(await mind(), heard)


async def test_it_says_so_when_nothing_in_its_prompt_fits():
    told = await answer(await mind(), "Do you repair bicycles?")
    assert says_unknown(told)


async def test_rules_of_conduct_are_never_spoken():
    agent = await mind()
    said = [await answer(agent, "What else can you tell me?") for _ in range(10)]
    assert not any("politics" in text or "warmly" in text for text in said)


async def test_an_open_question_brings_out_every_fact_once_and_then_an_end():
    agent = await mind("We sell tea. We sell coffee. We sell cake.")
    told = [await answer(agent, "What else can you tell me?") for _ in range(4)]
    assert told[:3] == ["We sell tea.", "We sell coffee.", "We sell cake."]
    assert told[3] in AGENT["en"].exhausted


async def test_the_same_question_over_and_over_does_not_bring_the_same_words():
    agent = await mind()
    told = [await answer(agent, "How much is a room?") for _ in range(4)]
    assert told[1].endswith(told[0])
    assert len(set(told)) == 4


async def test_not_knowing_is_worded_differently_each_time():
    agent = await mind("You are a helpful assistant.")
    told = [await answer(agent, f"Do you repair {what}?") for what in ("bicycles", "radios", "boats")]
    assert all(says_unknown(text) for text in told)
    assert len(set(told)) == 3


async def test_variables_are_filled_in_prompt_and_first_message():
    persona = Persona("The room of {{guest.name}} is {{room}}.", "Hello {{guest.name}}.", variables={
        "guest": {"name": "Ann"}, "room": 12,
    })  # fmt: skip
    agent = AgentMind(persona)
    assert (await agent.opens()).text == "Hello Ann."
    assert await answer(agent, "Which room is it?") == "The room of Ann is 12."


async def test_without_first_message_it_greets_from_its_prompt():
    said = (await AgentMind(Persona(PROMPT)).opens()).text
    assert "I am the receptionist of Casa Verde" in said
    assert said.startswith("Hello.")


@pytest.mark.parametrize(
    ("language", "prompt", "question", "told", "unknown"),
    [
        ("es-MX", "Eres la voz de Sol. Abrimos de 9 a 18.", "¿Cuál es su horario?",
         "Abrimos de 9 a 18.", "¿Venden barcos?"),
        ("de", "Du bist die Stimme von Sol. Wir öffnen um 9 Uhr.", "Wie sind Ihre Öffnungszeiten?",
         "Wir öffnen um 9 Uhr.", "Verkaufen Sie Boote?"),
        ("fr-CA", "Tu es la voix de Sol. Le magasin ouvre à midi.", "Quels sont vos horaires ?",
         "Le magasin ouvre à midi.", "Vendez-vous des bateaux ?"),
    ],
)  # fmt: skip
async def test_it_keeps_its_language(language, prompt, question, told, unknown):
    agent = await mind(prompt, language=language)
    phrases = AGENT[language[:2]]
    assert await answer(agent, question) == told
    assert (await answer(agent, unknown)).startswith(phrases.unknown[0])


async def test_it_takes_leave_when_the_other_side_does_and_hangs_up_only_if_it_can():
    ending, staying = await mind(), await mind(can_hang_up=False)
    assert (await ending.answers("Thank you, goodbye!")).hangs_up
    farewell = await staying.answers("Thank you, goodbye!")
    assert not farewell.hangs_up
    assert "oodbye" in farewell.text


async def test_into_a_silence_it_asks_twice_and_then_ends():
    agent = await mind()
    said = [await agent.answers("") for _ in range(4)]
    assert [speech and speech.hangs_up for speech in said] == [False, False, True, None]


async def test_an_agent_that_cannot_hang_up_does_not_claim_to():
    agent = await mind(can_hang_up=False)
    assert [await agent.answers("") is None for _ in range(3)] == [False, False, True]


async def test_it_leaves_a_short_message_on_a_machine_and_hangs_up():
    speech = await (await mind(first_message="This is Rosa.")).answers("Please leave a message after the tone.")
    assert speech.hangs_up
    assert speech.text.startswith("This is Rosa.")


async def test_something_told_is_noted_and_led_on_with_what_the_prompt_wants_to_know():
    told = await answer(await mind(), "My cat likes fish very much.")
    assert told == "Thank you, I have noted that. May I ask for the arrival date?"


async def test_a_price_is_told_in_figures():
    agent = await mind("If a bike breaks, we replace it at no cost. Repairs cost 25 pounds an hour.")
    assert await answer(agent, "How much does it cost?") == "Repairs cost 25 pounds an hour."


async def test_whoever_wants_to_book_is_asked_what_the_prompt_wants_to_know():
    agent = await mind("You can book a table: ask for the name and the number of people. We close at 11.")
    told = await answer(agent, "Could I reserve a table?")
    assert told == "I can book a table. May I ask for the name and the number of people?"


async def test_a_word_it_does_not_know_is_not_explained_by_something_else():
    agent = await mind("We sell tea. We sell coffee.")
    told = await answer(agent, "You mentioned bicycles. Could you tell me more about that?")
    assert told.startswith(AGENT["en"].exhausted[0])


async def test_a_question_about_what_was_just_said_is_about_all_of_it():
    agent = await mind("You can book a table. We close at 11.")
    told = await answer(agent, "I would like to make a booking for tomorrow. Is that possible?")
    assert told == "I can book a table."


async def test_short_words_that_begin_differently_are_not_taken_for_each_other():
    agent = await mind("You arrange appointments. The visiting hours are long.")
    assert await answer(agent, "May I reserve for four?") == "I arrange appointments."


async def test_what_the_prompt_says_to_callers_is_not_turned_round():
    agent = await mind("You are the host of a restaurant. You find us at 12 Rua Augusta.")
    assert await answer(agent, "And where can I find you?") == "You find us at 12 Rua Augusta."


async def test_a_question_asked_again_is_answered_again_and_not_by_something_that_hardly_fits():
    agent = await mind("A first visit costs 80 dollars. Parking is free.")
    await answer(agent, "How much does a visit cost?")
    assert await answer(agent, "What would a visit cost me?") == "As I said: A first visit costs 80 dollars."


async def test_what_it_is_to_do_in_some_case_becomes_an_offer():
    agent = await mind("You call Ann. If they cannot come, offer Monday at ten.")
    assert await answer(agent, "What if I cannot come?") == "If you cannot come, I can offer Monday at ten."


async def test_a_survey_is_gone_through_question_by_question():
    agent = await mind("How satisfied are you?\nWhat could we improve?\nThank them.")
    assert (await answer(agent, "Yes, sure.")).endswith("How satisfied are you?")
    assert (await answer(agent, "Eight.")).endswith("What could we improve?")
    assert "What could we improve?" not in await answer(agent, "Your prices.")


async def test_it_asks_for_nothing_that_was_said_and_for_nothing_twice():
    agent = await mind("You repair bicycles. Ask for their name. Ask which day suits them.")
    assert (await answer(agent, "My name is Ann Lee.")).endswith("May I ask which day suits you?")
    assert "May I ask" not in await answer(agent, "Well, any day suits.")


@pytest.mark.parametrize(
    ("language", "asked", "for_a_human"),
    [
        ("en", "Are you a robot?", "Can I talk to a human?"),
        ("es", "¿Es usted un robot?", "¿Puedo hablar con una persona?"),
        ("de", "Sind Sie ein Roboter?", "Kann ich mit einem Menschen sprechen?"),
        ("fr", "Vous êtes un robot ?", "Puis-je parler à quelqu'un ?"),
    ],
)
async def test_it_does_not_pass_for_a_human(language, asked, for_a_human):
    agent = await mind("Casa Verde.", language=language)
    assert (await answer(agent, asked)).startswith(AGENT[language].machine)
    assert await answer(agent, for_a_human) == AGENT[language].alone


async def test_a_question_about_machines_is_answered_from_the_prompt():
    agent = await mind("You are Rosa of a repair shop. We mend any computer within two days.")
    assert "two days" in await answer(agent, "Are you able to mend my computer?")


@pytest.mark.parametrize(
    ("language", "heard"),
    [
        ("en", "I'm not interested."),
        ("en", "Take me off your list!"),
        ("es", "No me interesa, gracias."),
        ("de", "Ich habe keine Zeit."),
        ("fr", "Je ne suis pas intéressé."),
    ],
)
async def test_whoever_wants_nothing_of_the_call_is_let_go(language, heard):
    speech = await (await mind(language=language)).answers(heard)
    assert (speech.text, speech.hangs_up) == (AGENT[language].understood, True)


@pytest.mark.parametrize(
    ("language", "heard"),
    [
        ("en", "Great, that's all, thank you!"),
        ("es", "Gracias, eso es todo."),
        ("de", "Nein danke, das war alles."),
        ("fr", "C'est tout, merci."),
    ],
)
async def test_whoever_has_enough_is_bidden_farewell(language, heard):
    speech = await (await mind(language=language)).answers(heard)
    assert speech.text in AGENT[language].farewell
    assert speech.hangs_up


@pytest.mark.parametrize("heard", ["Is that all?", "That's all wrong, when do you open?"])
async def test_a_question_is_no_farewell(heard):
    assert not (await (await mind()).answers(heard)).hangs_up


async def test_thanks_are_returned_and_a_hello_does_not_hide_a_wish():
    agent = await mind("Wir haben von 8 bis 16 Uhr geöffnet.", language="de")
    assert await answer(agent, "Hallo, wann haben Sie geöffnet?") == "Wir haben von 8 bis 16 Uhr geöffnet."
    assert (await answer(agent, "Vielen Dank!")).startswith("Gern geschehen.")


async def test_how_long_wants_to_hear_a_time():
    agent = await mind("You take orders for pizza. Delivery takes 30 minutes.")
    assert await answer(agent, "How long does it take?") == "Delivery takes 30 minutes."
