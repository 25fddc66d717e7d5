"""Voices, models and the account. Source: Ultravox "Voices", "Models", "Accounts" (fact sheet 4)."""

import zlib
from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.speech.aloud import Voice, said
from switchboard.sandbox.speech.voices import timbre_for
from switchboard.sandbox.ultravox import voices
from switchboard.sandbox.ultravox.errors import UltravoxRoute, bad_field, not_found
from switchboard.sandbox.ultravox.requests import duration, json_object, page
from switchboard.sandbox.ultravox.state import Account, State
from switchboard.sandbox.ultravox.template import MODELS

_PREVIEW_FORMAT = "wav_24000"


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/api", route_class=UltravoxRoute)

    @routes.get("/voices")
    async def list_voices(request: Request) -> dict[str, Any]:
        state.account(request)
        listed = voices.catalogue(state.extra_voices, state.withdrawn_voices)
        shown = [voices.as_json(one, _base(request)) for one in listed]
        return page(request, [voice for voice in shown if _fits(voice, request)])

    @routes.get("/voices/{voice_id}")
    async def get_voice(voice_id: str, request: Request) -> dict[str, Any]:
        state.account(request)
        return voices.as_json(_speaker(state, voice_id), _base(request))

    @routes.get("/voices/{voice_id}/preview")
    async def preview_voice(voice_id: str, request: Request) -> Response:
        state.account(request)
        speaker = _speaker(state, voice_id)
        return await _sample(state, speaker.name, speaker.voice)

    @routes.post("/voice_preview")
    async def preview_definition(request: Request) -> Response:
        state.account(request)
        wanted = await json_object(request)
        definition = wanted.get("definition")
        if not isinstance(definition, dict) or len(definition) != 1:
            raise bad_field("definition", "Exactly one provider must be set.")
        # A voice of another maker has no entry here: its definition alone decides how it sounds.
        key = repr(definition)
        voice = Voice(timbre_for(key), 150 + 10 * (zlib.crc32(key.encode()) % 20))
        return await _sample(state, str(wanted.get("name") or "as you wish"), voice)

    @routes.get("/models")
    async def list_models(request: Request) -> dict[str, Any]:
        state.account(request)
        return page(request, [{"name": name} for name in MODELS])

    @routes.get("/accounts/me")
    async def my_account(request: Request) -> dict[str, Any]:
        return _account(state, state.account(request))

    @routes.get("/accounts")
    async def list_accounts(request: Request) -> list[dict[str, Any]]:
        return [_account(state, state.account(request))]

    return routes


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


async def _sample(state: State, name: str, voice: Voice) -> Response:
    sound = await said(state.world.studio, voices.preview_text(name), voice, _PREVIEW_FORMAT)
    return Response(sound, media_type="audio/wav")


def _speaker(state: State, voice_id: str) -> voices.Speaker:
    found = voices.find(voice_id)
    if found is not None and voices.voice_id(found) in state.withdrawn_voices:
        found = None
    if found is None:
        raise not_found("Voice")
    return found


def _fits(voice: dict[str, Any], request: Request) -> bool:
    query = request.query_params
    providers = {one.replace("_", "").casefold() for one in query.getlist("provider")}
    language = (query.get("primaryLanguage") or "").casefold()
    searched = f"{voice['name']} {voice['description']} {voice['languageLabel']}".casefold()
    return (
        (not providers or voice["provider"].replace(" ", "").casefold() in providers)
        and voice["primaryLanguage"].casefold().startswith(language)
        and query.get("ownership") in (None, voice["ownership"])
        and query.get("billingStyle") in (None, voice["billingStyle"])
        and (query.get("search") or "").casefold() in searched
    )


def _account(state: State, account: Account) -> dict[str, Any]:
    used = min(account.used_seconds, account.free_seconds)
    return {
        "accountId": account.account_id,
        "name": "Sandbox account",
        "billingUrl": None,
        "freeTimeUsed": duration(used),
        "freeTimeRemaining": duration(account.free_seconds_left),
        "hasActiveSubscription": state.settings.subscription,
        "subscriptionTier": "PAYGO" if state.settings.subscription else None,
        "subscriptionCadence": None,
        "subscriptionExpiration": None,
        "subscriptionScheduledUpdate": None,
        "subscriptionRenewal": None,
        "activeCalls": account.active_calls,
        "allowedConcurrentCalls": state.limits.concurrent_calls,
        "allowedVoices": 1,
        "allowedCorpora": 2,
    }
