"""`/api/calls/{id}/recording`: answered directly, or by a redirection to a signed address of a storage.

Source: Ultravox "Calls" (fact sheet 3.1). The customer's key has no business at the storage and is not asked for.
"""

import asyncio
import secrets
import time

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from switchboard.sandbox.conversation.tape import LINE_RATE, Tape
from switchboard.sandbox.conversation.turns import Role
from switchboard.sandbox.speech.aloud import Voice
from switchboard.sandbox.speech.recording import wav
from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.speech.track import Line, Track
from switchboard.sandbox.speech.voices import timbre_for
from switchboard.sandbox.ultravox import voices
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.errors import UltravoxError, UltravoxRoute, not_found
from switchboard.sandbox.ultravox.state import State

_STORAGE = "/_sandbox/ultravox/storage"
_LINK_LASTS = 600.0
_MOST_LINKS = 1_000
_CALLEE_PITCH = 220


def router(state: State) -> APIRouter:
    routes = APIRouter(route_class=UltravoxRoute)
    links: dict[str, tuple[float, Call]] = {}
    state.world.on_reset(links.clear)

    @routes.get("/api/calls/{call_id}/recording")
    async def get_recording(call_id: str, request: Request) -> Response:
        call = state.account(request).call(call_id)
        if not call.config.get("recordingEnabled") or call.joined_at is None or call.ended_at is None:
            raise not_found("Recording")
        if state.settings.recordings == "direct":
            return await _sound(state.world.studio, call)
        while len(links) >= _MOST_LINKS:
            links.pop(next(iter(links)))
        signature = secrets.token_urlsafe(24)
        links[signature] = (time.monotonic() + _LINK_LASTS, call)
        address = f"{str(request.base_url).rstrip('/')}{_STORAGE}/{call_id}.wav?signature={signature}"
        return RedirectResponse(address, 302)

    @routes.get(f"{_STORAGE}/{{name}}")
    async def from_storage(name: str, request: Request) -> Response:
        until, call = links.get(request.query_params.get("signature", ""), (0.0, None))
        if call is None or time.monotonic() > until or name != f"{call.call_id}.wav":
            raise UltravoxError(403, "Access denied")
        return await _sound(state.world.studio, call)

    return routes


async def _sound(studio: Studio, call: Call) -> Response:
    """Two channels, callee and agent: what really passed, else what the messages tell."""
    if call.tape is not None:
        made = await asyncio.to_thread(_taped, call.tape)
    else:
        made = await _imagined(call).wav(studio)
    return Response(made, media_type="audio/wav")


def _taped(tape: Tape) -> bytes:
    return wav(tape.channels(), LINE_RATE)


def _imagined(call: Call) -> Track:
    lines = [Line(turn.text, turn.starts_at, turn.duration, turn.role is Role.AGENT) for turn in call.turns]
    callee = Voice(timbre_for(call.call_id), _CALLEE_PITCH)
    return Track(lines, call.talked_seconds, callee, voices.voice_of(call.config.get("voice")))
