"""What is measured. Each measure answers rows of (name, figure, unit, target or None)."""

import asyncio
import json
import statistics
import time
from dataclasses import dataclass
from datetime import datetime

import httpx

from bench.load import Load, get, post, run
from bench.stage import KEY, Stage

CONNECTIONS = 16
_AUTH = {"X-API-Key": KEY}


@dataclass(frozen=True)
class Figure:
    """One line of the table. `at_least` or `at_most` is the target, if there is one."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        if self.at_least is not None:
            return self.value >= self.at_least
        if self.at_most is not None:
            return self.value <= self.at_most
        return None


async def create_agents(stage: Stage) -> None:
    """The 100 agents that the measures work with."""
    async with _client(stage) as client:
        for number in range(100):
            await _create(client, number)


async def agents(stage: Stage, seconds: float) -> list[Figure]:
    """`GET /api/v1/agents` with 100 agents against the same bytes from the bare application."""
    async with _client(stage) as client:
        body = (await client.get("/api/v1/agents?limit=100")).raise_for_status().text
        address = f"http://127.0.0.1:{stage.bare_port}/bytes"
        (await client.put(address, json={"text": body})).raise_for_status()
    ours, plain, memory = await _interleaved(
        seconds,
        (stage.api_port, lambda: get("/api/v1/agents?limit=100", _AUTH)),
        (stage.bare_port, lambda: get("/agents", {})),
        (stage.bare_port, lambda: get("/bytes", {})),
    )
    return [
        Figure("agents list, 100 agents", ours.rate, "requests/s"),
        Figure("agents list, p95", ours.percentile(0.95) * 1000, "ms"),
        Figure("bare: one query, same bytes", plain.rate, "requests/s"),
        Figure("bare: same bytes from memory", memory.rate, "requests/s"),
        Figure("agents list / bare query", ours.rate / plain.rate, "ratio", at_least=0.35),
        Figure("agents list / bare memory", ours.rate / memory.rate, "ratio"),
    ]


async def calls(stage: Stage, seconds: float) -> list[Figure]:
    """`POST /api/v1/calls` (validated, evented, queued) against insert-and-commit. No worker runs."""
    async with _client(stage) as client:
        agent = (await client.get("/api/v1/agents?limit=1")).raise_for_status().json()[0]["id"]
    body = json.dumps({"agent_id": agent, "to": "+14155550100", "variables": {"guest": "Ann"}}).encode()
    ours, plain = await _interleaved(
        seconds,
        (stage.api_port, lambda: post("/api/v1/calls", body, _AUTH)),
        (stage.bare_port, lambda: post("/calls", body, {})),
    )
    return [
        Figure("place a call", ours.rate, "requests/s"),
        Figure("place a call, p95", ours.percentile(0.95) * 1000, "ms"),
        Figure("bare: insert and commit", plain.rate, "requests/s"),
        Figure("place a call / bare", ours.rate / plain.rate, "ratio", at_least=0.25),
    ]


async def dial(stage: Stage, count: int) -> list[Figure]:
    """From sending `POST /calls` to the dial arriving at the carrier, at 5 calls a second."""
    async with _client(stage) as client:
        agent = (await client.get("/api/v1/agents?limit=1")).json()[0]["id"]
        await client.request("DELETE", f"{stage.sandbox}/_sandbox/requests")
        sent: dict[str, float] = {}
        for number in range(count):
            body = {"agent_id": agent, "to": "+14155550101", "variables": {"guest": str(number)}}
            at = time.time()
            answer = await client.post("/api/v1/calls", json=body)
            sent[answer.json()["id"]] = at
            await asyncio.sleep(max(0.0, 0.2 - (time.time() - at)))
        await asyncio.sleep(2)
        query = {"provider": "twilio", "method": "POST", "path": "*/Calls.json", "limit": 2000}
        seen = (await client.get(f"{stage.sandbox}/_sandbox/requests", params=query)).json()
    waits = sorted(_waits(sent, seen))
    if len(waits) != count:
        raise RuntimeError(f"{count} calls were placed, {len(waits)} dials arrived")
    return [
        Figure("request to dial, median", statistics.median(waits) * 1000, "ms"),
        Figure("request to dial, p95", waits[int(0.95 * len(waits))] * 1000, "ms", at_most=100),
    ]


def _waits(sent: dict[str, float], seen: list[dict]) -> list[float]:
    arrived = {}
    for request in seen:
        callback = request["body"]["StatusCallback"]
        call_id = (callback[0] if isinstance(callback, list) else callback).split("#")[0].rsplit("/", 1)[-1]
        arrived[call_id] = datetime.fromisoformat(request["at"]).timestamp()
    return [arrived[call_id] - at for call_id, at in sent.items() if call_id in arrived]


async def _interleaved(seconds: float, *targets: tuple) -> list[Load]:
    """Measure the targets in turns, so that a noisy moment of the machine meets all of them alike."""
    parts: list[list[Load]] = [[] for _ in targets]
    for turn in range(4):
        for place, (port, request) in enumerate(targets):
            load = await run("127.0.0.1", port, request, connections=CONNECTIONS, seconds=seconds / 4)
            if load.errors:
                raise RuntimeError(f"{load.errors} of {load.requests} answers were errors")
            if turn:  # the first turn warms up
                parts[place].append(load)
    return [_sum(loads) for loads in parts]


def _sum(loads: list[Load]) -> Load:
    latencies = [latency for load in loads for latency in load.latencies]
    return Load(len(latencies), sum(load.seconds for load in loads), latencies, 0)


def _client(stage: Stage) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=stage.api, headers=_AUTH, timeout=30, trust_env=False)


async def _create(client: httpx.AsyncClient, number: int) -> None:
    body = {
        "platform": ("ultravox", "elevenlabs")[number % 2],
        "name": f"Reception {number}",
        "prompt": "You are the receptionist of Casa Verde, a restaurant. We open at six. Greet {{guest}}.",
        "first_message": "Good evening {{guest}}.",
    }
    (await client.post("/api/v1/agents", json=body)).raise_for_status()
