"""Voices, their samples, and models. Source: ElevenLabs "Voices", "Models" (fact sheet 7)."""

from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.elevenlabs import voices
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, not_found
from switchboard.sandbox.elevenlabs.requests import choice, page
from switchboard.sandbox.elevenlabs.state import State
from switchboard.sandbox.speech.aloud import said

_VOICE_PAGE = 10
_PREVIEW_FORMAT = "mp3_44100_64"
_LABELS = {"gender": "gender", "age": "age", "language": "language", "accent": "accent", "use_cases": "use_case"}
_CATEGORIES = ("premade", "cloned", "generated", "professional")
SPEECH_MODELS = {
    "eleven_multilingual_v2": ("Eleven Multilingual v2", 10_000, ("en", "es", "de", "fr", "pt", "it", "ja")),
    "eleven_flash_v2_5": ("Eleven Flash v2.5", 40_000, ("en", "es", "de", "fr", "pt", "it", "ja")),
    "eleven_turbo_v2_5": ("Eleven Turbo v2.5", 40_000, ("en", "es", "de", "fr", "pt", "it", "ja")),
    "eleven_flash_v2": ("Eleven Flash v2", 30_000, ("en",)),
    "eleven_turbo_v2": ("Eleven Turbo v2", 30_000, ("en",)),
}
_MOST_ANSWER_TOKENS = 8192
_LLMS = (
    ("gemini-2.5-flash", 1_048_576),
    ("gemini-2.0-flash", 1_048_576),
    ("gpt-4o", 128_000),
    ("gpt-4o-mini", 128_000),
    ("claude-sonnet-4", 200_000),
    ("qwen3-30b-a3b", 131_072),
)


def router(state: State) -> APIRouter:
    routes = APIRouter(route_class=ElevenLabsRoute)

    @routes.get("/v2/voices")
    async def search_voices(request: Request) -> dict[str, Any]:
        state.account(request)
        found = _found(request, _listed(state))
        shown, token = page(request, found, lambda one: one.id, default=_VOICE_PAGE, parameter="next_page_token")
        return {
            "voices": [voices.as_json(one, _base(request)) for one in shown],
            "has_more": token is not None,
            "total_count": len(found),
            "next_page_token": token,
        }

    @routes.get("/v1/voices")
    async def list_voices(request: Request) -> dict[str, Any]:
        state.account(request)
        return {"voices": [voices.as_json(one, _base(request)) for one in _listed(state)]}

    @routes.get("/v1/voices/{voice_id}")
    async def get_voice(voice_id: str, request: Request) -> dict[str, Any]:
        state.account(request)
        return voices.as_json(speaker(state, voice_id), _base(request))

    @routes.get("/_sandbox/elevenlabs/previews/{voice_id}.mp3")
    async def preview(voice_id: str) -> Response:
        return await _sound(state, speaker(state, voice_id))

    _add_models(routes, state)
    return routes


def _add_models(routes: APIRouter, state: State) -> None:
    @routes.get("/v1/models")
    async def list_models(request: Request) -> list[dict[str, Any]]:
        state.account(request)
        return [
            {
                "model_id": model_id,
                "name": name,
                "description": f"{name}, a text to speech model.",
                "can_do_text_to_speech": True,
                "can_use_style": True,
                "can_use_speaker_boost": True,
                "languages": [{"language_id": code, "name": code} for code in languages],
                "maximum_text_length_per_request": longest,
                "model_rates": {"character_cost_multiplier": 1.0},
            }
            for model_id, (name, longest, languages) in SPEECH_MODELS.items()
        ]

    @routes.get("/v1/convai/llm/list")
    async def list_llms(request: Request) -> dict[str, Any]:
        state.account(request)
        return {
            "llms": [
                {
                    "llm": name,
                    "is_checkpoint": False,
                    "max_tokens_limit": _MOST_ANSWER_TOKENS,
                    "max_context_limit": limit,
                    "supports_image_input": True,
                    "supports_document_input": False,
                    "supports_parallel_tool_calls": False,
                    "available_reasoning_efforts": None,
                    "available_service_tiers": ["default"],
                    "deprecation_info": None,
                }
                for name, limit in _LLMS
            ],
            "default_deprecation_config": {
                "warning_start_days": 30,
                "fallback_start_days": 14,
                "fallback_complete_days": 0,
                "fallback_start_percentage": 10,
                "fallback_complete_percentage": 100,
            },
        }


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def speaker(state: State, voice_id: str) -> voices.Speaker:
    """Raises: ElevenLabsError 404."""
    found = None if voice_id in state.withdrawn_voices else voices.find(voice_id)
    if found is None:
        raise not_found("voice", voice_id)
    return found


def _listed(state: State) -> list[voices.Speaker]:
    return voices.catalogue(state.extra_voices, state.withdrawn_voices)


async def _sound(state: State, heard: voices.Speaker) -> Response:
    sound = await said(state.world.studio, voices.preview_text(heard), heard.voice, _PREVIEW_FORMAT)
    return Response(sound, media_type="audio/mpeg")


def _found(request: Request, listed: list[voices.Speaker]) -> list[voices.Speaker]:
    query = request.query_params
    search, category = (query.get("search") or "").casefold(), choice(request, "category", _CATEGORIES)
    ids = query.getlist("voice_ids")
    found = [
        one
        for one in listed
        if search in f"{one.name} {one.description} {one.language} {one.accent} {one.use_case}".casefold()
        and category in (None, one.category)
        and (not ids or one.id in ids)
        and _type_fits(one, query.get("voice_type"))
        and all(query[name] == getattr(one, label) for name, label in _LABELS.items() if name in query)
    ]
    descending = choice(request, "sort_direction", ("asc", "desc"), "desc") == "desc"
    if choice(request, "sort", ("created_at_unix", "name")) == "name":
        return sorted(found, key=lambda one: one.name.casefold(), reverse=descending)
    return found


def _type_fits(speaker: voices.Speaker, wanted: str | None) -> bool:
    default, community = speaker.category == "premade", speaker.from_library
    fits = {
        "default": default,
        "non-default": not default,
        "community": community,
        "non-community": not community,
        "personal": speaker.category in ("cloned", "generated"),
    }
    return fits.get(wanted or "", True)
