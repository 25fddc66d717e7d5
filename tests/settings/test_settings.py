import re
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import BaseSettings

from switchboard.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
ROW = re.compile(r"^\| `([A-Z0-9_]+)` \| (?:not set|`(.*?)`) \| (.+) \|$", re.MULTILINE)
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


def defaults():
    """Each setting's environment variable with its default as text, None for none."""
    found = {}

    def add(model: type[BaseSettings]):
        for name, field in model.model_fields.items():
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                add(field.default_factory)
                continue
            variable = field.validation_alias or f"{model.model_config['env_prefix']}{name}".upper()
            default = field.get_default(call_default_factory=True)
            found[str(variable)] = None if default is None else _text(default)

    add(Settings)
    return found


def _text(default):
    return str(default).lower() if isinstance(default, bool) else str(default)


@pytest.fixture
def nothing_set(monkeypatch, tmp_path):
    for variable in defaults():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_the_page_lists_every_setting_with_its_default():
    listed = {variable: default or None for variable, default, _ in ROW.findall(PAGE.read_text())}
    assert listed == defaults()


def test_without_an_environment_everything_has_its_default(nothing_set):
    settings = Settings()
    assert settings.database_url is None
    assert settings.public_base is None
    assert settings.ultravox.api_key is None
    assert settings.calls.ring_timeout_seconds == 60


def test_each_part_reads_its_own_variables(nothing_set):
    for name, value in {
        "DATABASE_URL": NOWHERE,
        "SWITCHBOARD_PUBLIC_URL": "https://voice.example/",
        "SWITCHBOARD_CALLS_POLL_SECONDS": "0.5",
        "SWITCHBOARD_LOG_LEVEL": "debug",
        "SWITCHBOARD_RATE_LIMIT_RATE": "off",
        "ULTRAVOX_API_KEY": "u",
        "ELEVENLABS_WEBHOOK_SECRET": "e",
        "TWILIO_PHONE_NUMBER": "+15005550006",
    }.items():
        nothing_set.setenv(name, value)
    settings = Settings()
    assert (settings.database_url, settings.public_base) == (NOWHERE, "https://voice.example")
    assert (settings.calls.poll_seconds, settings.log.level, settings.rate_limit.rate) == (0.5, "debug", "off")
    assert settings.ultravox.api_key == SecretStr("u")
    assert settings.elevenlabs.webhook_secret == SecretStr("e")
    assert settings.twilio.phone_number == "+15005550006"


def test_a_file_is_read_and_the_environment_wins(nothing_set, tmp_path):
    (tmp_path / ".env").write_text("SWITCHBOARD_PORT=9000\nSWITCHBOARD_HOST=0.0.0.0\nULTRAVOX_API_KEY=from-file\n")
    nothing_set.setenv("SWITCHBOARD_PORT", "9001")
    settings = Settings()
    assert (settings.port, settings.host) == (9001, "0.0.0.0")
    assert settings.ultravox.api_key == SecretStr("from-file")


def test_an_empty_variable_is_not_set(nothing_set):
    nothing_set.setenv("ELEVENLABS_API_KEY", "")
    nothing_set.setenv("SWITCHBOARD_PORT", "")
    assert (Settings().elevenlabs.api_key, Settings().port) == (None, 8000)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "sqlite:///here.db"),
        ("SWITCHBOARD_PORT", "70000"),
        ("SWITCHBOARD_PUBLIC_URL", "voice.example"),
        ("SWITCHBOARD_CALLS_RING_TIMEOUT_SECONDS", "0"),
        ("SWITCHBOARD_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_refused(nothing_set, variable, value):
    nothing_set.setenv(variable, value)
    with pytest.raises(ValidationError):
        Settings()


def test_secrets_are_not_shown(nothing_set):
    for variable in ("SWITCHBOARD_API_KEY", "ULTRAVOX_API_KEY", "ELEVENLABS_API_KEY", "TWILIO_AUTH_TOKEN"):
        nothing_set.setenv(variable, "sb_very_secret_indeed_0123456789")
    assert "very_secret" not in repr(Settings())
