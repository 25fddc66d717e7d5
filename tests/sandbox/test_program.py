"""The sandbox as a program of its own: starts, answers, and stops when it is told or left alone."""

import socket
import subprocess
import sys
import time

import httpx
import pytest

PROGRAM = "import typer; from switchboard.cli.sandbox import sandbox; typer.run(sandbox)"


@pytest.fixture
def start():
    running = []

    def starting(*options: str) -> tuple[subprocess.Popen[bytes], str]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "--port", str(port), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        running.append(process)
        url = f"http://127.0.0.1:{port}"
        give_up = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{url}/_sandbox/clock", trust_env=False)
            except httpx.TransportError:
                assert process.poll() is None, process.stdout.read().decode()
                assert time.monotonic() < give_up
                time.sleep(0.05)
            else:
                return process, url

    yield starting
    for process in running:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_all_three_vendors_answer_and_sigterm_ends_it_within_a_second(start):
    process, url = start("--seed", "5", "--speed", "100")
    assert httpx.get(f"{url}/_sandbox/clock", trust_env=False).json()["speed"] == 100
    for path, status in (("/v1/voices", 401), ("/api/calls", 401), ("/2010-04-01/Accounts/x/Calls.json", 401)):
        assert httpx.get(url + path, trust_env=False).status_code == status
    with httpx.Client(trust_env=False) as idle:
        idle.get(f"{url}/_sandbox/phones")
        begun = time.monotonic()
        process.terminate()
        process.wait(5)
        assert time.monotonic() - begun < 1
    assert process.stdout.read().decode() == f"Sandbox on {url} (seed 5, speed 100)\n"


def test_it_ends_with_its_parent_when_asked_to(start):
    process, _ = start("--exit-with-parent")
    process.stdin.close()
    assert process.wait(2) == 0


def test_it_outlives_its_input_otherwise(start):
    process, url = start()
    process.stdin.close()
    time.sleep(0.3)
    assert httpx.get(f"{url}/_sandbox/clock", trust_env=False).status_code == 200
