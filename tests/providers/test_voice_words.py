import pytest

from switchboard.providers.elevenlabs import voices as elevenlabs
from switchboard.providers.ultravox import voices as ultravox
from switchboard.providers.voice_words import age, gender, language_tag, styles


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Calm American man.", "male"),
        ("A woman", "female"),
        ("non-binary", "neutral"),
        ("Human", None),
        (None, None),
    ],
)
def test_gender_is_read_from_whole_words(text, told):
    assert gender(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [("middle_aged", "middle-aged"), ("A young man", "young"), ("elderly", "old"), ("golden", None)],
)
def test_age_is_read_in_the_vendors_spellings(text, told):
    assert age(text) == told


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("EN", "en"),
        ("en_us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("English", None),
        ("", None),
    ],
)
def test_language_tags_take_their_usual_case(given, tag):
    assert language_tag(given) == tag


def test_styles_are_whole_phrases_each_once():
    assert styles("customer_service", "Warm, warm and calm; newsreader") == ("calm", "customer service", "warm")


def test_a_default_voice_of_elevenlabs_tells_when_it_leaves():
    told = elevenlabs.voice({"voice_id": "v", "name": "Eric", "category": "premade", "labels": {"language": "en"}})
    assert told.expires_on is not None
    assert "2026-12-31" in str(told.note)
    assert told.available


@pytest.mark.parametrize(
    ("free", "owner", "available"), [(True, False, False), (False, False, True), (True, True, True)]
)
def test_a_library_voice_is_not_for_the_free_plan_unless_it_is_ones_own(free, owner, available):
    raw = {"voice_id": "v", "category": "professional", "is_owner": owner}
    assert elevenlabs.voice(raw, free_plan=free).available is available


def test_the_locale_of_a_verified_language_wins_over_the_bare_label():
    verified = [{"language": "es", "locale": "es-MX"}, {"language": "en", "locale": None}]
    told = elevenlabs.voice({"voice_id": "v", "labels": {"language": "es"}, "verified_languages": verified})
    assert (told.language, told.languages) == ("es-MX", ("es-MX", "en"))


def test_ultravox_describes_in_a_sentence_what_others_label():
    told = ultravox.voice(
        {
            "voiceId": "v",
            "name": "Oliver",
            "description": "Composed British man, calm and clear.",
            "primaryLanguage": "en-GB",
            "languageLabel": "English (UK)",
            "billingStyle": "VOICE_BILLING_STYLE_EXTERNAL",
        }
    )
    assert (told.gender, told.accent, told.language, told.styles) == (
        "male",
        "british",
        "en-GB",
        ("calm", "clear"),
    )
    assert "another maker" in str(told.note)


def test_the_accent_is_the_place_of_the_label_when_the_description_names_none():
    raw = {
        "voiceId": "v",
        "description": "A man.",
        "primaryLanguage": "es-MX",
        "languageLabel": "Spanish (Mexico)",
    }
    assert ultravox.voice(raw).accent == "mexican"
