import pytest
from pydantic import HttpUrl, SecretStr

from switchboard.providers.errors import ProviderMisconfigured, UnknownProvider
from switchboard.providers.registry import build_providers
from switchboard.providers.settings import ElevenLabsSettings, TwilioSettings, UltravoxSettings


def settings(**changed):
    keys = {"ultravox": "k.1", "elevenlabs": "sk_1", "sid": "AC1", "token": "t"} | changed
    secret = {name: SecretStr(value) if value is not None else None for name, value in keys.items()}
    return (
        UltravoxSettings(api_key=secret["ultravox"]),
        ElevenLabsSettings(api_key=secret["elevenlabs"], base_url=HttpUrl("http://127.0.0.1:8100")),
        TwilioSettings(account_sid=keys["sid"], auth_token=secret["token"], phone_number="+15005550006"),
    )


async def test_every_provider_with_credentials_is_on():
    providers = build_providers(*settings())
    assert set(providers.platforms) == {"ultravox", "elevenlabs"}
    assert providers.carrier() is providers.carrier("twilio")
    assert providers.carrier().default_number == "+15005550006"
    assert providers.disabled == {}
    await providers.aclose()


@pytest.mark.parametrize(
    ("missing", "name", "setting"),
    [
        ("ultravox", "ultravox", "ULTRAVOX_API_KEY"),
        ("elevenlabs", "elevenlabs", "ELEVENLABS_API_KEY"),
        ("sid", "twilio", "TWILIO_ACCOUNT_SID"),
        ("token", "twilio", "TWILIO_AUTH_TOKEN"),
    ],
)
@pytest.mark.parametrize("value", [None, "", "  "])
async def test_a_provider_without_credentials_is_off_and_says_what_to_set(missing, name, setting, value):
    providers = build_providers(*settings(**{missing: value}))
    lookup = providers.carrier if name == "twilio" else providers.platform
    with pytest.raises(ProviderMisconfigured, match=setting) as caught:
        lookup(name)
    assert caught.value.status == 424
    assert len(providers.platforms) + len(providers.carriers) == 2
    await providers.aclose()


@pytest.mark.parametrize("key", ["sk_a\nb", "sk_ä", "sk_\x00"])
async def test_a_key_that_cannot_travel_in_a_header_switches_the_provider_off_without_telling_it(key):
    providers = build_providers(*settings(elevenlabs=key))
    assert "ELEVENLABS_API_KEY" in providers.disabled["elevenlabs"]
    assert key not in repr(providers)
    await providers.aclose()


async def test_blanks_around_a_key_are_no_part_of_it():
    providers = build_providers(*settings(elevenlabs=" sk_1\n"))
    assert "elevenlabs" in providers.platforms
    await providers.aclose()


async def test_an_unknown_provider_is_named_in_the_refusal():
    providers = build_providers(*settings())
    with pytest.raises(UnknownProvider, match=r"vapi\. There are: elevenlabs, twilio, ultravox"):
        providers.platform("vapi")
    await providers.aclose()


def test_what_another_address_answers_for_is_told_apart_from_the_vendor():
    elsewhere = HttpUrl("http://127.0.0.1:8100")
    residency = HttpUrl("https://api.eu.residency.elevenlabs.io")
    built = build_providers(
        UltravoxSettings(base_url=elsewhere), ElevenLabsSettings(base_url=residency), TwilioSettings()
    )
    assert built.sandboxed == {"ultravox"}
    assert built.local == {"ultravox"}


def test_a_stand_in_on_another_machine_does_not_reach_what_is_on_this_one():
    built = build_providers(
        UltravoxSettings(base_url=HttpUrl("http://sandbox.example:8100")),
        ElevenLabsSettings(base_url=HttpUrl("http://[::1]:8100")),
        TwilioSettings(base_url=HttpUrl("http://10.0.0.7:8100")),
    )
    assert built.sandboxed == {"ultravox", "elevenlabs", "twilio"}
    assert built.local == {"elevenlabs"}
