import pytest

from switchboard.sandbox.speech.reading import pieces, spoken


@pytest.mark.parametrize(
    ("text", "aloud"),
    [
        (
            "Call +1 415 555 0100 now.",
            "Call plus one, four, one, five, five, five, five, zero, one, zero, zero now.",
        ),
        ("+14155550100", "plus one, four, one, five, five, five, five, zero, one, zero, zero"),
        ("(415) 555-0100", "four, one, five, five, five, five, zero, one, zero, zero"),
        ("order ORD-1234", "order O R D, one, two, three, four"),
        ("A12", "ay, one, two"),
        ("it is 483920", "it is four, eight, three, nine, two, zero"),
        ("at 10:30, 9:05 or 14:00", "at 10 30, 9 oh 5 or 14 o'clock"),
        ("on 2026-11-22", "on November 22nd 2026"),
        ("on 2026-03-11", "on March 11th 2026"),
        ("ann.lee@example.com", "ann dot lee at example dot com"),
        ("see https://www.example.com/a/b?x=1", "see www dot example dot com"),
        ("the 21st at 5pm, 20kg", "the 21st at 5pm, 20 kg"),
        ("$19.99, 12,500 and 2.5", "$19.99, 12,500 and 2.5"),
        ("**bold** and `code` # x", "bold and code x"),
        ("Größe, ¿cómo?", "Größe, ¿cómo?"),
        ("Hi 😀 你好", "Hi"),
        ("You said “deposit”. Vous parlez de « menu » ?", "You said deposit. Vous parlez de menu?"),
    ],
)
def test_texts_are_put_in_words_that_can_be_said(text, aloud):
    assert spoken(text) == aloud


def test_a_text_comes_apart_at_its_sentences_only():
    assert pieces("Dr. Smith has 2.5 litres! Good?\nYes") == ["Dr. Smith has 2.5 litres!", "Good?", "Yes"]


def test_a_long_sentence_comes_apart_at_commas_and_a_longer_one_at_blanks():
    clauses = pieces("this is a clause of some length that goes on and on for quite some time, it seems, " * 4)
    assert len(clauses) > 2
    assert all(len(one) <= 200 for one in clauses)
    words = pieces("word " * 100)
    assert all(len(one) <= 200 for one in words)
    assert " ".join(words).split() == ["word"] * 100


def test_what_is_no_word_is_cut_short():
    assert pieces("a" * 9_990) == ["a" * 40]


@pytest.mark.parametrize("text", ["", " \n ", "... !", "你好。"])
def test_where_there_are_no_words_there_is_nothing_to_say(text):
    assert pieces(text) == []
