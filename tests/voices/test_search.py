import pytest

from switchboard.providers.normalised import Voice
from switchboard.voices.search import VoiceFilter, speaks

NURIA = Voice(
    "elevenlabs", "n1", "Nuria", "premade", "A clear Castilian voice.", "es-ES", {"use_case": "informative"},
    languages=("es-ES", "en"), gender="female", age="young", accent="peninsular", styles=("clear",),
)  # fmt: skip


@pytest.mark.parametrize(
    "fitting",
    [
        {},
        {"search": "castilian NURIA"},
        {"search": "informative"},
        {"language": "es"},
        {"language": "es-es"},
        {"language": "en"},
        {"gender": "female", "age": "young"},
        {"accent": "Peninsular", "category": "PREMADE"},
        {"style": "clear"},
        {"available": True},
    ],
)
def test_a_voice_fits_what_is_true_of_it(fitting):
    assert VoiceFilter(**fitting).fits(NURIA)


@pytest.mark.parametrize(
    "missing",
    [
        {"search": "castilian bruce"},
        {"language": "es-MX"},
        {"language": "e"},
        {"gender": "male"},
        {"age": "old"},
        {"accent": "mexican"},
        {"category": "cloned"},
        {"style": "warm"},
        {"available": False},
        {"language": "es", "gender": "male"},
    ],
)
def test_a_voice_does_not_fit_what_is_not(missing):
    assert not VoiceFilter(**missing).fits(NURIA)


def test_a_voice_without_languages_speaks_none():
    assert not speaks(Voice("ultravox", "v", "V"), "en")
