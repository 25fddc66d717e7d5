"""A platform in memory. Sessions move when a FakeCarrier answers and hangs up, or when a test moves them."""

import itertools
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.fakes import signing
from tests.fakes.talk import FakeTalk

from switchboard.core.errors import FieldError
from switchboard.core.money import Money
from switchboard.providers.errors import NotSupported, ProviderMissing
from switchboard.providers.normalised import (
    AgentSpec,
    Analysis,
    Audio,
    Capability,
    CostLine,
    JsonObject,
    Loss,
    OpenedSession,
    PhoneSessionOrder,
    PlatformSignal,
    ProviderQuota,
    RemoteAgent,
    SessionReport,
    SessionState,
    SpeechCost,
    Turn,
    Voice,
)
from switchboard.providers.platform import NO_SETTINGS
from switchboard.providers.talk import TalkOrder

SECRET = "fake-webhook-secret"
_STREAM = re.compile(r'<Stream url="wss://fake\.invalid/([^"]+)"')
_TALK = (
    ("callee", "Hello?"),
    ("agent", "{first_message}"),
    ("callee", "What time do you open?"),
    ("agent", "We open at nine."),
    ("callee", "Thank you, good-bye."),
    ("agent", "Good-bye."),
)


@dataclass
class FakePlatform:
    """Script `fail_next(error)`, `voices`, `talk`, `ends_sessions`, `final_after`; look at `opened`, `ended`."""

    name: str = "ultravox"
    capabilities: Sequence[Capability] = (
        Capability("end_session", available=True),
        Capability("speak_text", available=True),
    )
    voices: list[Voice] = field(default_factory=list)
    talk: Sequence[tuple[str, str]] = _TALK
    ends_sessions: bool = True
    final_after: int = 1
    """So many fetches after the end still say ENDED before the report is FINAL."""
    agents: dict[str, RemoteAgent] = field(default_factory=dict)
    pushed: list[AgentSpec] = field(default_factory=list)
    """Every spec that was to be made or saved, with its secrets."""
    sessions: dict[str, SessionReport] = field(default_factory=dict)
    analysis: Analysis | None = None
    speaks: bool = True
    spoken: list[tuple[str, str, str | None, dict[str, float]]] = field(default_factory=list)
    recordings_sent: int = 0
    voice_lists: int = 0
    """How often the voices were asked for."""
    opened: list[PhoneSessionOrder] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    talks: list[FakeTalk] = field(default_factory=list)
    """Every conversation in the browser that was opened."""

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._failures: list[Exception] = []
        self._fetches_left: dict[str, int] = {}
        self._spoken: dict[str, list[Turn]] = {}
        self._orders: dict[str, PhoneSessionOrder | TalkOrder] = {}
        self.voices = self.voices or [
            Voice(
                self.name,
                f"{self.name}-voice-1",
                "Ann",
                "premade",
                "Warm",
                "en",
                {"gender": "female"},
                languages=("en",),
                gender="female",
            ),
            Voice(
                self.name,
                f"{self.name}-voice-2",
                "Ben",
                "premade",
                "Calm",
                "es",
                {"gender": "male"},
                languages=("es",),
                gender="male",
            ),
        ]

    def fail_next(self, *errors: Exception) -> None:
        """The next calls raise these, one each."""
        self._failures.extend(errors)

    def losses(self, spec: AgentSpec) -> Sequence[Loss]:
        """As if it had no tags."""
        return [Loss("tags", f"{self.name} has no tags: they are kept in Switchboard only.")] if spec.tags else []

    def problems(self, spec: AgentSpec) -> Sequence[FieldError]:
        hot = spec.temperature is not None and spec.temperature > 1
        return [FieldError("temperature", f"{self.name} takes temperatures from 0 to 1.")] if hot else []

    def expressed(self, spec: AgentSpec) -> AgentSpec:
        return replace(spec, tags=(), secrets={})

    def read_agent(self, raw: JsonObject, own: AgentSpec | None = None) -> AgentSpec:
        return raw["spec"]

    async def create_agent(self, spec: AgentSpec, *, marker: str | None = None) -> RemoteAgent:
        self._fail()
        self.pushed.append(spec)
        agent = self._remote(f"{self.name}-agent-{next(self._numbers)}", spec, marker)
        self.agents[agent.remote_id] = agent
        return agent

    async def find_agent(self, marker: str) -> RemoteAgent | None:
        self._fail()
        return next((agent for agent in self.agents.values() if agent.marker == marker), None)

    async def get_agent(self, remote_id: str) -> RemoteAgent:
        self._fail()
        if remote_id not in self.agents:
            raise ProviderMissing(f"{self.name} has no agent {remote_id}.", provider=self.name)
        return self.agents[remote_id]

    async def list_agents(self) -> AsyncIterator[RemoteAgent]:
        self._fail()
        for agent in list(self.agents.values()):
            yield agent

    async def update_agent(self, remote_id: str, spec: AgentSpec) -> RemoteAgent:
        agent = await self.get_agent(remote_id)
        self.pushed.append(spec)
        self.agents[remote_id] = self._remote(remote_id, spec, agent.marker)
        return self.agents[remote_id]

    async def delete_agent(self, remote_id: str) -> None:
        self._fail()
        self.agents.pop(remote_id, None)

    async def list_voices(self) -> AsyncIterator[Voice]:
        self.voice_lists += 1
        self._fail()
        for voice in self.voices:
            yield voice

    async def voice_sample(self, voice_id: str) -> Audio:
        self._fail()
        if voice_id not in {voice.id for voice in self.voices}:
            raise ProviderMissing(f"{self.name} has no voice {voice_id}.", provider=self.name)
        return Audio(b"RIFF-sample", "audio/wav")

    def speech_cost(self, text: str) -> SpeechCost:
        if not self.speaks:
            raise NotSupported(f"{self.name} speaks no texts. Listen to the sample.", provider=self.name)
        return SpeechCost(len(text), len(text), "credits", "fake-model", "mp3")

    async def speak(
        self,
        voice_id: str,
        text: str,
        language: str | None = None,
        settings: Mapping[str, float] = NO_SETTINGS,
    ) -> Audio:
        self._fail()
        self.speech_cost(text)
        if voice_id not in {voice.id for voice in self.voices}:
            raise ProviderMissing(f"{self.name} has no voice {voice_id}.", provider=self.name)
        self.spoken.append((voice_id, text, language, dict(settings)))
        return Audio(f"ID3 {voice_id} says {text}".encode(), "audio/mpeg", charged=len(text))

    async def open_phone_session(self, order: PhoneSessionOrder) -> OpenedSession:
        await self.get_agent(order.remote_agent_id)
        session_id = f"{self.name}-session-{next(self._numbers)}"
        self.opened.append(order)
        self._orders[session_id] = order
        self.sessions[session_id] = SessionReport(session_id, SessionState.WAITING)
        stream = f'<Stream url="wss://fake.invalid/{session_id}" />'
        return OpenedSession(session_id, f"<Response><Connect>{stream}</Connect></Response>")

    async def open_talk(self, order: TalkOrder) -> FakeTalk:
        await self.get_agent(order.remote_agent_id)
        session_id = f"{self.name}-session-{next(self._numbers)}"
        self.sessions[session_id] = SessionReport(session_id, SessionState.WAITING)
        self._orders[session_id] = order
        self.join(session_id)
        self.talks.append(FakeTalk(session_id, order, lambda reason: self.leave(session_id, reason=reason)))
        return self.talks[-1]

    async def fetch_session(self, session_id: str) -> SessionReport:
        self._fail()
        report = self._known(session_id)
        if report.state is SessionState.ENDED:
            self._fetches_left[session_id] -= 1
            if self._fetches_left[session_id] < 0:
                self.sessions[session_id] = report = self._settled(report)
        return report

    async def end_session(self, session_id: str) -> bool:
        self._fail()
        self.ended.append(session_id)
        if self.ends_sessions and self._known(session_id).state is SessionState.LIVE:
            self.leave(session_id, reason="agent_hangup")
        return self.ends_sessions

    async def recording(self, session_id: str) -> Audio:
        self._fail()
        if not self._known(session_id).has_recording:
            raise ProviderMissing("There is no recording yet.", provider=self.name)
        self.recordings_sent += 1
        return Audio(b"RIFF-recording", "audio/wav")

    async def check(self) -> None:
        self._fail()

    async def quota(self) -> ProviderQuota | None:
        self._fail()
        return ProviderQuota("minutes", used=1.0, limit=30.0)

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> PlatformSignal:
        signing.check(SECRET, headers, body)
        event = json.loads(body)
        key = f"{event['session_id']}:{event['kind']}"
        return PlatformSignal(key, event["kind"], event["session_id"], event.get("call_id"))

    # What tests and the FakeCarrier do to it.

    def webhook(self, session_id: str, kind: str = "session.ended", *, at: float | None = None):
        """Headers and body of a well signed webhook; `at` is its unix time."""
        body = json.dumps({"kind": kind, "session_id": session_id, "call_id": self._call_id(session_id)}).encode()
        return signing.sign(SECRET, body, at=at), body

    def session_of(self, twiml: str) -> str | None:
        found = _STREAM.search(twiml)
        return found.group(1) if found and found.group(1) in self.sessions else None

    def join(self, session_id: str) -> None:
        """The callee's line is connected: the conversation begins and half of it is said."""
        order = self._orders[session_id]
        turns = [
            Turn(index, role, text.format(first_message=order.first_message or "Hello."), index * 2.0)  # type: ignore[arg-type]
            for index, (role, text) in enumerate(self.talk)
        ]
        self._spoken[session_id] = turns
        self.sessions[session_id] = replace(
            self.sessions[session_id],
            state=SessionState.LIVE,
            started_at=datetime.now(UTC),
            turns=turns[: max(1, len(turns) // 2)],
        )

    def leave(self, session_id: str, *, reason: str = "callee_hangup") -> None:
        """The line is gone; the report still needs `final_after` fetches."""
        report = self._known(session_id)
        if report.state.over:
            return
        self._fetches_left[session_id] = self.final_after
        started = report.started_at or datetime.now(UTC)
        talked = report.state is SessionState.LIVE
        self.sessions[session_id] = replace(
            report,
            state=SessionState.ENDED,
            turns=self._spoken[session_id] if talked else (),
            ended_at=started + timedelta(seconds=12 if talked else 0),
            duration_seconds=12 if talked else 0,
            end_reason=reason if talked else "not_joined",
        )

    def _remote(self, remote_id: str, spec: AgentSpec, marker: str | None) -> RemoteAgent:
        there = self.expressed(spec)
        return RemoteAgent(remote_id, there, {"kept": True, "spec": there}, marker=marker, secrets=spec.secrets)

    def _settled(self, report: SessionReport) -> SessionReport:
        minutes = (report.duration_seconds or 0) / 60
        line = CostLine(self.name, "platform", Money(int(minutes * 50_000)), minutes, "minutes")
        talked = bool(report.turns)
        return replace(
            report,
            state=SessionState.FINAL,
            summary="The callee asked for the opening hours." if talked else None,
            successful="success" if talked else "unknown",
            costs=(line,),
            has_recording=talked,
            analysis=self.analysis if talked else None,
        )

    def _call_id(self, session_id: str) -> str | None:
        order = self._orders.get(session_id)
        return order.call_id if order else None

    def _known(self, session_id: str) -> SessionReport:
        if session_id not in self.sessions:
            raise ProviderMissing(f"{self.name} has no session {session_id}.", provider=self.name)
        return self.sessions[session_id]

    def _fail(self) -> None:
        if self._failures:
            raise self._failures.pop(0)
