"""Who lives where: the ten known numbers, and people drawn from a number and a seed."""

import pytest

from switchboard.sandbox.phones.directory import KNOWN, Outcome, household
from switchboard.sandbox.phones.residents import Manner


@pytest.mark.parametrize(
    ("last", "outcome", "manner"),
    [
        ("00", Outcome.ANSWERS, Manner.TALKS),
        ("01", Outcome.BUSY, Manner.TALKS),
        ("02", Outcome.NO_ANSWER, Manner.TALKS),
        ("03", Outcome.INVALID, Manner.TALKS),
        ("04", Outcome.ANSWERS, Manner.VOICEMAIL),
        ("05", Outcome.ANSWERS, Manner.HANGS_UP_AT_ONCE),
        ("06", Outcome.ANSWERS, Manner.SILENT),
        ("07", Outcome.ANSWERS, Manner.TALKS_AT_LENGTH),
        ("08", Outcome.ANSWERS, Manner.INTERRUPTS),
        ("09", Outcome.ANSWERS, Manner.TALKS),
    ],
)
def test_the_last_two_digits_choose_the_person(last, outcome, manner):
    home = household(f"+141555501{last}", seed=7)
    assert (home.outcome, home.resident.manner) == (outcome, manner)
    assert home.resident.number == f"+141555501{last}"


def test_known_numbers_are_the_same_in_every_world():
    assert all(household(number, seed) == home for number, home in KNOWN.items() for seed in (1, 2))


def test_only_the_ninth_takes_its_time():
    assert {number: home.picks_up_after for number, home in KNOWN.items() if home.picks_up_after != 2} == {
        "+14155550109": 20
    }


def test_any_other_number_answers_with_the_same_person_for_the_same_seed():
    one = household("+14155552671", seed=1)
    assert one == household("+14155552671", seed=1)
    assert one.outcome is Outcome.ANSWERS
    assert one.resident.opening
    assert 4 <= one.resident.patience_turns <= 12
    people = {household("+14155552671", seed).resident for seed in range(20)}
    assert len(people) > 10


@pytest.mark.parametrize(
    ("number", "language", "opening"),
    [
        ("+4930123456", "de", "Hallo?"),
        ("+33142685300", "fr", "Allô ?"),
        ("+442079460000", "en", "Hello?"),
        ("nonsense", "en", "Hello?"),
    ],
)
def test_people_speak_the_language_of_their_country(number, language, opening):
    resident = household(number, seed=1).resident
    assert (resident.language, resident.opening) == (language, opening)
