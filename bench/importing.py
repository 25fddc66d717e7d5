"""Bringing in 5 000 agents that were made elsewhere, and what that does to the list of agents."""

import asyncio
import time

import httpx

from bench.load import get, run
from bench.measures import Figure
from bench.stage import ACCOUNT, KEY, Stage

AGENTS = 5_000
_AUTH = {"X-API-Key": KEY}
_PROMPT = "You are the receptionist of a hotel. We have forty rooms. Breakfast is from seven to ten. " * 6
_AT_ONCE = 16


async def importing(stage: Stage, seconds: float) -> list[Figure]:
    """`POST /agents/import` until it has finished; p95 of a list page before and after. Needs a worker."""
    before = await _page_p95(stage, seconds)
    await _make_elsewhere(stage)
    took = await _import(stage)
    after = await _page_p95(stage, seconds)
    return [
        Figure(f"import of {AGENTS} agents", took, "s", at_most=60),
        Figure("list page, p95, 100 agents", before * 1000, "ms"),
        Figure(f"list page, p95, {AGENTS + 100} agents", after * 1000, "ms"),
        Figure("list page, many / few", after / before, "ratio", at_most=2),
    ]


async def _page_p95(stage: Stage, seconds: float) -> float:
    for share in (8, 4):  # the first warms up
        load = await run(
            "127.0.0.1",
            stage.api_port,
            lambda: get("/api/v1/agents", _AUTH),
            connections=4,
            seconds=seconds / share,
        )
    if load.errors:
        raise RuntimeError(f"{load.errors} of {load.requests} answers were errors")
    return load.percentile(0.95)


async def _make_elsewhere(stage: Stage) -> None:
    """Half of them at each vendor, through its own API."""
    numbers = iter(range(AGENTS))
    async with httpx.AsyncClient(base_url=stage.sandbox, timeout=30, trust_env=False) as client:

        async def make() -> None:
            for number in numbers:
                path, headers, body = _order(number)
                (await client.post(path, headers=headers, json=body)).raise_for_status()

        await asyncio.gather(*(make() for _ in range(_AT_ONCE)))


def _order(number: int) -> tuple[str, dict[str, str], dict]:
    if number % 2:
        body = {"name": f"Hotel_{number}", "callTemplate": {"systemPrompt": _PROMPT, "languageHint": "en"}}
        return "/api/agents", {"X-API-Key": ACCOUNT["ULTRAVOX_API_KEY"]}, body
    config = {"agent": {"prompt": {"prompt": _PROMPT}, "first_message": "Good evening.", "language": "en"}}
    body = {"name": f"Hotel {number}", "conversation_config": config}
    return "/v1/convai/agents/create", {"xi-api-key": ACCOUNT["ELEVENLABS_API_KEY"]}, body


async def _import(stage: Stage) -> float:
    async with httpx.AsyncClient(base_url=stage.api, headers=_AUTH, timeout=30, trust_env=False) as client:
        began = time.perf_counter()
        started = (await client.post("/api/v1/agents/import")).raise_for_status().json()
        while True:
            await asyncio.sleep(0.2)
            told = (await client.get(f"/api/v1/agents/imports/{started['id']}")).raise_for_status().json()
            if told["status"] != "running":
                break
        took = time.perf_counter() - began
    imported = sum(part["imported"] for part in told["progress"].values())
    if (told["status"], imported) != ("finished", AGENTS):
        raise RuntimeError(f"the import ended {told['status']} with {imported} agents: {told['progress']}")
    return took
