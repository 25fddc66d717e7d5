"""HTTP surface of voices (design §7; docs/reference/voices.md)."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from switchboard.access.guard import require
from switchboard.access.schemas import Caller
from switchboard.http.json import JsonResponse
from switchboard.http.pagination import (
    MAX_LIMIT,
    PAGE_HEADERS,
    Cursor,
    Limit,
    Page,
    decode_cursor,
    encode_cursor,
    page_response,
)
from switchboard.http.problems import problem_responses
from switchboard.providers.normalised import Voice
from switchboard.voices import views
from switchboard.voices.audition import audition
from switchboard.voices.previews import Previews
from switchboard.voices.schemas import (
    RESPONSE_AUDIO,
    AuditionIn,
    AuditionOut,
    Language,
    MatchOut,
    PreviewIn,
    QuoteOut,
    VoiceOut,
)
from switchboard.voices.search import VoiceFilter
from switchboard.voices.service import Found, VoiceService
from switchboard.voices.wishes import Heard, Wish

router = APIRouter(prefix="/api/v1/voices", tags=["voices"])
Reader = Annotated[Caller, require("voices:read")]
_LIST_HEADERS: dict[str, Any] = PAGE_HEADERS | {
    "Age": {"description": "Seconds since the oldest list shown was fetched.", "schema": {"type": "integer"}},
    "X-Stale": {"description": "Platforms whose list is due to be fetched anew.", "schema": {"type": "string"}},
    "X-Unavailable": {
        "description": "Platforms that could not be asked; their voices are old, or missing.",
        "schema": {"type": "string"},
    },
}
_LIST: dict[int | str, dict[str, Any]] = {
    200: {"headers": _LIST_HEADERS},
    **problem_responses(401, 403, 424, 503),
}
_PREVIEW = RESPONSE_AUDIO | problem_responses(401, 403, 404, 424, 429, 503)
_Word = Annotated[str | None, Query(max_length=60)]


async def _service(request: Request) -> VoiceService:
    service: VoiceService = request.app.state.voices
    return service


async def _previews(request: Request) -> Previews:
    previews: Previews = request.app.state.previews
    return previews


Service = Annotated[VoiceService, Depends(_service)]
Hearing = Annotated[Previews, Depends(_previews)]


@router.get("", response_model=list[VoiceOut], responses=_LIST)
async def list_voices(
    request: Request,
    service: Service,
    caller: Reader,
    platform: _Word = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
    language: Annotated[Language | None, Query()] = None,
    gender: Literal["female", "male", "neutral"] | None = None,
    age: Literal["young", "middle-aged", "old"] | None = None,
    accent: _Word = None,
    category: _Word = None,
    style: _Word = None,
    available: bool | None = None,
    limit: Limit = MAX_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Voices of one platform, or of all, by platform and name, as last fetched."""
    wanted = VoiceFilter(search, language, gender, age, accent, category, style, available)
    found = await service.search(platform, wanted)
    response = page_response(request, _page(found, cursor, limit))
    response.headers.update(views.list_headers(found))
    return response


@router.post(
    "/audition", response_model=AuditionOut, responses=problem_responses(400, 401, 403, 413, 415, 422, 429)
)
async def hold_audition(wanted: AuditionIn, hearing: Hearing, caller: Reader, dry_run: bool = False) -> Response:
    """One sentence in up to six voices, at the same time. With `dry_run` only what it will take."""
    chosen = dict.fromkeys((voice.platform, voice.id) for voice in wanted.voices)
    wishes = [
        Wish(platform, voice_id, wanted.text, wanted.language, wanted.settings()) for platform, voice_id in chosen
    ]
    results = await audition(hearing, wishes, caller.owner, dry_run=dry_run)
    shown = [views.auditioned(one) for one in results]
    return JsonResponse({"text": wanted.text, "results": shown, "quota_left": await hearing.quota_left()})


@router.get("/previews/{sha}", responses=RESPONSE_AUDIO | problem_responses(401, 403, 404))
async def kept_preview(
    sha: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], request: Request, hearing: Hearing, caller: Reader
) -> Response:
    """Audio that was heard before, as an audition names it."""
    return _audio(request, await hearing.kept(sha))


@router.get("/{platform}/{voice_id}", response_model=VoiceOut, responses=_LIST | problem_responses(404))
async def show_voice(platform: str, voice_id: str, service: Service, caller: Reader) -> Response:
    """One voice."""
    voice, listing = await service.get(platform, voice_id)
    unavailable = [platform] if listing.trouble else []
    headers = views.list_headers(Found([voice], [listing], unavailable))
    return JsonResponse(views.voice(voice), headers=headers)


@router.get(
    "/{platform}/{voice_id}/matches",
    response_model=list[MatchOut],
    responses=problem_responses(401, 403, 404, 424, 503),
)
async def list_matches(
    platform: str,
    voice_id: str,
    service: Service,
    caller: Reader,
    on: Annotated[str | None, Query(alias="platform", max_length=60)] = None,
    language: Annotated[Language | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 5,
) -> Response:
    """Voices that come closest to this one, on `platform` or on all others, with reasons."""
    found = await service.matches(platform, voice_id, on=on, language=language, limit=limit)
    return JsonResponse([views.match(one) for one in found])


@router.post("/{platform}/{voice_id}/preview", responses=_PREVIEW, response_model=QuoteOut)
async def preview_voice(
    platform: str,
    voice_id: str,
    request: Request,
    hearing: Hearing,
    caller: Reader,
    wanted: PreviewIn | None = None,
    dry_run: bool = False,
) -> Response:
    """The vendor's free sample as audio; with `text` your own sentence. With `dry_run` what it will take."""
    order = wanted or PreviewIn()
    wish = Wish(platform, voice_id, order.text, order.language, order.settings())
    if dry_run:
        return JsonResponse(views.quote(wish, await hearing.quote(wish)))
    return _audio(request, await hearing.hear(wish, caller.owner))


def _audio(request: Request, heard: Heard) -> Response:
    headers = views.audio_headers(heard)
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(heard.content, media_type=heard.media_type, headers=headers)


def _page(found: Found, cursor: str | None, limit: int) -> Page[dict[str, Any]]:
    """Pages go by platform, name and id, so that a refill in between moves nothing."""
    voices = list(found.voices)
    if cursor:
        after = decode_cursor(cursor, str, str, str)
        voices = [voice for voice in voices if _place(voice) > after]
    shown = voices[:limit]
    following = encode_cursor(*_place(shown[-1])) if len(voices) > limit else None
    return Page([views.voice(voice) for voice in shown], following, len(found.voices))


def _place(voice: Voice) -> tuple[str, str, str]:
    return voice.platform, voice.name.casefold(), voice.id
