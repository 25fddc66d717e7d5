"""One conversation: a page's socket on one side, a platform's on the other."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from switchboard.calls import page_socket, talk_frames
from switchboard.calls.downlink import Downlink, TooSlow
from switchboard.calls.talk_frames import BadFrame, HangUp, PageFrame, Said, Start
from switchboard.calls.talking import OpenTalk, Talks
from switchboard.core.errors import SwitchboardError
from switchboard.http.problems import problem_response
from switchboard.providers.talk import (
    BYTES_PER_SECOND,
    AgentAudio,
    Caption,
    Ended,
    Interrupted,
    Mode,
    StateChanged,
    TalkEvent,
    ToolUsed,
)

_NORMAL = 1000
_START_SECONDS = 10.0
_LONGEST_WAIT = BYTES_PER_SECOND * 5
"""So much of the microphone is kept for a platform that does not take it; then the oldest is dropped."""
_LEFT = "callee_hangup"
_NAMES: dict[type[TalkEvent], str] = {Caption: "caption", StateChanged: "state", ToolUsed: "tool"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a conversation ended: the call's reason, and how the page's socket is closed."""

    reason: str | None
    detail: str | None = None
    code: int = _NORMAL
    said: str = ""


async def converse(
    page: WebSocket, talks: Talks, agent_id: str, until_refused: Callable[[], Awaitable[str]]
) -> None:
    """Hold the whole conversation with an accepted socket, and close it.

    `until_refused`: waits until whoever opened the page's socket may not talk any more, and says why.
    """
    try:
        start = await _start(page)
        with talks.slot():
            talk = await talks.begin(agent_id, start)
            await _talk(_Bridge(page, talks, talk, start.mode, until_refused), page, talks, talk)
    except BadFrame as bad:
        await page_socket.close(page, bad.code, bad.said)
    except SwitchboardError as error:
        await _refuse(page, error)
    except WebSocketDisconnect:
        return


async def _talk(bridge: "_Bridge", page: WebSocket, talks: Talks, talk: OpenTalk) -> None:
    outcome = Outcome(None, code=talk_frames.FAULT, said="Something failed here that should not.")
    try:
        outcome = await bridge.run()
    finally:
        await talk.socket.hang_up()
        call = await talks.end(talk.call.id, outcome.reason, outcome.detail)
        await bridge.farewell({"type": "ended", "reason": call.reason, "call_id": call.id})
        await page_socket.close(page, outcome.code, outcome.said)


