"""HTTP surface of voices (design §7)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from switchboard.access.guard import require
from switchboard.access.schemas import Caller
from switchboard.core.errors import NotFound
from switchboard.http.json import JsonResponse
from switchboard.http.problems import problem_responses
from switchboard.providers.normalised import Voice
from switchboard.voices.schemas import VoiceOut
from switchboard.voices.service import VoiceService

router = APIRouter(prefix="/api/v1/voices", tags=["voices"])
Reader = Annotated[Caller, require("voices:read")]


class UnknownVoice(NotFound):
    """Unknown voice."""

    slug = "unknown-voice"


async def _service(request: Request) -> VoiceService:
    service: VoiceService = request.app.state.voices
    return service


Service = Annotated[VoiceService, Depends(_service)]


@router.get("", response_model=list[VoiceOut], responses=problem_responses(401, 403, 424, 503))
async def list_voices(service: Service, caller: Reader, platform: str | None = None) -> Response:
    """Voices of one platform, or of all that are reachable."""
    return JsonResponse([_shown(voice) for voice in await service.list(platform)])


@router.get(
    "/{platform}/{voice_id}", response_model=VoiceOut, responses=problem_responses(401, 403, 404, 424, 503)
)
async def show_voice(platform: str, voice_id: str, service: Service, caller: Reader) -> Response:
    """One voice."""
    for voice in await service.list(platform):
        if voice.id == voice_id:
            return JsonResponse(_shown(voice))
    raise UnknownVoice(f"{platform} has no voice {voice_id[:64]}. List them with GET /api/v1/voices.")


@router.post("/{platform}/{voice_id}/preview", responses=problem_responses(401, 403, 404, 424, 503))
async def preview_voice(platform: str, voice_id: str, service: Service, caller: Reader) -> Response:
    """The vendor's free sample of the voice, as audio."""
    audio = await service.sample(platform, voice_id)
    return Response(audio.content, media_type=audio.media_type)


def _shown(voice: Voice) -> dict[str, object]:
    return {name: getattr(voice, name) for name in VoiceOut.model_fields}
