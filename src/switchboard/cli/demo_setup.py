"""Settings for the demo: sandboxed wherever no key is set, with an account made up once and kept."""

import asyncio
import json
import os
import secrets
import string
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pydantic import AnyHttpUrl, BaseModel, HttpUrl, SecretStr

from switchboard.app import running
from switchboard.cli.startup import stop
from switchboard.settings import Settings
from switchboard.telemetry.logs import configure_logging

_SANDBOX_SECONDS = 15.0
_LINK_MINUTES = 24 * 60.0
"""Longer than other links: it lies beside an admin key, and people come back to their terminal next morning."""
S = TypeVar("S", bound=BaseModel)
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Credentials:
    """One admin key here, and one account at each sandboxed vendor."""

    api_key: str
    ultravox: str
    ultravox_webhook: str
    elevenlabs: str
    twilio_sid: str
    twilio_token: str


@dataclass(frozen=True)
class Demo:
    """A demo that is ready to listen."""

    settings: Settings
    url: str
    sandbox_url: str
    api_key: str
    sandboxed: tuple[str, ...]
    login_path: str

    def facts(self) -> dict[str, str]:
        """What `demo.json` tells other programs."""
        return {
            "url": self.url,
            "sandbox_url": self.sandbox_url,
            "api_key": self.api_key,
            "console_login_url": self.url + self.login_path,
        }

    def banner(self) -> str:
        """What the person in front of the terminal needs next."""
        pretended = ", ".join(self.sandboxed) or "nothing"
        return (
            "\nSwitchboard is running. Ctrl-C stops it.\n\n"
            f"  Console   {self.url}{self.login_path}\n"
            "            (signs you in once; another one: switchboard users reset-password admin)\n"
            f"  API       {self.url}\n"
            f"  API key   {self.api_key}\n"
            f"  Sandbox   {self.sandbox_url}  (stands in for: {pretended})\n\n"
            "Call somebody, in another terminal:\n\n"
            "  .venv/bin/switchboard agents create --platform elevenlabs --name Reception \\\n"
            '    --prompt "You are the receptionist of Casa Verde, a restaurant. We open at six." \\\n'
            '    --first-message "Casa Verde, good evening."\n'
            "  .venv/bin/switchboard calls start --agent Reception --to +14155550100 --follow\n"
        )


def prepare(settings: Settings, folder: Path, *, database_url: str, url: str, sandbox_url: str) -> Demo:
    """Fill in what is not set and make the sandbox ready for it."""
    configure_logging(settings.log)
    made_up = _credentials(folder / "credentials.json")
    ultravox = _or_sandbox(
        settings.ultravox,
        settings.ultravox.api_key,
        sandbox_url,
        api_key=SecretStr(made_up.ultravox),
        webhook_secret=SecretStr(made_up.ultravox_webhook),
    )
    elevenlabs = _or_sandbox(
        settings.elevenlabs, settings.elevenlabs.api_key, sandbox_url, api_key=SecretStr(made_up.elevenlabs)
    )
    twilio = _or_sandbox(
        settings.twilio,
        settings.twilio.account_sid,
        sandbox_url,
        account_sid=made_up.twilio_sid,
        auth_token=SecretStr(made_up.twilio_token),
        phone_number="+15005550006",
    )
    addresses = {"ultravox": ultravox.base_url, "elevenlabs": elevenlabs.base_url, "twilio": twilio.base_url}
    sandboxed = tuple(name for name, base in addresses.items() if str(base).rstrip("/") == sandbox_url)
    _wait_for(sandbox_url)
    if "elevenlabs" in sandboxed:
        secret = _subscribe(sandbox_url, made_up.elevenlabs, f"{url}/inbox/elevenlabs")
        elevenlabs = elevenlabs.model_copy(update={"webhook_secret": SecretStr(secret)})
    all_sandboxed = len(sandboxed) == len(addresses)
    # Real providers cannot reach this machine's loopback address: they are asked instead of telling us.
    reachable = settings.public_url or (AnyHttpUrl(url) if all_sandboxed else None)
    api_key = settings.api_key.get_secret_value() if settings.api_key else made_up.api_key
    filled = settings.model_copy(
        update={
            "database_url": database_url,
            "data_dir": folder,
            "public_url": reachable,
            "sandbox_url": AnyHttpUrl(sandbox_url) if all_sandboxed else None,
            "api_key": SecretStr(api_key),
            "ultravox": ultravox,
            "elevenlabs": elevenlabs,
            "twilio": twilio,
        }
    )
    login_path = asyncio.run(_make_ready(filled, sandboxed))
    return Demo(filled, url, sandbox_url, api_key, sandboxed, login_path)


def _or_sandbox(own: S, key: object, sandbox_url: str, **made_up: Any) -> S:
    """The provider's own settings when it has a key; the sandbox's otherwise, at an address of one's choice."""
    if key:
        return own
    if "base_url" not in own.model_fields_set:
        made_up["base_url"] = HttpUrl(sandbox_url)
    return own.model_copy(update=made_up)


def _credentials(path: Path) -> Credentials:
    if path.exists():
        return Credentials(**json.loads(path.read_text()))
    made = Credentials(
        api_key=f"sb_{_word(40)}",
        ultravox=f"{_word(8)}.{_word(32)}",
        ultravox_webhook=_word(40),
        elevenlabs=f"sk_{secrets.token_hex(24)}",
        twilio_sid=f"AC{secrets.token_hex(16)}",
        twilio_token=secrets.token_hex(16),
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        json.dump(asdict(made), file)
    return made


def _word(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _wait_for(sandbox_url: str) -> None:
    deadline = time.monotonic() + _SANDBOX_SECONDS
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{sandbox_url}/_sandbox/clock", timeout=2.0, trust_env=False).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    stop(f"The sandbox did not start on {sandbox_url}. Choose another port with --sandbox-port.")


def _subscribe(sandbox_url: str, key: str, callback: str) -> str:
    """Set the account's webhook up as a person would in ElevenLabs' dashboard; the secret is shown once."""
    with httpx.Client(base_url=sandbox_url, headers={"xi-api-key": key}, timeout=5.0, trust_env=False) as client:
        wanted = {"auth_type": "hmac", "name": "Switchboard", "webhook_url": callback}
        made = client.post("/v1/workspace/webhooks", json={"settings": wanted}).raise_for_status().json()
        events = {"post_call_webhook_id": made["webhook_id"], "events": ["transcript", "call_initiation_failure"]}
        client.patch("/v1/convai/settings", json={"webhooks": events}).raise_for_status()
    return str(made["webhook_secret"])


async def _make_ready(settings: Settings, sandboxed: tuple[str, ...]) -> str:
    """Where the console signs the first admin in. A restarted sandbox gets the agents of this database again."""
    async with running(settings) as parts:
        link = await parts.access.users.first_admin_link(_LINK_MINUTES)
        for name in sandboxed:
            if name in parts.providers.platforms:
                await parts.agents.restore_missing(name)
    return link.path if link else "/"
