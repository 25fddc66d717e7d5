"""The processes under test: PostgreSQL, sandbox, API, worker and the bare application, each on its own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from switchboard.persistence.embedded import EmbeddedPostgres
from switchboard.persistence.migrate import upgrade

KEY = "sb_" + "b" * 40
ACCOUNT = {
    "ULTRAVOX_API_KEY": "benchben." + "b" * 32,
    "ELEVENLABS_API_KEY": "sk_bench",
    "TWILIO_ACCOUNT_SID": "AC" + "b" * 32,
    "TWILIO_AUTH_TOKEN": "b" * 32,
    "TWILIO_PHONE_NUMBER": "+15005550006",
}


@dataclass
class Stage:
    """Where everything listens."""

    environment: dict[str, str]
    api_port: int
    bare_port: int
    sandbox_port: int
    processes: ExitStack = field(default_factory=ExitStack)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Run a command of this project until the stage closes."""
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=self.environment, stdout=subprocess.DEVNULL
        )
        self.processes.callback(_end, process)
        return process


@contextmanager
def stage() -> Iterator[Stage]:
    """PostgreSQL as the product ships it (durable), the sandbox, the API and the bare application."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sb-bench-")))
        server = EmbeddedPostgres(folder / "pg")
        stack.callback(server.stop)
        server.start()
        upgrade(server.url())
        ports = _free_ports(3)
        made = Stage(_environment(server.url(), *ports), *ports)
        stack.callback(made.processes.close)
        made.start("switchboard", "sandbox", "--port", str(made.sandbox_port), "--seed", "1")
        _wait(f"{made.sandbox}/_sandbox/clock")
        made.start("switchboard", "serve", "--port", str(made.api_port))
        bare = (
            "uvicorn",
            "bench.bare:app",
            "--port",
            str(made.bare_port),
            "--no-access-log",
            "--log-level",
            "warning",
        )
        made.start(*bare)
        _wait(f"{made.api}/health")
        _wait(f"http://127.0.0.1:{made.bare_port}/bytes")
        yield made


def _environment(database_url: str, api: int, bare: int, sandbox: int) -> dict[str, str]:
    del bare
    base = {f"{name}_BASE_URL": f"http://127.0.0.1:{sandbox}" for name in ("ULTRAVOX", "ELEVENLABS", "TWILIO")}
    return {
        **os.environ,
        **ACCOUNT,
        **base,
        "DATABASE_URL": database_url,
        "SWITCHBOARD_API_KEY": KEY,
        "SWITCHBOARD_PUBLIC_URL": f"http://127.0.0.1:{api}",
        "SWITCHBOARD_RATE_LIMIT_RATE": "off",
        "SWITCHBOARD_LOG_LEVEL": "warning",
        "SWITCHBOARD_AGENTS_SYNC_MINUTES": "0",
    }


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _wait(url: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            httpx.get(url, timeout=1.0, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"{url} did not come up")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
