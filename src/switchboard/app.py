"""Composition root: settings → parts → HTTP application and worker. Decides nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version

import procrastinate
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import State

from switchboard.access import routes as key_routes
from switchboard.access import session_routes, user_routes
from switchboard.access.jobs import blueprint as access_jobs
from switchboard.access.service import AccessService
from switchboard.agents import lifecycle_routes as agent_lifecycle_routes
from switchboard.agents import platform_routes as agent_platform_routes
from switchboard.agents import routes as agent_routes
from switchboard.agents.assembly import AgentParts
from switchboard.agents.assembly import assemble as assemble_agents
from switchboard.agents.jobs import blueprint as agent_jobs
from switchboard.agents.record import AgentRecord
from switchboard.agents.service import AgentService
from switchboard.calls import detail_routes, export_routes, talk_routes, telephone_routes
from switchboard.calls import routes as call_routes
from switchboard.calls.following import CallFollowing
from switchboard.calls.jobs import CallJobs
from switchboard.calls.jobs import blueprint as call_jobs
from switchboard.calls.jobs import follow_blueprint as follow_jobs
from switchboard.calls.record import CallRecord
from switchboard.calls.recordings import Recordings
from switchboard.calls.repository import Calls
from switchboard.calls.service import CallService
from switchboard.calls.signals import CallSignals
from switchboard.calls.steps import CallSteps
from switchboard.calls.talking import Talks
from switchboard.calls.tickets import Tickets
from switchboard.core.clock import SystemClock
from switchboard.events import audit_routes
from switchboard.events import routes as event_routes
from switchboard.events.service import EventLog
from switchboard.events.wakeups import Wakeups
from switchboard.http import health as health_routes
from switchboard.http import root as root_routes
from switchboard.http.console_files import install_console
from switchboard.http.idempotency import blueprint as key_jobs
from switchboard.http.middleware import install_edge
from switchboard.http.rate_limit import RateLimiter
from switchboard.inbox import routes as inbox_routes
from switchboard.inbox.service import Inbox
from switchboard.jobs.app import Jobs, create_job_app
from switchboard.jobs.rescue import blueprint as rescue_jobs
from switchboard.jobs.worker import run_worker
from switchboard.monitoring import routes as monitoring_routes
from switchboard.monitoring.platforms import PlatformOverview
from switchboard.monitoring.service import Monitoring
from switchboard.persistence.database import Database
from switchboard.providers.health import HealthMonitor
from switchboard.providers.registry import Providers, build_providers
from switchboard.settings import Settings
from switchboard.telemetry.metrics import Metrics
from switchboard.voices import routes as voice_routes
from switchboard.voices.jobs import VoiceJobs
from switchboard.voices.jobs import blueprint as voice_jobs
from switchboard.voices.parts import running_voices
from switchboard.voices.previews import Previews
from switchboard.voices.service import VoiceService

ROUTERS = (
    root_routes.router,
    health_routes.router,
    key_routes.router,
    session_routes.router,
    user_routes.router,
    audit_routes.router,
    event_routes.router,
    agent_routes.elevenlabs,
    agent_lifecycle_routes.router,
    agent_platform_routes.router,
    agent_routes.router,
    talk_routes.router,
    voice_routes.router,
    call_routes.router,
    detail_routes.router,
    export_routes.router,
    telephone_routes.router,
    monitoring_routes.router,
    inbox_routes.router,
)
BLUEPRINTS: Mapping[str, Callable[[], procrastinate.Blueprint]] = {
    "calls": call_jobs,
    "follow": follow_jobs,
    "agents": agent_jobs,
    "jobs": rescue_jobs,
    "voices": voice_jobs,
    "http": key_jobs,
    "access": access_jobs,
}
SLOTS: Mapping[str, int] = {"calls": 20, "follow": 500, "agents": 4, "jobs": 2}
"""How many jobs of each queue one worker runs at once."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything one process works with."""

    settings: Settings
    database: Database
    events: EventLog
    providers: Providers
    health: HealthMonitor
    access: AccessService
    voice_jobs: VoiceJobs
    calls: CallService
    talks: Talks
    tickets: Tickets
    monitoring: Monitoring
    overview: PlatformOverview
    inbox: Inbox
    job_app: procrastinate.App
    call_jobs: CallJobs
    agent_parts: AgentParts

    @property
    def agents(self) -> AgentService:
        return self.agent_parts.service

    @property
    def voices(self) -> VoiceService:
        return self.voice_jobs.voices

    @property
    def previews(self) -> Previews:
        return self.voice_jobs.previews

    @property
    def job_context(self) -> dict[str, object]:
        """What jobs work with."""
        return {
            "calls": self.call_jobs,
            "agents": self.agent_parts.jobs,
            "voices": self.voice_jobs,
            "database": self.database,
            "access": self.access,
        }

    def hand_to(self, state: State) -> None:
        """Let the routes find what they need."""
        state.public_url = self.settings.public_base
        state.sandbox_url = str(self.settings.sandbox_url) if self.settings.sandbox_url else None
        state.rate_limiter = RateLimiter(self.settings.rate_limit)
        names = ("database", "events", "providers", "health", "access", "voices", "agents", "agent_parts", "calls")
        for name in (*names, "talks", "tickets", "previews", "monitoring", "overview", "inbox"):
            setattr(state, name, getattr(self, name))

    async def work(self) -> None:
        """Run jobs until cancelled."""
        await run_worker(self.job_app, SLOTS, self.job_context)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Parts]:
    """Build the parts, start what runs in the background, and stop it all in reverse order."""
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            raise ValueError("No database is set. Set DATABASE_URL, or try `switchboard demo`, which brings one.")
        clock = SystemClock()
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        wakeups = Wakeups(database.conninfo)
        await wakeups.start()
        stack.push_async_callback(wakeups.close)
        events = EventLog(database, wakeups)
        job_app = create_job_app(database.conninfo, BLUEPRINTS)
        await stack.enter_async_context(job_app.open_async())
        providers = build_providers(settings.ultravox, settings.elevenlabs, settings.twilio)
        stack.push_async_callback(providers.aclose)
        health = HealthMonitor(providers, clock, every_seconds=settings.health_seconds)
        health.start()
        stack.push_async_callback(health.aclose)
        rate_storage = settings.rate_limit.storage
        access = AccessService(database, events, clock, settings=settings.access, rate_storage=rate_storage)
        access.start()
        stack.push_async_callback(access.aclose)
        if settings.api_key is not None:
            await access.seed_admin(settings.api_key.get_secret_value(), "SWITCHBOARD_API_KEY")
        hearing = running_voices(
            database=database,
            providers=providers,
            health=health,
            clock=clock,
            settings=settings.voices,
            rate_storage=settings.rate_limit.storage,
        )
        voices = await stack.enter_async_context(hearing)
        recordings = Recordings(
            settings.data_dir / "recordings",
            max_bytes=settings.calls.recordings_max_bytes,
            keep_seconds=settings.calls.recordings_hours * 3600,
        )
        stack.push_async_callback(recordings.aclose)
        monitoring = Monitoring(database, clock)
        stack.push_async_callback(monitoring.aclose)
        base = settings, clock, database, events, job_app
        yield _assemble(
            *base,
            providers=providers,
            health=health,
            access=access,
            voices=voices,
            recordings=recordings,
            monitoring=monitoring,
        )


