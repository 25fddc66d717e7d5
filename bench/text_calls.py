"""`python -m bench.text_calls [calls] [seconds]`: what hundreds of text-mode calls at real pace cost the sandbox.

Half of them on each platform. A call that ends is followed by a new one, so that as many run all the time. Each
tells its end to a callback. What is measured is the processor time of the sandbox' process, not of this one.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from itertools import count
from pathlib import Path
from subprocess import DEVNULL, Popen

import httpx

from bench.measures import Figure
from bench.stage import ACCOUNT, _free_ports, _wait

CALLS = 500
_RAMP_PER_SECOND = 25
_SETTLING = 15.0
_PROMPT = """You are the receptionist of Casa Verde, a small hotel in Lisbon. Keep your answers short.
Breakfast is served from 7 to 10 on the terrace. A double room costs 95 euros per night.
The hotel is at Rua das Flores 12, near the river. Check-in starts at 3 pm. Parking costs 12 euros a day.
Dogs are welcome. The bar is open until midnight. Ask for the arrival date."""
_HELLO = "Hello, this is Casa Verde in Lisbon. How can I help you?"
_FROM = "+15005550006"
_END_CALL = {"type": "system", "name": "end_call", "params": {"system_tool_type": "end_call"}}
_AUDIO = {"asr": {"user_input_audio_format": "ulaw_8000"}, "tts": {"agent_output_audio_format": "ulaw_8000"}}

Place = Callable[[str], Awaitable[str]]
"""Opens a platform's session for a number and answers the TwiML."""


class _Ends:
    """A tiny HTTP server that hears of calls that are over."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}
        self.heard = 0

    def of(self, key: str) -> asyncio.Event:
        return self._waiting.setdefault(key, asyncio.Event())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split()[0]))
                self.heard += 1
                self.of(head.split()[1].decode().rpartition("/")[2]).set()
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()


async def text_calls(calls: int = CALLS, seconds: float = 60.0) -> list[Figure]:
    """Processor time per second and memory per call with `calls` running, after a ramp and a pause."""
    (port,) = _free_ports(1)
    with _sandbox(port) as process:
        async with _customers(f"http://127.0.0.1:{port}") as (places, keep):
            before = _memory(process.pid)
            numbers = count()
            running = [
                asyncio.create_task(keep(places[index % 2], index / _RAMP_PER_SECOND, numbers))
                for index in range(calls)
            ]
            await asyncio.sleep(calls / _RAMP_PER_SECOND + _SETTLING)
            memory = _memory(process.pid) - before
            used, began = _cpu(process.pid), time.monotonic()
            await asyncio.sleep(seconds)
            share = (_cpu(process.pid) - used) / (time.monotonic() - began)
            await _finished(running)
    name = f"{calls} text-mode calls at real pace, {next(numbers)} placed: processor time"
    return [
        Figure(name, share, "cores", at_most=1),
        Figure("the same: memory of each call", memory / calls / 1024, "KiB"),
    ]


async def _finished(tasks: list["asyncio.Task[None]"]) -> None:
    """End them; raises what one of them failed with."""
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


@asynccontextmanager
async def _customers(base: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- used once, above
    """Agents on both platforms, and how a slot is kept busy."""
    ends = _Ends()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=base, timeout=30, trust_env=False, limits=httpx.Limits(max_connections=50))
        )
        server = await stack.enter_async_context(await asyncio.start_server(ends.serve, "127.0.0.1", 0))
        callback = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        (await http.put("/_sandbox/media", json={"mode": "text"})).raise_for_status()

        async def keep(place: Place, after: float, numbers: Iterator[int]) -> None:
            await asyncio.sleep(after)
            while True:
                key = str(next(numbers))
                to = f"+1415556{int(key) % 10_000:04d}"
                await _dial(http, to, await place(to), f"{callback}/{key}")
                await ends.of(key).wait()

        yield (await _on_ultravox(http), await _on_elevenlabs(http)), keep


async def _on_ultravox(http: httpx.AsyncClient) -> Place:
    headers = {"X-API-Key": ACCOUNT["ULTRAVOX_API_KEY"]}
    template = {
        "systemPrompt": _PROMPT,
        "medium": {"twilio": {}},
        "firstSpeakerSettings": {"agent": {"text": _HELLO}},
        "selectedTools": [{"toolName": "hangUp"}],
    }
    made = await http.post("/api/agents", headers=headers, json={"name": "bench", "callTemplate": template})
    agent = made.raise_for_status().json()["agentId"]

    async def place(_: str) -> str:
        call = await http.post(f"/api/agents/{agent}/calls", headers=headers, json={})
        url = call.raise_for_status().json()["joinUrl"]
        return f'<Response><Connect><Stream url="{url}"/></Connect></Response>'

    return place


async def _on_elevenlabs(http: httpx.AsyncClient) -> Place:
    headers = {"xi-api-key": ACCOUNT["ELEVENLABS_API_KEY"]}
    prompt = {"prompt": _PROMPT, "built_in_tools": {"end_call": _END_CALL}}
    config = {"agent": {"prompt": prompt, "first_message": _HELLO, "language": "en"}, **_AUDIO}
    made = await http.post("/v1/convai/agents/create", headers=headers, json={"conversation_config": config})
    agent = made.raise_for_status().json()["agent_id"]

    async def place(to: str) -> str:
        body = {"agent_id": agent, "from_number": _FROM, "to_number": to, "direction": "outbound"}
        answer = await http.post("/v1/convai/twilio/register-call", headers=headers, json=body)
        return answer.raise_for_status().text

    return place


async def _dial(http: httpx.AsyncClient, to: str, twiml: str, callback: str) -> None:
    sid = ACCOUNT["TWILIO_ACCOUNT_SID"]
    order = {"To": to, "From": _FROM, "Twiml": twiml, "StatusCallback": callback}
    auth = (sid, ACCOUNT["TWILIO_AUTH_TOKEN"])
    answer = await http.post(f"/2010-04-01/Accounts/{sid}/Calls.json", auth=auth, data=order)
    answer.raise_for_status()


@contextmanager
def _sandbox(port: int) -> Iterator["Popen[bytes]"]:
    command = [sys.executable, "-m", "switchboard", "sandbox", "--port", str(port), "--seed", "1"]
    process = Popen(command, stdout=DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/_sandbox/clock")
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _cpu(pid: int) -> float:
    """Seconds of processor time, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """Bytes in use that are the process' own or shared."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    wanted = [float(one) for one in sys.argv[1:]]
    for figure in asyncio.run(text_calls(*([int(wanted[0])] if wanted else []), *wanted[1:])):
        print(f"{figure.name}: {figure.value:.2f} {figure.unit}")
