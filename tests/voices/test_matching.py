from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from switchboard.providers.normalised import Voice
from switchboard.voices import matching


def voice(name, language="en-US", *, gender=None, age=None, accent=None, styles=(), also=(), **more):
    languages = (language, *also) if language else tuple(also)
    return Voice(
        "elevenlabs", name.lower(), name, language=language, languages=languages, gender=gender, age=age,
        accent=accent, styles=tuple(styles), **more,
    )  # fmt: skip


OLIVER = voice("Oliver", "en-GB", gender="male", age="middle-aged", accent="british", styles=("calm", "news"))


def names(found):
    return [match.voice.name for match in found]


def test_the_language_counts_before_everything_else():
    twin = voice("Twin", "de", gender="male", age="middle-aged", accent="british", styles=("calm", "news"))
    other = voice("Other", "en-US", gender="female")
    assert names(matching.best([twin, other], OLIVER, None, 5)) == ["Other", "Twin"]


def test_the_region_counts_and_so_do_languages_learned():
    found = matching.best(
        [voice("Also", "de", also=("en",)), voice("Same", "en-GB"), voice("Base", "en-AU")], None, "en-GB", 5
    )
    assert names(found) == ["Same", "Base", "Also"]
    assert found[0].reasons == ["speaks en-GB"]
    assert found[1].reasons == ["speaks en-AU"]


def test_gender_age_accent_and_style_decide_among_speakers_of_the_language():
    candidates = [
        voice("Woman", "en-GB", gender="female", age="middle-aged", accent="british", styles=("calm", "news")),
        voice("Boy", "en-GB", gender="male", age="young"),
        voice("Peer", "en-GB", gender="male", age="middle-aged", accent="british", styles=("news",)),
    ]
    first, second, third = matching.best(candidates, OLIVER, None, 5)
    assert names([first, second, third]) == ["Peer", "Boy", "Woman"]
    assert first.reasons == ["speaks en-GB", "male", "middle-aged", "british accent", "news"]
    assert third.differences == ["female instead of male"]
    assert second.differences == ["young instead of middle-aged"]


def test_a_voice_that_cannot_be_used_is_never_proposed_and_one_that_leaves_comes_later():
    leaving = voice("Leaving", "en-GB", expires_on=date(2026, 12, 31))
    found = matching.best(
        [voice("No", "en-GB", available=False), leaving, voice("Stays", "en-GB")], None, "en-GB", 5
    )
    assert names(found) == ["Stays", "Leaving"]
    assert found[1].differences == ["leaves its platform on 2026-12-31"]


def test_without_a_speaker_of_the_language_the_rest_says_so():
    (found,) = matching.best([voice("Hans", "de")], OLIVER, "pt-BR", 5)
    assert (found.speaks_language, found.differences[0]) == (False, "does not speak pt-BR")


_voices = st.lists(
    st.builds(
        voice,
        st.text("abc", min_size=1, max_size=3),
        st.sampled_from(["en", "en-GB", "es", None]),
        gender=st.sampled_from(["female", "male", None]),
        age=st.sampled_from(["young", "middle-aged", "old", None]),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(_voices, st.randoms())
def test_the_order_of_the_list_changes_nothing(voices, dice):
    shuffled = list(voices)
    dice.shuffle(shuffled)
    assert matching.best(voices, OLIVER, "en", 3) == matching.best(shuffled, OLIVER, "en", 3)


@given(_voices)
def test_a_voice_is_its_own_best_match(voices):
    for one in voices:
        if one.language:
            (match,) = matching.best(voices, one, None, 1)
            itself = matching.best([one], one, None, 1)[0]
            assert match.score >= itself.score or match.voice.name.casefold() <= one.name.casefold()
            assert match.speaks_language
