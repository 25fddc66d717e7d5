"""The whole product in this process, on a real PostgreSQL, with vendors in memory, and a hand on its jobs."""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import psycopg
import pytest
from sqlalchemy import text
from tests.fakes.carrier import FakeCarrier
from tests.fakes.platform import FakePlatform

from switchboard.agents.settings import AgentSettings
from switchboard.app import Application, Parts, running
from switchboard.calls.model import Call
from switchboard.calls.settings import CallSettings
from switchboard.http.rate_limit import RateLimitSettings
from switchboard.persistence.embedded import EmbeddedPostgres
from switchboard.providers.registry import Providers
from switchboard.providers.settings import ElevenLabsSettings, TwilioSettings, UltravoxSettings
from switchboard.settings import Settings
from switchboard.voices.settings import VoiceSettings

ADMIN = "sb_admin_key_for_tests_only_0123456789"
PUBLIC = "http://switchboard.test"
TALKS, BUSY, NO_ANSWER, INVALID = (f"+1415555010{digit}" for digit in range(4))
AGENT = {"name": "Reception", "prompt": "You are the receptionist.", "first_message": "Casa Verde."}
TABLES = ("agents", "agent_imports", "calls", "events", "inbox_messages", "procrastinate_jobs", "idempotency_keys")
_KNOWN_VOICES = ("voice_lists", "voice_previews", "voice_usage")
_PEOPLE = ("users",)
_WITHOUT_FOLLOWERS = 4
_FAST = CallSettings(poll_seconds=0.01, carrier_poll_seconds=0.01, linger_seconds=0.3)


