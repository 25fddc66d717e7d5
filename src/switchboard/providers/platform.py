"""The port of a conversational-AI platform: what Switchboard needs from Ultravox, ElevenLabs and their kin."""

from collections.abc import AsyncIterator, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from switchboard.core.errors import FieldError
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
from switchboard.providers.talk import TalkOrder, TalkSocket

NO_SETTINGS: Mapping[str, float] = MappingProxyType({})


class Platform(Protocol):
    """Every method may raise the errors of `providers/errors.py`; a time-out is `ProviderUnavailable`."""

    name: str
    capabilities: Sequence[Capability]

    def losses(self, spec: AgentSpec) -> Sequence[Loss]:
        """Everything of `spec` that this platform cannot express, each with what happens instead. Asks nobody."""
        ...

    def problems(self, spec: AgentSpec) -> Sequence[FieldError]:
        """Everything of `spec` that this platform would refuse, as far as its limits are known. Asks nobody."""
        ...

    def expressed(self, spec: AgentSpec) -> AgentSpec:
        """`spec` as it would be read back once saved: what is lost is gone, a None stands for any value."""
        ...

    def read_agent(self, raw: JsonObject, own: AgentSpec | None = None) -> AgentSpec:
        """The vendor's agent object as a spec, without secrets. Asks nobody.

        `own`: what we saved. Its `platform_options` are told apart from the rest then, and its name, where the
        vendor has it in a safer spelling only, is recognised.
        """
        ...

    async def create_agent(self, spec: AgentSpec, *, marker: str | None = None) -> RemoteAgent:
        """Make a new agent that `find_agent(marker)` finds. `marker`: our agent's id, from `new_id`.

        Not repeated by itself: an unclear outcome raises `ProviderUnclear`.
        """
        ...

    async def find_agent(self, marker: str) -> RemoteAgent | None:
        """The agent that was made with this marker, or None."""
        ...

    async def get_agent(self, remote_id: str) -> RemoteAgent:
        """Raises `ProviderMissing` when the platform has no such agent."""
        ...

    def list_agents(self) -> AsyncIterator[RemoteAgent]:
        """All agents of the account, page by page. One that is not `complete` has a name only."""
        ...

    async def update_agent(self, remote_id: str, spec: AgentSpec) -> RemoteAgent:
        """Make the remote agent equal to `spec`; its marker and what `spec` does not know about are kept."""
        ...

    async def delete_agent(self, remote_id: str) -> None:
        """Quiet when it is gone already."""
        ...

    def list_voices(self) -> AsyncIterator[Voice]:
        """All voices that agents of this account can use, page by page."""
        ...

    async def voice_sample(self, voice_id: str) -> Audio:
        """The vendor's free sample. Raises `ProviderMissing` when there is none."""
        ...

    def speech_cost(self, text: str) -> SpeechCost:
        """What `speak` would take at most; asks nobody. Raises `NotSupported` when it cannot speak texts."""
        ...

    async def speak(
        self,
        voice_id: str,
        text: str,
        language: str | None = None,
        settings: Mapping[str, float] = NO_SETTINGS,
    ) -> Audio:
        """`text` in this voice. `settings`: `speed`, `stability`, `similarity`, as the agent's of these names.

        It may cost money and is never repeated by itself: an unclear outcome raises `ProviderUnclear`.
        Raises `NotSupported` when the platform cannot speak texts.
        """
        ...

    async def open_phone_session(self, order: PhoneSessionOrder) -> OpenedSession:
        """Prepare a conversation that starts when the carrier connects. Rings nobody and may be repeated."""
        ...

    async def open_talk(self, order: TalkOrder) -> TalkSocket:
        """Begin a conversation in the browser, at once. Not repeated by itself, since it costs money.

        Raises also: ProviderRejected when the platform refuses to begin.
        """
        ...

    async def fetch_session(self, session_id: str) -> SessionReport:
        """Status, turns so far, and once it is over analysis and cost. Works while the call runs."""
        ...

    async def end_session(self, session_id: str) -> bool:
        """Ask the platform to end a live session; False when it has no means to (end the carrier leg then)."""
        ...

    async def recording(self, session_id: str) -> Audio:
        """The whole call. Raises `ProviderMissing` when there is none or not yet."""
        ...

    async def check(self) -> None:
        """One cheap authorised request; raises what is wrong."""
        ...

    async def quota(self) -> ProviderQuota | None:
        """What is left, or None when the platform does not tell."""
        ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> PlatformSignal:
        """Verify the signature on the raw bytes and read the event.

        Raises: InvalidSignature. Unknown event kinds are no error.
        """
        ...
