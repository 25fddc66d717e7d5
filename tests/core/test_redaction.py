import pytest

from switchboard.core.redaction import means_secret, redacted


@pytest.mark.parametrize(
    "name",
    ["token", "X-API-Key", "authToken", "joinUrl", "signed_url", "Set-Cookie", "webhook_secret", "password"],
)
def test_what_opens_doors_is_known_by_its_name(name):
    assert means_secret(name)


@pytest.mark.parametrize("name", ["max_tokens", "inputTokens", "name", "key", "recording_url"])
def test_what_only_sounds_like_it_is_not(name):
    assert not means_secret(name)


def test_secrets_are_hidden_however_deep_and_nothing_else():
    told = {"calls": [{"joinUrl": "wss://x", "id": "1", "token": None}], "secret": {"a": 1}}
    assert redacted(told) == {"calls": [{"joinUrl": "***", "id": "1", "token": None}], "secret": "***"}