@dataclass
class Harness:
    """What a test needs: the API, the parts behind it, the vendors, and jobs that run when it says so."""

    parts: Parts
    api: httpx.AsyncClient
    ultravox: FakePlatform
    elevenlabs: FakePlatform
    carrier: FakeCarrier

    async def agent(self, **fields: Any) -> dict[str, Any]:
        answer = await self.api.post("/api/v1/agents", json=AGENT | fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def place(self, to: str = TALKS, agent: Mapping[str, Any] | None = None, **fields: Any) -> str:
        """Place a call; its id. No job has run yet."""
        agent = agent or await self.agent()
        answer = await self.api.post("/api/v1/calls", json={"agent_id": agent["id"], "to": to} | fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def call(self, call_id: str) -> Call:
        return await self.parts.call_jobs.steps._record.get(call_id)  # noqa: SLF001 -- the row itself, stage and all

    async def shown(self, call_id: str) -> dict[str, Any]:
        return (await self.api.get(f"/api/v1/calls/{call_id}")).json()

    async def told(self, call_id: str) -> list[str]:
        """Types of the call's events, turns left out."""
        return [e.type for e in await self.parts.events.of_call(call_id) if e.type != "call.turn"]

    async def event(self, call_id: str, type_: str) -> dict[str, Any]:
        """What the call's only event of this type says."""
        (found,) = [e for e in await self.parts.events.of_call(call_id) if e.type == type_]
        return found.data

    async def work_once(self, *queues: str) -> None:
        """Run the jobs that are due, and those that they start, until none is."""
        names = queues or ("calls", "follow")
        due = (
            "SELECT 1 FROM procrastinate_jobs "
            "WHERE status = 'todo' AND task_name NOT IN ('calls:watch', 'agents:watch') "
            f"AND queue_name = ANY('{{{','.join(names)}}}') AND coalesce(scheduled_at, now()) <= now() LIMIT 1"
        )
        while await self.sql(due):
            await self._run_worker(names)

    async def _run_worker(self, queues: Sequence[str]) -> None:
        await self.parts.job_app.run_worker_async(
            queues=list(queues),
            concurrency=10,
            wait=False,
            listen_notify=False,
            install_signal_handlers=False,
            fetch_job_polling_interval=0.05,
            delete_jobs="successful",
            additional_context=self.parts.job_context,
        )

    async def work(self, rounds: int = 30) -> None:
        """Run every job, those that wait for their time included, until there is none."""
        for round_ in range(rounds):
            # Followers first wait for what other jobs do, and nothing else runs while they are waited for.
            await self.work_once(*(("calls",) if round_ < _WITHOUT_FOLLOWERS else ()))
            if not await self.make_due() and not await self.jobs():
                return
        raise AssertionError("jobs keep coming")

    async def make_due(self) -> int:
        """Let the time come that waiting jobs wait for; how many there are."""
        done = await self.sql(
            "UPDATE procrastinate_jobs SET scheduled_at = NULL "
            "WHERE status = 'todo' AND queue_name NOT IN ('jobs', 'agents') AND task_name <> 'calls:watch' "
            "RETURNING id"
        )
        return len(done)

    async def jobs(self) -> list[str]:
        """Names of the waiting jobs of calls."""
        rows = await self.sql(
            "SELECT task_name FROM procrastinate_jobs "
            "WHERE status = 'todo' AND queue_name NOT IN ('jobs', 'agents') ORDER BY id"
        )
        return [row[0] for row in rows if not row[0].endswith(":watch")]

    async def age(self, call_id: str, seconds: float) -> None:
        """Make everything about the call happen so much earlier."""
        columns = ("created_at", "dial_intent_at", "initiated_at", "ringing_at", "answered_at", "ended_at")
        moved = ", ".join(f"{name} = {name} - make_interval(secs => {seconds})" for name in columns)
        await self.sql(f"UPDATE calls SET {moved} WHERE id = '{call_id}' RETURNING id")

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: (await self.sql(f"SELECT count(*) FROM {name}"))[0][0] for name in TABLES}

    async def sql(self, statement: str) -> list[Any]:
        async with self.parts.database.transaction() as session:
            result = await session.execute(text(statement))
            return list(result.all()) if result.returns_rows else []

    @property
    def carrier_ids(self) -> list[str]:
        return list(self.carrier.calls)

    async def callback(self, call_id: str, status: Any, *, sequence: int = 0, carrier_id: str | None = None):
        """The carrier tells us, well signed."""
        path = f"/inbox/twilio/calls/{call_id}"
        sid = carrier_id or self.carrier_ids[-1]
        headers, form = self.carrier.callback(sid, status, url=PUBLIC + path, sequence=sequence)
        return await self.api.post(path, data=form, headers=headers)


@asynccontextmanager
async def harness(database_url: str, **changes: Any) -> AsyncIterator[Harness]:
    """The product with fakes behind `Providers`. `changes` replace settings."""
    providers = Providers(platforms={}, carriers={})
    fakes = _give_new_vendors(providers)
    with (
        tempfile.TemporaryDirectory(prefix="sbd") as folder,
        patch("switchboard.app.build_providers", lambda *_: providers),
    ):
        settings = fast_settings(database_url, **{"data_dir": Path(folder)} | changes)
        async with running(settings) as parts:
            await parts.health.probe_all()
            await parts.health.aclose()  # a probe would use up a failure that a test ordered
            api = Application(settings).asgi
            parts.hand_to(api.state)
            transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
                client.headers["X-API-Key"] = ADMIN
                yield Harness(parts, client, *fakes)


def _give_new_vendors(providers: Providers) -> tuple[FakePlatform, FakePlatform, FakeCarrier]:
    platforms = [FakePlatform("ultravox"), FakePlatform("elevenlabs")]
    carrier = FakeCarrier(platforms)
    providers.platforms.update({platform.name: platform for platform in platforms})
    providers.carriers.update({carrier.name: carrier})
    return platforms[0], platforms[1], carrier


def fast_settings(database_url: str, **changes: Any) -> Settings:
    """Settings that owe nothing to the environment."""
    given = {
        "DATABASE_URL": database_url,
        "api_key": ADMIN,
        "public_url": PUBLIC,
        "ultravox": UltravoxSettings(),
        "elevenlabs": ElevenLabsSettings(),
        "twilio": TwilioSettings(),
        "agents": AgentSettings(sync_minutes=0),  # a comparison would come between any test and its vendors
        "calls": _FAST,
        "rate_limit": RateLimitSettings(rate="off"),
        "voices": VoiceSettings(preview_rate="off"),
    }
    return Settings(_env_file=None, **(given | changes))


@pytest.fixture(scope="session")
async def product(postgres: EmbeddedPostgres, migrated_template: str) -> AsyncIterator[Harness]:
    """One product for all tests of the domain: starting one for each would take most of their time."""
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE domain TEMPLATE {migrated_template}")
    async with harness(postgres.url("domain")) as running_product:
        yield running_product


@pytest.fixture
async def switchboard(product: Harness) -> Harness:
    """The product, with an empty database and new vendors."""
    await product.sql(f"TRUNCATE {', '.join(TABLES + _KNOWN_VOICES + _PEOPLE)}, procrastinate_workers CASCADE")
    ultravox, elevenlabs, carrier = _give_new_vendors(product.parts.providers)
    return replace(product, ultravox=ultravox, elevenlabs=elevenlabs, carrier=carrier)
