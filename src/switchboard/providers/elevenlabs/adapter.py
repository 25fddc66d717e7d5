"""ElevenLabs Agents as a platform. Source: ElevenLabs API reference, `/v1/convai`."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from switchboard.core.clock import Clock, SystemClock
from switchboard.core.errors import FieldError
from switchboard.providers.elevenlabs import agents, voices, webhooks, wire
from switchboard.providers.elevenlabs.errors import MISSING_PERMISSIONS, NAME, refusal
from switchboard.providers.elevenlabs.talk import ElevenLabsTalk
from switchboard.providers.errors import (
    InvalidSignature,
    ProviderError,
    ProviderMisconfigured,
    ProviderMissing,
    ProviderUnavailable,
    ProviderUnclear,
)
from switchboard.providers.http import AUDIO_ANSWER, Repeat, VendorClient, path
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
    SessionState,
    SpeechCost,
    Voice,
)
from switchboard.providers.platform import NO_SETTINGS
from switchboard.providers.talk import TalkOrder, TalkSocket

_PAGE_SIZE = 100
_PAGES = 1000
_BY_CALL = "call:"
"""Begins a session id of ours, used while the vendor has not named the conversation."""
_CAPABILITIES = (
    Capability(
        "end_session",
        available=False,
        reason="ElevenLabs has no request that ends a live conversation: Switchboard hangs up the phone instead.",
    ),
    Capability(
        "transfer_to_number",
        available=False,
        reason="ElevenLabs transfers calls only on numbers imported there, not on calls that Switchboard dials.",
    ),
    Capability(
        "voice_by_name",
        available=False,
        reason="ElevenLabs knows voices by their ids; names are looked up in Switchboard's list.",
    ),
    Capability("speak_text", available=True),
    Capability("call_verdict", available=True),
    Capability("exact_cost", available=True),
)


class ElevenLabs:
    """The Platform port over ElevenLabs' REST API. `aclose()` frees its connections."""

    name: str = NAME
    capabilities: Sequence[Capability] = _CAPABILITIES

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str,
        webhook_secret: str | None = None,
        timeout_seconds: float = 10.0,
        clock: Clock | None = None,
    ) -> None:
        self._webhook_secret = webhook_secret
        self._clock = clock or SystemClock()
        self._seconds = timeout_seconds
        self._client = VendorClient(
            NAME,
            "ElevenLabs",
            base_url,
            refusal=refusal,
            timeout_seconds=timeout_seconds,
            headers={"xi-api-key": api_key},
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
        voiced = spec if spec.voice else replace(spec, voice=await self._first_voice(spec.language))
        wanted = agents.to_vendor(voiced, marker=marker)
        made = await self._client.object("POST", "/v1/convai/agents/create", json=wanted, repeat=Repeat.NEVER)
        if not made.get("agent_id"):
            raise ProviderUnclear("ElevenLabs answered without naming the new agent.", provider=NAME, raw=made)
        address = path("/v1/convai/agents/{}", str(made["agent_id"]))
        try:
            return agents.remote_agent(await self._client.object("GET", address), voiced)
        except ProviderUnavailable:
            # It exists and has a name; not being able to read it now must not make a second one.
            return RemoteAgent(str(made["agent_id"]), replace(voiced, secrets={}), made, marker=marker)

    async def find_agent(self, marker: str) -> RemoteAgent | None:
        """Looks at the tags itself: whether the list can be asked for one depends on the API's version."""
        tag = agents.MARKER + marker
        async for item in self._items("/v1/convai/agents", "agents", "cursor", tags=tag):
            if tag in (item.get("tags") or ()):
                return await self.get_agent(str(item.get("agent_id")))
        return None

    async def get_agent(self, remote_id: str) -> RemoteAgent:
        return agents.remote_agent(await self._client.object("GET", path("/v1/convai/agents/{}", remote_id)))

    async def list_agents(self) -> AsyncIterator[RemoteAgent]:
        async for raw in self._items("/v1/convai/agents", "agents", "cursor"):
            yield agents.remote_agent(raw)

    async def update_agent(self, remote_id: str, spec: AgentSpec) -> RemoteAgent:
        address = path("/v1/convai/agents/{}", remote_id)
        current = await self._client.object("GET", address)
        wanted = agents.to_vendor(spec, current)
        return agents.remote_agent(await self._client.object("PATCH", address, json=wanted), spec)

    async def delete_agent(self, remote_id: str) -> None:
        try:
            await self._client.send("DELETE", path("/v1/convai/agents/{}", remote_id))
        except ProviderMissing:
            return

    async def list_voices(self) -> AsyncIterator[Voice]:
        seen: set[str] = set()
        free: bool | None = None
        params = {"include_total_count": "false"}
        async for raw in self._items("/v2/voices", "voices", "next_page_token", **params):
            if free is None and voices.from_library(raw):
                free = await self._is_free()
            voice = voices.voice(raw, free_plan=bool(free))
            # The vendor repeats voices of the first page now and then.
            if voice.id not in seen:
                seen.add(voice.id)
                yield voice

    async def voice_sample(self, voice_id: str) -> Audio:
        none = "ElevenLabs has no free sample of this voice. Have it speak a text of yours instead."
        raw = await self._client.object("GET", path("/v1/voices/{}", voice_id))
        if not raw.get("preview_url"):
            raise ProviderMissing(none, provider=NAME)
        return await self._client.download(str(raw["preview_url"]), otherwise=none)

    def speech_cost(self, text: str) -> SpeechCost:
        return voices.speech_cost(text)

    async def speak(
        self,
        voice_id: str,
        text: str,
        language: str | None = None,
        settings: Mapping[str, float] = NO_SETTINGS,
    ) -> Audio:
        answer = await self._client.send(
            "POST",
            path("/v1/text-to-speech/{}", voice_id),
            params={"output_format": voices.SPEECH_FORMAT},
            json=voices.speech_body(text, language, settings),
            repeat=Repeat.NEVER,
            limits=AUDIO_ANSWER,
        )
        charged = answer.headers.get("character-cost", "")
        media_type = str(answer.headers.get("content-type", "")).partition(";")[0].strip()
        return Audio(answer.content, media_type, int(charged) if charged.isdecimal() else None)

    async def open_phone_session(self, order: PhoneSessionOrder) -> OpenedSession:
        wanted = wire.register_body(order)
        answer = await self._client.send("POST", "/v1/convai/twilio/register-call", json=wanted)
        twiml = answer.text.strip()
        if "<Response" not in twiml:
            said = "ElevenLabs registered a call without telling how to connect it. Try again."
            raise ProviderUnavailable(said, provider=NAME, raw=twiml[:2000])
        session_id = wire.conversation_id(twiml) or await self._conversation_of(order.call_id)
        return OpenedSession(session_id or _BY_CALL + order.call_id, twiml)

    async def open_talk(self, order: TalkOrder) -> TalkSocket:
        asked = {"agent_id": order.remote_agent_id}
        agent, signed = await asyncio.gather(
            self._client.object("GET", path("/v1/convai/agents/{}", order.remote_agent_id)),
            self._client.object("GET", "/v1/convai/conversation/get-signed-url", params=asked),
        )
        return await ElevenLabsTalk.open(
            order,
            agent,
            str(signed.get("signed_url") or ""),
            timeout_seconds=self._seconds,
            encrypted=self._client.encrypted,
        )

    async def fetch_session(self, session_id: str) -> SessionReport:
        """A session that the vendor has not named yet is WAITING; once named, the report bears that name."""
        known = await self._named(session_id)
        if known is None:
            return SessionReport(session_id, SessionState.WAITING)
        return wire.report(await self._client.object("GET", path("/v1/convai/conversations/{}", known)))

    async def end_session(self, session_id: str) -> bool:  # noqa: ARG002 -- the port's signature
        return False

    async def recording(self, session_id: str) -> Audio:
        none = "ElevenLabs has no recording of this conversation yet."
        known = await self._named(session_id)
        if known is None:
            raise ProviderMissing(none, provider=NAME)
        return await self._client.audio(path("/v1/convai/conversations/{}/audio", known), otherwise=none)

    async def check(self) -> None:
        # Restricted keys are refused on the user's own resource; this one every key of ours must reach.
        await self._client.object("GET", "/v1/convai/agents", params={"page_size": 1})

    async def quota(self) -> ProviderQuota | None:
        try:
            plan = await self._client.object("GET", "/v1/user/subscription")
        except ProviderMisconfigured as refused:
            if refused.provider_code == MISSING_PERMISSIONS:
                return None
            raise
        reset = plan.get("next_character_count_reset_unix")
        return ProviderQuota(
            "credits",
            plan.get("character_count"),
            plan.get("character_limit"),
            datetime.fromtimestamp(float(reset), UTC) if reset else None,
        )

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> PlatformSignal:
        if not self._webhook_secret:
            raise InvalidSignature("ElevenLabs' webhooks cannot be verified: set ELEVENLABS_WEBHOOK_SECRET.")
        webhooks.verify(self._webhook_secret, headers, body, self._clock.now())
        return webhooks.read(body)

    async def _is_free(self) -> bool:
        """Whether the account is on the free plan; an account that does not say is taken not to be."""
        try:
            plan = await self._client.object("GET", "/v1/user/subscription")
        except ProviderError:
            return False
        return plan.get("tier") == "free"

    async def _first_voice(self, language: str) -> str | None:
        """A voice of the account, best in this language; the vendor's default is not in every account."""
        wanted = language.lower().partition("-")[0]
        page = await self._client.object("GET", "/v2/voices", params={"page_size": _PAGE_SIZE})
        found = [voices.voice(raw) for raw in page.get("voices") or ()]
        fitting = [voice for voice in found if (voice.language or "").lower().partition("-")[0] == wanted]
        return next((voice.id for voice in [*fitting, *found]), None)

    async def _named(self, session_id: str) -> str | None:
        if not session_id.startswith(_BY_CALL):
            return session_id
        return await self._conversation_of(session_id.removeprefix(_BY_CALL))

    async def _conversation_of(self, call_id: str) -> str | None:
        params = {"user_id": call_id, "page_size": 1}
        page = await self._client.object("GET", "/v1/convai/conversations", params=params)
        found = [item.get("conversation_id") for item in page.get("conversations") or ()]
        return str(found[0]) if found and found[0] else None

    async def _items(self, address: str, key: str, token: str, **params: str) -> AsyncIterator[dict[str, Any]]:
        """All items of a list. `token` names the parameter that asks for the next page."""
        query: dict[str, Any] = {**params, "page_size": _PAGE_SIZE}
        for _ in range(_PAGES):
            page = await self._client.object("GET", address, params=query)
            for item in page.get(key) or ():
                yield item
            following = page.get("next_cursor") or page.get("next_page_token")
            if not page.get("has_more") or not following:
                return
            query[token] = following
