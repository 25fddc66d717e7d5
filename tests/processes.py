"""The product as its users run it: sandbox, API and workers, each a process of its own, on one PostgreSQL."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from tests.ports import free_port
from tests.waiting import PATIENCE, wait_until

ADMIN = "sb_admin_key_for_tests_only_0123456789"
AGENT = {
    "name": "Reception",
    "prompt": (
        "You are the receptionist of Casa Verde, a restaurant in Lisbon. We open at six in the evening and close "
        "at midnight. A table for two costs no deposit. The tasting menu is forty euros. We are closed on Mondays."
    ),
    "first_message": "Casa Verde, good evening. How can I help you?",
}
_ULTRAVOX_SECRET = "w" * 40


@dataclass
class Town:
    """Clients of a running product and of the sandbox that stands in for its vendors."""

    api: httpx.Client
    sandbox: httpx.Client
    env: Mapping[str, str]

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        with _process(["worker"], self.env) as process:
            yield process

    @contextmanager
    def server(self) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
        """One more API process, and a client of it."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        with (
            _process(["serve", "--port", str(port)], self.env) as process,
            httpx.Client(base_url=url, headers=self.api.headers, timeout=PATIENCE, trust_env=False) as client,
        ):
            _answers(client, "/health")
            yield process, client

    def agent(self, platform: str) -> str:
        answer = self.api.post("/api/v1/agents", json=AGENT | {"platform": platform})
        return str(answer.raise_for_status().json()["id"])

    def place(self, agent_id: str, to: str) -> str:
        answer = self.api.post("/api/v1/calls", json={"agent_id": agent_id, "to": to})
        return str(answer.raise_for_status().json()["id"])

    def call(self, call_id: str) -> dict[str, Any]:
        return self.api.get(f"/api/v1/calls/{call_id}").raise_for_status().json()

    def transcript(self, call_id: str) -> list[dict[str, Any]]:
        return self.api.get(f"/api/v1/calls/{call_id}/transcript").raise_for_status().json()

    def told(self, call_id: str) -> list[str]:
        events = self.api.get(f"/api/v1/calls/{call_id}/events").raise_for_status().json()
        return [event["type"] for event in events]

    def settled(self, call_ids: Sequence[str]) -> None:
        """Wait until nothing about these calls will change any more."""
        left = list(call_ids)

        def all_settled() -> bool:
            left[:] = [call_id for call_id in left if self.call(call_id)["settled_at"] is None]
            return not left

        wait_until(all_settled, lambda: [self.call(call_id) for call_id in left], seconds=2 * PATIENCE)

    def dials(self) -> list[str]:
        """The ids of our calls in the order in which the carrier was asked to ring for them."""
        asked = {"provider": "twilio", "method": "POST", "path": "*/Calls.json"}
        seen = self.sandbox.get("/_sandbox/requests", params=asked).raise_for_status().json()
        return [one["body"]["StatusCallback"].partition("#")[0].rpartition("/")[2] for one in seen]

    def fault(self, **order: Any) -> None:
        self.sandbox.post("/_sandbox/faults", json=order).raise_for_status()

    def speed(self, speed: float) -> None:
        self.sandbox.put("/_sandbox/clock", json={"speed": speed}).raise_for_status()


@contextmanager
def town(database_url: str, **settings: str) -> Iterator[Town]:
    """Sandbox and API, running; `settings` are further `SWITCHBOARD_…` variables. No worker yet."""
    url = f"http://127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        sandbox = stack.enter_context(lone_sandbox())
        env = _vendors(sandbox, url) | _own(database_url, url) | settings
        stack.enter_context(_process(["serve", "--port", url.rpartition(":")[2]], env))
        headers = {"X-API-Key": ADMIN}
        api = stack.enter_context(httpx.Client(base_url=url, headers=headers, timeout=PATIENCE, trust_env=False))
        _answers(api, "/health")
        yield Town(api, sandbox, env)


@contextmanager
def lone_sandbox(*options: str) -> Iterator[httpx.Client]:
    """A client of a sandbox that runs alone; `options` are further ones of the command."""
    port = free_port()
    with (
        _process(["sandbox", "--port", str(port), "--seed", "7", *options], {}),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False) as client,
    ):
        _answers(client, "/_sandbox/clock")
        yield client


def _own(database_url: str, url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "SWITCHBOARD_API_KEY": ADMIN,
        "SWITCHBOARD_PUBLIC_URL": url,
        "SWITCHBOARD_RATE_LIMIT_RATE": "off",
        "SWITCHBOARD_LOG_LEVEL": "warning",
        "SWITCHBOARD_CALLS_POLL_SECONDS": "0.1",
        "SWITCHBOARD_HEALTH_SECONDS": "1",
        "SWITCHBOARD_CALLS_CARRIER_POLL_SECONDS": "0.5",
        "SWITCHBOARD_CALLS_LINGER_SECONDS": "2",
    }


def _vendors(sandbox: httpx.Client, url: str) -> dict[str, str]:
    """A fresh account at each vendor, with ElevenLabs' webhook set up as in its dashboard."""
    key = f"sk_{secrets.token_hex(24)}"
    with httpx.Client(
        base_url=sandbox.base_url, headers={"xi-api-key": key}, timeout=PATIENCE, trust_env=False
    ) as client:
        wanted = {"auth_type": "hmac", "name": "Switchboard", "webhook_url": f"{url}/inbox/elevenlabs"}
        made = client.post("/v1/workspace/webhooks", json={"settings": wanted}).raise_for_status().json()
        events = {"post_call_webhook_id": made["webhook_id"], "events": ["transcript", "call_initiation_failure"]}
        client.patch("/v1/convai/settings", json={"webhooks": events}).raise_for_status()
    base = str(sandbox.base_url)
    return {
        "ULTRAVOX_API_KEY": f"{secrets.token_hex(4)}.{secrets.token_hex(16)}",
        "ULTRAVOX_WEBHOOK_SECRET": _ULTRAVOX_SECRET,
        "ULTRAVOX_BASE_URL": base,
        "ULTRAVOX_TIMEOUT_SECONDS": str(PATIENCE),
        "ELEVENLABS_API_KEY": key,
        "ELEVENLABS_WEBHOOK_SECRET": made["webhook_secret"],
        "ELEVENLABS_BASE_URL": base,
        "ELEVENLABS_TIMEOUT_SECONDS": str(PATIENCE),
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_PHONE_NUMBER": "+15005550006",
        "TWILIO_BASE_URL": base,
        "TWILIO_TIMEOUT_SECONDS": str(PATIENCE),
        "SWITCHBOARD_SANDBOX_URL": base,
    }


@contextmanager
def _process(arguments: Sequence[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    ours = ("SWITCHBOARD_", "ULTRAVOX_", "ELEVENLABS_", "TWILIO_", "DATABASE_URL")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    process = subprocess.Popen(
        [sys.executable, "-m", "switchboard", *arguments],
        env=inherited | env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(client: httpx.Client, path: str) -> None:
    def up() -> bool:
        with suppress(httpx.TransportError):
            return client.get(path).is_success
        return False

    wait_until(up)
