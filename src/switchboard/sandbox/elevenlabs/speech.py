"""Text to speech, in the voice's timbre; languages other than English are read as if they were English.

Source: ElevenLabs "Text to speech" (fact sheet 1.3, 1.4, 7.2). Of the formats, Opus is not made.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from switchboard.sandbox.elevenlabs import catalog
from switchboard.sandbox.elevenlabs.errors import ElevenLabsError, ElevenLabsRoute, refused, unprocessable
from switchboard.sandbox.elevenlabs.limits import out_of_credits
from switchboard.sandbox.elevenlabs.requests import choice, json_object, text
from switchboard.sandbox.elevenlabs.state import Account, State
from switchboard.sandbox.speech import aloud
from switchboard.sandbox.speech.encoding import media_type

_DEFAULT_MODEL = "eleven_multilingual_v2"
_FORMATS = (
    *(
        f"mp3_{kind}"
        for kind in ("22050_32", "24000_48", "44100_32", "44100_64", "44100_96", "44100_128", "44100_192")
    ),
    *(f"{kind}_{rate}" for kind in ("pcm", "wav") for rate in (8000, 16000, 22050, 24000, 32000, 44100, 48000)),
    *(f"opus_48000_{rate}" for rate in (32, 64, 96, 128, 192)),
    "ulaw_8000",
    "alaw_8000",
)
_NEEDS_PRO = {"pcm_44100", "pcm_48000", "wav_44100", "wav_48000"}
_RANGES = {"stability": (0.0, 1.0), "similarity_boost": (0.0, 1.0), "style": (0.0, 1.0), "speed": (0.7, 1.2)}
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class _Order:
    """What to say, checked and paid."""

    text: str
    voice: aloud.Voice
    output_format: str
    speed: float
    headers: Mapping[str, str]


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/text-to-speech", route_class=ElevenLabsRoute)
    studio = state.world.studio

    @routes.post("/{voice_id}")
    async def speak(voice_id: str, request: Request) -> Response:
        order = await _ordered(state, voice_id, request)
        sound = await aloud.said(studio, order.text, order.voice, order.output_format, order.speed)
        return Response(sound, media_type=media_type(order.output_format), headers=dict(order.headers))

    @routes.post("/{voice_id}/stream")
    async def stream(voice_id: str, request: Request) -> Response:
        order = await _ordered(state, voice_id, request)
        sound = aloud.says(studio, order.text, order.voice, order.output_format, order.speed)
        return StreamingResponse(sound, media_type=media_type(order.output_format), headers=dict(order.headers))

    return routes


async def _ordered(state: State, voice_id: str, request: Request) -> _Order:
    """Everything is checked before anything is charged. Raises: ElevenLabsError."""
    account = state.account(request)
    speaker = catalog.speaker(state, voice_id)
    body = await json_object(request)
    said, wanted = text(body, "text"), _format(request, account)
    _check_model(body, said)
    speed = _settings(body).get("speed", 1.0)
    if speaker.from_library and account.tier == "free":
        message = "Free users cannot use library voices via the API."
        raise refused(402, "paid_plan_required", message, legacy="payment_required")
    _charge(state, account, len(said))
    headers = {"character-cost": str(len(said)), "request-id": uuid4().hex, "x-region": "sandbox"}
    return _Order(said, speaker.voice, wanted, speed, headers)


def _format(request: Request, account: Account) -> str:
    wanted = choice(request, "output_format", _FORMATS, "mp3_44100_128") or ""
    if wanted in _NEEDS_PRO or (wanted == "mp3_44100_192" and account.tier == "free"):
        message = f"The output format {wanted} is not in your subscription."
        raise refused(403, "subscription_required", message, legacy="output_format_not_allowed")
    if wanted.startswith("opus"):
        raise refused(400, "invalid_parameters", f"The sandbox does not make {wanted}.", param="output_format")
    return wanted


def _check_model(body: dict[str, Any], said: str) -> None:
    model = text(body, "model_id", _DEFAULT_MODEL)
    if model not in catalog.SPEECH_MODELS:
        message = f"A model with model ID {model} does not exist."
        raise refused(400, "unsupported_model", message, param="model_id", legacy="model_not_found")
    _, longest, languages = catalog.SPEECH_MODELS[model]
    if not said.strip():
        raise refused(400, "empty_text", "The text is empty.", param="text")
    if len(said) > longest:
        message = f"The text has {len(said)} characters; {model} takes {longest}."
        raise refused(400, "text_too_long", message, param="text", legacy="max_character_limit_exceeded")
    language = body.get("language_code")
    if language is not None and (not _LANGUAGE.fullmatch(str(language)) or language not in languages):
        message = f"Model {model} does not support the language {language}."
        raise refused(400, "invalid_parameters", message, param="language_code", legacy="unsupported_language")


def _settings(body: dict[str, Any]) -> dict[str, float]:
    """The voice's settings, each within its range."""
    given = body.get("voice_settings") or {}
    if not isinstance(given, dict):
        raise unprocessable(("body", "voice_settings"), "Input should be a valid dictionary", "dict_type", given)
    for name, (least, most) in _RANGES.items():
        value = given.get(name)
        if value is not None and not (isinstance(value, int | float) and least <= value <= most):
            raise _bad_setting(name, least, most)
    return {name: float(value) for name, value in given.items() if isinstance(value, int | float)}


def _bad_setting(name: str, least: float, most: float) -> ElevenLabsError:
    return refused(
        400, "invalid_voice_settings", f"{name} must be within {least} and {most}.", param="voice_settings"
    )


def _charge(state: State, account: Account, credit: int) -> None:
    """Raises: ElevenLabsError 401 or 402 when the credits do not suffice."""
    left = account.credits - account.used_credits
    if credit > left:
        message = (
            f"This request exceeds your quota. You have {left} credits remaining, while {credit} are required."
        )
        raise out_of_credits(state.limits, message)
    account.used_credits += credit