def _assemble(
    settings: Settings,
    clock: SystemClock,
    database: Database,
    events: EventLog,
    job_app: procrastinate.App,
    *,
    providers: Providers,
    health: HealthMonitor,
    access: AccessService,
    voices: VoiceJobs,
    recordings: Recordings,
    monitoring: Monitoring,
) -> Parts:
    jobs = Jobs(job_app)
    agent_parts = assemble_agents(
        AgentRecord(database=database, events=events, jobs=jobs, clock=clock, settings=settings.agents),
        providers=providers,
        health=health,
        voices=voices.voices,
        when_voice_missing=settings.voices.when_missing,
        running_calls=_running_calls,
    )
    record = CallRecord(database=database, events=events, jobs=jobs, clock=clock)
    calls = CallService(
        record=record, recordings=recordings, providers=providers, health=health, carrier=settings.calls.carrier
    )
    talks = Talks(
        record=record,
        providers=providers,
        health=health,
        voicing=agent_parts.voicing,
        settings=settings.calls,
        public_url=settings.public_base,
    )
    inbox = Inbox(database=database, jobs=jobs, clock=clock)
    return Parts(
        settings=settings,
        database=database,
        events=events,
        providers=providers,
        health=health,
        access=access,
        voice_jobs=voices,
        agent_parts=agent_parts,
        calls=calls,
        talks=talks,
        tickets=Tickets(database, clock),
        monitoring=monitoring,
        overview=PlatformOverview(
            providers=providers, health=health, clock=clock, database=database, monitoring=monitoring
        ),
        inbox=inbox,
        job_app=job_app,
        call_jobs=_call_jobs(settings, record, providers, agent_parts, inbox),
    )


def _call_jobs(
    settings: Settings, record: CallRecord, providers: Providers, agents: AgentParts, inbox: Inbox
) -> CallJobs:
    steps = CallSteps(
        record=record,
        providers=providers,
        voicing=agents.voicing,
        settings=settings.calls,
        public_url=settings.public_base,
    )
    following = CallFollowing(
        record=record,
        providers=providers,
        settings=settings.calls,
        has_callbacks=settings.public_base is not None,
    )
    signals = CallSignals(record=record, providers=providers, inbox=inbox)
    return CallJobs(steps=steps, following=following, signals=signals)


async def _running_calls(session: AsyncSession, agent_id: str) -> int:
    """Agents may not know of calls, which lie above them."""
    return await Calls(session).running(agent_id)


class Application:
    """The HTTP side of one process: an ASGI application whose lifespan builds and stops the parts."""

    def __init__(self, settings: Settings, *, with_worker: bool = False) -> None:
        self._settings = settings
        self._with_worker = with_worker
        self._parts: Parts | None = None
        self.asgi = FastAPI(
            title="Switchboard",
            version=version("switchboard"),
            summary="Voice-AI phone agents on several platforms, through one API.",
            docs_url=None,  # its pages load scripts from elsewhere
            redoc_url=None,
            lifespan=self._lifespan,
        )
        for router in ROUTERS:
            self.asgi.include_router(router)
        metrics = Metrics()
        self.asgi.state.metrics = metrics
        install_edge(self.asgi, metrics=metrics)
        install_console(self.asgi)

    def stop_streams(self) -> None:
        """End open event streams and conversations, which would otherwise keep a stopping server alive."""
        if self._parts is not None:
            self._parts.talks.stop()
            self._parts.events.stop_following()

    @asynccontextmanager
    async def _lifespan(self, api: FastAPI) -> AsyncIterator[None]:
        async with running(self._settings) as parts:
            self._parts = parts
            parts.hand_to(api.state)
            if not self._with_worker:
                yield
                return
            work = asyncio.create_task(parts.work(), name="worker")
            try:
                yield
            finally:
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
