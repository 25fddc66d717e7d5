"""Ultravox as a platform. Source: Ultravox Realtime REST API."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from twilio.twiml.voice_response import VoiceResponse  # type: ignore[import-untyped]  # ships no types

from switchboard.core.clock import Clock, SystemClock
from switchboard.core.errors import FieldError
from switchboard.providers.errors import (
    InvalidSignature,
    NotSupported,
    ProviderMissing,
    ProviderRejected,
    ProviderUnavailable,
)
from switchboard.providers.http import Repeat, VendorClient, path
from switchboard.providers.normalised import (
    AgentSpec,
    Audio,
    Capability,
    JsonObject,
    Loss,
    OpenedSession,
    PhoneSessionOrder,
    PlatformSignal,
    ProviderQuota,
    RemoteAgent,
    SessionReport,
    SpeechCost,
    Voice,
)
from switchboard.providers.platform import NO_SETTINGS
from switchboard.providers.sockets import VendorSocket
from switchboard.providers.talk import TalkOrder, TalkSocket
from switchboard.providers.ultravox import agents, voices, webhooks, wire
from switchboard.providers.ultravox.errors import NAME, NOT_JOINED, refusal
from switchboard.providers.ultravox.talk import TITLE, UltravoxTalk

_PAGE_SIZE = 100
_PAGES = 1000
_SPEAKS_NOT = (
    "Ultravox plays its own sample of a voice and speaks no other text outside calls. Listen to the sample "
    "(leave text out), or hear your sentence in a matching voice of another platform."
)
_CAPABILITIES = (
    Capability("end_session", available=True),
    Capability(
        "transfer_to_number",
        available=False,
        reason="Ultravox transfers calls only with carrier credentials of its own, and gets none from us.",
    ),
    Capability("voice_by_name", available=True),
    Capability("speak_text", available=False, reason=_SPEAKS_NOT),
    Capability(
        "call_verdict",
        available=False,
        reason="Ultravox writes a summary, but does not judge whether a call succeeded.",
    ),
    Capability(
        "exact_cost",
        available=False,
        reason="Ultravox tells billed time, not money: the cost is that time at ULTRAVOX_PRICE_PER_MINUTE.",
    ),
)


class Ultravox:
    """The Platform port over Ultravox' REST API. `aclose()` frees its connections."""

    name: str = NAME
    capabilities: Sequence[Capability] = _CAPABILITIES

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str,
        webhook_secret: str | None = None,
        price_per_minute: float = 0.05,
        timeout_seconds: float = 10.0,
        clock: Clock | None = None,
    ) -> None:
        self._webhook_secret = webhook_secret
        self._price_per_minute = price_per_minute
        self._clock = clock or SystemClock()
        self._seconds = timeout_seconds
        self._client = VendorClient(
            NAME,
            "Ultravox",
            base_url,
            refusal=refusal,
            timeout_seconds=timeout_seconds,
            headers={"X-API-Key": api_key},
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    def losses(self, spec: AgentSpec) -> Sequence[Loss]:
        return agents.losses(spec)

    def problems(self, spec: AgentSpec) -> Sequence[FieldError]:
        return agents.problems(spec)

    def expressed(self, spec: AgentSpec) -> AgentSpec:
        return agents.expressed(spec)

    def read_agent(self, raw: JsonObject, own: AgentSpec | None = None) -> AgentSpec:
        return agents.from_vendor(raw, own)

    async def create_agent(self, spec: AgentSpec, *, marker: str | None = None) -> RemoteAgent:
        wanted = agents.to_vendor(spec, marker=marker)
        raw = await self._client.object("POST", "/api/agents", json=wanted, repeat=Repeat.NEVER)
        return agents.remote_agent(raw, spec)

    async def find_agent(self, marker: str) -> RemoteAgent | None:
        async for raw in self._items("/api/agents", search=marker):
            if agents.marker_of(raw) == marker:
                return agents.remote_agent(raw)
        return None

    async def get_agent(self, remote_id: str) -> RemoteAgent:
        return agents.remote_agent(await self._client.object("GET", path("/api/agents/{}", remote_id)))

    async def list_agents(self) -> AsyncIterator[RemoteAgent]:
        async for raw in self._items("/api/agents"):
            yield agents.remote_agent(raw)

    async def update_agent(self, remote_id: str, spec: AgentSpec) -> RemoteAgent:
        address = path("/api/agents/{}", remote_id)
        current = await self._client.object("GET", address)
        await self._client.object("PATCH", address, json=agents.to_vendor(spec, current))
        # Read again: whether a PATCH merges or replaces the template is not documented.
        return agents.remote_agent(await self._client.object("GET", address), spec)

    async def delete_agent(self, remote_id: str) -> None:
        try:
            await self._client.send("DELETE", path("/api/agents/{}", remote_id))
        except ProviderMissing:
            return

    async def list_voices(self) -> AsyncIterator[Voice]:
        async for raw in self._items("/api/voices"):
            yield voices.voice(raw)

    async def voice_sample(self, voice_id: str) -> Audio:
        return await self._client.audio(
            path("/api/voices/{}/preview", voice_id), otherwise="Ultravox has no sample of this voice."
        )

    def speech_cost(self, text: str) -> SpeechCost:  # noqa: ARG002 -- the port's signature
        raise NotSupported(_SPEAKS_NOT, provider=NAME)

    async def speak(
        self,
        voice_id: str,  # noqa: ARG002 -- the port's signature
        text: str,  # noqa: ARG002 -- the port's signature
        language: str | None = None,  # noqa: ARG002 -- the port's signature
        settings: Mapping[str, float] = NO_SETTINGS,  # noqa: ARG002 -- the port's signature
    ) -> Audio:
        raise NotSupported(_SPEAKS_NOT, provider=NAME)

    async def open_phone_session(self, order: PhoneSessionOrder) -> OpenedSession:
        wanted = wire.call_body(order, self._webhook_secret)
        address = path("/api/agents/{}/calls", order.remote_agent_id)
        call = await self._client.object("POST", address, json=wanted, repeat=Repeat.BY_CALLER)
        session_id, join_url = _joinable(call)
        return OpenedSession(session_id, _twiml(join_url), call)

    async def open_talk(self, order: TalkOrder) -> TalkSocket:
        wanted = wire.talk_body(order, self._webhook_secret)
        address = path("/api/agents/{}/calls", order.remote_agent_id)
        session_id, join_url = _joinable(await self._client.object("POST", address, json=wanted))
        socket = await VendorSocket.dial(
            NAME, TITLE, join_url, timeout_seconds=self._seconds, encrypted=self._client.encrypted
        )
        return UltravoxTalk(socket, session_id, spoken=order.mode == "voice")

    async def fetch_session(self, session_id: str) -> SessionReport:
        call = await self._client.object("GET", path("/api/calls/{}", session_id))
        # `in_call`: all stages of the call; the default tells the last stage only.
        address = path("/api/calls/{}/messages", session_id)
        messages = [message async for message in self._items(address, mode="in_call")]
        return wire.report(call, messages, self._price_per_minute)

    async def end_session(self, session_id: str) -> bool:
        address = path("/api/calls/{}/send_data_message", session_id)
        try:
            await self._client.send("POST", address, json=wire.HANG_UP, repeat=Repeat.HARMLESS)
        except ProviderRejected as rejected:
            if rejected.provider_code != NOT_JOINED:
                raise
        return True

    async def recording(self, session_id: str) -> Audio:
        try:
            return await self._client.audio(
                path("/api/calls/{}/recording", session_id),
                otherwise="Ultravox has no recording of this call yet.",
            )
        except ProviderMissing:
            raise
        except ProviderRejected as rejected:
            # Which status says "not yet" is not documented; any refusal means so.
            raise ProviderMissing(
                "Ultravox has no recording of this call yet.", provider=NAME, raw=rejected.raw
            ) from None

    async def check(self) -> None:
        await self._account()

    async def quota(self) -> ProviderQuota | None:
        account = await self._account()
        if account is None:
            return None
        used, left = (agents.seconds(account.get(key)) / 60 for key in ("freeTimeUsed", "freeTimeRemaining"))
        paid = bool(account.get("hasActiveSubscription"))
        return ProviderQuota("minutes", used, None if paid else used + left)

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> PlatformSignal:
        if not self._webhook_secret:
            raise InvalidSignature("Ultravox' webhooks cannot be verified: set ULTRAVOX_WEBHOOK_SECRET.")
        webhooks.verify(self._webhook_secret, headers, body, self._clock.now())
        return webhooks.read(body)

    async def _account(self) -> dict[str, Any] | None:
        """The account; None where the vendor hides it (seen with a trial), though the key is good."""
        try:
            return await self._client.object("GET", "/api/accounts/me")
        except ProviderMissing:
            await self._client.object("GET", "/api/models")
            return None

    async def _items(self, address: str, **params: str) -> AsyncIterator[dict[str, Any]]:
        """All items of a list. Only the cursor is taken from `next`, whose host is the vendor's word."""
        query: dict[str, Any] = {**params, "pageSize": _PAGE_SIZE}
        for _ in range(_PAGES):
            page = await self._client.object("GET", address, params=query)
            for item in page.get("results") or ():
                yield item
            cursor = parse_qs(urlsplit(str(page.get("next") or "")).query).get("cursor")
            if not cursor or cursor[0] == query.get("cursor"):
                return
            query["cursor"] = cursor[0]


def _joinable(call: JsonObject) -> tuple[str, str]:
    """The call's id and the address to join it."""
    session_id, join_url = call.get("callId"), call.get("joinUrl")
    if not session_id or not join_url:
        said = "Ultravox opened a call without an address to join."
        raise ProviderUnavailable(said, provider=NAME, raw=call)
    return str(session_id), str(join_url)


def _twiml(join_url: str) -> str:
    """Connects the answered phone to the session. Nothing follows, so the call ends with the stream."""
    response = VoiceResponse()
    response.connect().stream(url=join_url)
    return str(response)
