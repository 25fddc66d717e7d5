"""The use cases of conversations in the browser: begin one, end one. Each is a call without a phone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager
from dataclasses import dataclass

from switchboard.agents.errors import AgentNotReady
from switchboard.agents.model import Agent
from switchboard.agents.repository import Agents
from switchboard.agents.variables import filled, missing, rendered
from switchboard.agents.voicing import Voicing
from switchboard.calls.errors import CallAlreadyEnded, InvalidCall
from switchboard.calls.lifecycle import News
from switchboard.calls.model import BROWSER, Call
from switchboard.calls.record import CallRecord
from switchboard.calls.repository import Calls
from switchboard.calls.settings import CallSettings
from switchboard.calls.talk_frames import Start
from switchboard.core.errors import FieldError, Unavailable
from switchboard.core.ids import new_id
from switchboard.providers.errors import ProviderError, ProviderRejected, ProviderUnavailable
from switchboard.providers.health import HealthMonitor
from switchboard.providers.normalised import CallStatus
from switchboard.providers.registry import Providers
from switchboard.providers.talk import TalkOrder, TalkSocket

GRACE_SECONDS = 30
"""How much longer than the platform we let a conversation last."""
_ENDS = ("call.hangup_requested", "call.completed")


@dataclass(frozen=True, slots=True)
class OpenTalk:
    """A conversation that has begun."""

    call: Call
    socket: TalkSocket
    longest_seconds: int


class Talks:
    """All conversations that this process holds. `stop()` ends them, because the server shuts down."""

    def __init__(
        self,
        *,
        record: CallRecord,
        providers: Providers,
        health: HealthMonitor,
        voicing: Voicing,
        settings: CallSettings,
        public_url: str | None,
    ) -> None:
        self._record = record
        self._providers = providers
        self._health = health
        self._voicing = voicing
        self._public_url = public_url
        self._running = 0
        self.settings = settings
        self.stopping = asyncio.Event()

    def stop(self) -> None:
        self.stopping.set()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Room for one conversation. Raises: Unavailable."""
        if self._running >= self.settings.max_talks or self.stopping.is_set():
            raise Unavailable("This server holds as many conversations as it may. Try again in a moment.")
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    async def begin(self, agent_id: str, start: Start) -> OpenTalk:
        """Write the call and open the conversation at the agent's platform. No twin steps in: you test this one.

        Raises: UnknownAgent; AgentNotReady; InvalidCall; the provider errors, which also fail the call.
        """
        agent, warning = await self._ready_agent(agent_id, start)
        call = await self._queued(agent, start)
        if warning is not None:
            await self._record.warn(call.id, warning)
        try:
            socket = await self._providers.platform(agent.platform).open_talk(self._order(call, agent, start))
        except ProviderError as error:
            await self._record.finish(
                call.id, CallStatus.FAILED, reason=_reason(error), detail=error.detail, at=("queued",)
            )
            raise
        longest = agent.max_duration_seconds + GRACE_SECONDS
        async with AsyncExitStack() as unless_begun:
            unless_begun.push_async_callback(socket.hang_up)
            begun = await self._record.talking(call.id, socket.session_id, longest)
            if begun is None:
                raise CallAlreadyEnded("The call was ended before the conversation began.")
            unless_begun.pop_all()
        return OpenTalk(begun, socket, longest)

    async def end(self, call_id: str, reason: str | None, detail: str | None) -> Call:
        """The conversation is over. The rest of its truth is collected by the settling job."""
        return await self._record.talked(call_id, reason=reason, detail=detail)

    async def asked_to_end(self, call_id: str) -> None:
        """Wait until somebody else wants the conversation to end, or the server stops."""
        told: AsyncIterator[object]
        async with aclosing(self._record.events.follow(0, types=_ENDS, call_id=call_id)) as told:
            async for _ in told:
                return

    async def _ready_agent(self, agent_id: str, start: Start) -> tuple[Agent, str | None]:
        """The agent, able to speak, and what had to be done for it."""
        async with self._record.database.transaction() as session:
            agent = await Agents(session).required(agent_id)
        if agent.status != "active" or agent.remote_id is None:
            raise AgentNotReady(f"The agent is {agent.status}. Activate it before you talk to it.")
        self._health.require(agent.platform)
        wrong = [
            FieldError(f"variables.{name}", f"The agent needs a value for {{{{{name}}}}}. Send it in variables.")
            for name in missing(agent.variables, start.variables)
        ]
        if wrong:
            raise InvalidCall.of(wrong)
        voiced = await self._voicing.ensured(agent)
        if voiced.refused is not None:
            raise AgentNotReady(voiced.refused)
        return voiced.agent, voiced.replaced

    async def _queued(self, agent: Agent, start: Start) -> Call:
        call = Call(
            id=new_id("call"),
            agent_id=agent.id,
            platform=agent.platform,
            carrier=BROWSER,
            direction=BROWSER,
            status=CallStatus.QUEUED.value,
            stage="queued",
            variables=filled(agent.variables, start.variables),
            created_at=self._record.clock.now(),
            cost_final=False,
            has_recording=False,
            raw={},
        )
        async with self._record.database.transaction() as session:
            await Calls(session).add(call)
            told = {"status": call.status, "direction": BROWSER, "mode": start.mode, "platform": call.platform}
            await self._record.tell(session, call, News([("call.queued", told)]))
        return call

    def _order(self, call: Call, agent: Agent, start: Start) -> TalkOrder:
        return TalkOrder(
            call_id=call.id,
            remote_agent_id=str(agent.remote_id),
            mode=start.mode,
            first_message=rendered(agent.first_message, call.variables),
            first_speaker=agent.spec().first_speaker,
            language=agent.language,
            variables=call.variables,
            max_duration_seconds=agent.max_duration_seconds,
            callback_url=f"{self._public_url}/inbox/{agent.platform}" if self._public_url else None,
        )


def _reason(error: ProviderError) -> str:
    if isinstance(error, ProviderUnavailable):
        return "platform_unavailable"
    return "platform_rejected" if isinstance(error, ProviderRejected) else error.slug.replace("-", "_")
