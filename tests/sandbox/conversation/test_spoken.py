import pytest

from switchboard.sandbox.conversation.spoken import Kind, lines, render, variables_in
from switchboard.sandbox.conversation.words import ideas, language_of, terms


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("You are Rosa from Casa Verde.", "I am Rosa from Casa Verde."),
        ("Your name is Rosa.", "My name is Rosa."),
        ("You work for a dentist.", "I work for a dentist."),
        ("- Help callers with bookings", "I can help callers with bookings."),
        ("Tell callers that the pool is closed.", "The pool is closed."),
        ("If the guest asks about dogs, say that dogs are welcome.", "Dogs are welcome."),
        ("Ask for the party size.", "May I ask for the party size?"),
        ("Ask which day suits them.", "May I ask which day suits you?"),
        ("If it is dark, ask the customer to press the button.", "If it is dark, please press the button."),
        ("The customer's name is Ann and they have a dog.", "Your name is Ann and you have a dog."),
        ("Would you recommend us?", "Would you recommend us?"),
        ("Frage nach dem Namen des Patienten.", "Darf ich nach dem Namen fragen?"),
        ("Pregunta cuántas personas vienen.", "¿Puedo preguntarle cuántas personas vienen?"),
        ("Demandez le nom du client.", "Puis-je vous demander le nom ?"),
        ("**Hours:** 9 to 5", "Hours: 9 to 5."),
        ("Check-in starts at 3 p.m. on weekdays.", "Check-in starts at 3 p.m. on weekdays."),
        ("Eres la voz de Sol.", "Soy la voz de Sol."),
        ("Du bist die Stimme von Sol.", "Ich bin die Stimme von Sol."),
        ("Tu es la voix de Sol.", "Je suis la voix de Sol."),
    ],
)
def test_an_instruction_becomes_something_to_say(written, spoken):
    assert [line.text for line in lines(written)] == [spoken]


@pytest.mark.parametrize(
    "rule",
    [
        "Be polite and brief.",
        "Never give legal advice.",
        "You must speak slowly.",
        "# Rules:",
        "Ask one question at a time and wait.",
        "If they are not interested, thank them and end the call.",
        "Upsell a drink.",
        "Al final confirma la reserva.",
        "Gib keine Ratschläge.",
    ],
)
def test_rules_are_left_out(rule):
    assert lines(rule) == []


def test_a_question_with_its_answer_is_never_asked_and_helps_to_find_the_answer():
    answer, survey = lines("Q: Do you deliver?\nA: Yes, within the city.\nWhat could we improve?\nThank them.")
    assert (answer.text, answer.kind) == ("Yes, within the city.", Kind.FACT)
    assert answer.terms >= terms("deliver")
    assert (survey.text, survey.kind) == ("What could we improve?", Kind.ASK)


def test_who_the_agent_is_can_be_asked_for():
    (line,) = lines("You are Rosa.  ")
    assert line.kind is Kind.SELF
    assert "#identity" in line.terms


def test_templates_reach_into_objects_and_lose_what_is_unknown():
    assert render("{{ a }}/{{b.c}}/{{nope}}", {"a": 1, "b": {"c": "x"}}) == "1/x/"
    assert variables_in("{{ a }} {{b.c}}") == {"a", "b.c"}


def test_ideas_are_the_same_in_every_language():
    asked = ("How much is it?", "¿Cuánto cuesta?", "Was kostet das?", "Combien ça coûte ?", "It is $5")
    assert all("price" in ideas(text) for text in asked)


def test_words_of_one_family_share_a_term():
    assert terms("opening") & terms("opened") & terms("opens")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The hotel is at the river and we are open", "en"),
        ("Hola, ¿en qué puedo ayudarle?", "es"),
        ("Guten Tag, hier ist die Werkstatt und wir haben auf", "de"),
        ("Bonjour, que puis-je faire pour vous ?", "fr"),
        ("Casa Verde", None),
    ],
)
def test_a_language_is_told_by_its_small_words(text, language):
    assert language_of(text) == language
