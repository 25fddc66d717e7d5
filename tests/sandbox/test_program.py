"""The sandbox as a program of its own: starts, answers, and stops when it is told or left alone."""

import subprocess
import sys
import time
from contextlib import suppress

import httpx
import pytest
from tests.ports import free_port
from tests.waiting import PATIENCE, wait_until

PROGRAM = "import typer; from switchboard.cli.sandbox import sandbox; typer.run(sandbox)"


def ask(url, path):
    return httpx.get(url + path, trust_env=False, timeout=PATIENCE)


@pytest.fixture
def start():
    running = []

    def starting(*options: str) -> tuple[subprocess.Popen[bytes], str]:
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "--port", str(port), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        running.append(process)
        url = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            assert process.poll() is None, process.stdout.read().decode()
            with suppress(httpx.TransportError):
                return ask(url, "/_sandbox/clock").is_success
            return False

        wait_until(answers)
        return process, url

    yield starting
    for process in running:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_all_three_vendors_answer_and_sigterm_ends_it_although_somebody_is_connected(start):
    process, url = start("--seed", "5", "--speed", "100")
    assert ask(url, "/_sandbox/clock").json()["speed"] == 100
    for path, status in (("/v1/voices", 401), ("/api/calls", 401), ("/2010-04-01/Accounts/x/Calls.json", 401)):
        assert ask(url, path).status_code == status
    with httpx.Client(trust_env=False, timeout=PATIENCE) as idle:
        idle.get(f"{url}/_sandbox/phones")
        process.terminate()
        process.wait(PATIENCE)
    assert process.stdout.read().decode() == f"Sandbox on {url} (seed 5, speed 100)\n"


def test_it_ends_with_its_parent_when_asked_to(start):
    process, _ = start("--exit-with-parent")
    process.stdin.close()
    assert process.wait(PATIENCE) == 0


def test_it_outlives_its_input_otherwise(start):
    process, url = start()
    process.stdin.close()
    time.sleep(0.3)
    assert ask(url, "/_sandbox/clock").status_code == 200