class _Bridge:
    """Carries frames until one side, the clock or the server ends it."""

    def __init__(
        self,
        page: WebSocket,
        talks: Talks,
        talk: OpenTalk,
        mode: Mode,
        until_refused: Callable[[], Awaitable[str]],
    ) -> None:
        self._page = page
        self._until_refused = until_refused
        self._talks = talks
        self._talk = talk
        self._mode = mode
        self._downlink = Downlink(page.send_json, page.send_bytes)
        self._microphone: deque[bytes] = deque()
        self._waiting = 0
        self._more = asyncio.Event()

    async def run(self) -> Outcome:
        self._downlink.tell(talk_frames.started(self._talk.call.id, self._talk.socket.session_id, self._mode))
        parts: list[Coroutine[Any, Any, Outcome]] = [
            self._from_page(),
            self._from_platform(),
            self._to_page(),
            self._to_platform(),
            self._stopping(),
            self._asked_to_end(),
            self._too_long(),
            self._refused(),
        ]
        tasks = [asyncio.create_task(part, name="talk") for part in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return next(task for task in tasks if task in done).result()

    async def farewell(self, frame: dict[str, Any]) -> None:
        """The last frame, after what waits; as far as the page still listens."""
        with suppress(WebSocketDisconnect, RuntimeError, TimeoutError, TooSlow):
            async with asyncio.timeout(page_socket.LAST_SECONDS):
                self._downlink.tell(frame)
                await self._downlink.drain()

    async def _from_page(self) -> Outcome:
        idle = self._talks.settings.talk_idle_seconds
        try:
            while True:
                async with asyncio.timeout(idle):
                    message = await self._page.receive()
                if message["type"] == "websocket.disconnect":
                    return Outcome(_LEFT)
                if message.get("bytes") is not None:
                    self._hear(message["bytes"])
                elif await self._take(talk_frames.read_text(message.get("text") or "")):
                    return Outcome(_LEFT)
        except TimeoutError:
            return Outcome("idle", f"The page sent nothing for {idle:g} seconds.")
        except BadFrame as bad:
            return Outcome("page_error", bad.said, bad.code, bad.said)

    async def _from_platform(self) -> Outcome:
        try:
            async for event in self._talk.socket.events():
                if isinstance(event, Ended):
                    await self._downlink.spoken()
                    return Outcome(event.reason, event.detail)
                self._pass_on(event)
        except TooSlow:
            said = "The page does not take its frames in time."
            return Outcome("page_error", said, talk_frames.POLICY, said)
        raise AssertionError("a platform's events end with Ended")

    async def _to_page(self) -> Outcome:
        try:
            await self._downlink.run()
        except WebSocketDisconnect:
            return Outcome(_LEFT)
        raise AssertionError("the downlink runs until it is cancelled")

    async def _to_platform(self) -> Outcome:
        while True:
            while self._microphone:
                pcm = self._microphone.popleft()
                self._waiting -= len(pcm)
                await self._talk.socket.send_audio(pcm)
            self._more.clear()
            await self._more.wait()

    async def _asked_to_end(self) -> Outcome:
        await self._talks.asked_to_end(self._talk.call.id)
        return Outcome(_LEFT)

    async def _stopping(self) -> Outcome:
        await self._talks.stopping.wait()
        said = "The server stops."
        return Outcome("switchboard_stopped", said, talk_frames.GOING_AWAY, said)

    async def _refused(self) -> Outcome:
        said = await self._until_refused()
        return Outcome("page_error", said, talk_frames.POLICY, said)

    async def _too_long(self) -> Outcome:
        await asyncio.sleep(self._talk.longest_seconds)
        return Outcome("max_duration")

    def _hear(self, pcm: bytes) -> None:
        if self._mode == "text":
            raise BadFrame(talk_frames.UNSUPPORTED, "A conversation in writing takes no binary frames.")
        pcm = talk_frames.read_audio(pcm)
        if not pcm:
            return  # it would wait without being counted
        self._microphone.append(pcm)
        self._waiting += len(pcm)
        while self._waiting > _LONGEST_WAIT:
            self._waiting -= len(self._microphone.popleft())
        self._more.set()
        self._downlink.heard(pcm)

    async def _take(self, frame: PageFrame) -> bool:
        """True when the page hangs up."""
        if isinstance(frame, Start):
            raise BadFrame(talk_frames.POLICY, "The conversation has begun already.")
        if isinstance(frame, Said):
            await self._talk.socket.send_text(frame.text)
        return isinstance(frame, HangUp)

    def _pass_on(self, event: TalkEvent) -> None:
        if isinstance(event, AgentAudio):
            self._downlink.play(event.pcm)
        elif isinstance(event, Interrupted):
            self._downlink.hush()
            self._downlink.tell({"type": "interrupted"})
        else:
            self._downlink.tell({"type": _NAMES[type(event)], **asdict(event)})


async def _start(page: WebSocket) -> Start:
    """The first frame. Raises: BadFrame; WebSocketDisconnect."""
    try:
        async with asyncio.timeout(_START_SECONDS):
            message = await page.receive()
    except TimeoutError:
        raise BadFrame(talk_frames.POLICY, 'Send {"type":"start"} within 10 seconds.') from None
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    if message.get("bytes") is not None:
        raise BadFrame(talk_frames.UNSUPPORTED, 'The first frame must be {"type":"start"}.')
    frame = talk_frames.read_text(message.get("text") or "")
    if not isinstance(frame, Start):
        raise BadFrame(talk_frames.POLICY, 'The first frame must be {"type":"start"}.')
    return frame


async def _refuse(page: WebSocket, error: SwitchboardError) -> None:
    """Tell a problem and close with a code that says its status."""
    request_id = page.scope.get("switchboard.request_id")
    problem = problem_response(error, instance=page.url.path, request_id=request_id)
    with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(page_socket.LAST_SECONDS):
            await page.send_json({"type": "error", "problem": json.loads(bytes(problem.body))})
    await page_socket.close(page, talk_frames.PROBLEM + error.status, error.slug)
