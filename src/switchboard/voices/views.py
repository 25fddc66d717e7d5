"""Voices and previews as clients see them."""

import math
from dataclasses import asdict
from typing import Any

from switchboard.core.money import Money
from switchboard.providers.normalised import SpeechCost, Voice
from switchboard.voices.audition import Auditioned
from switchboard.voices.matching import Match
from switchboard.voices.schemas import VoiceOut
from switchboard.voices.service import Found
from switchboard.voices.wishes import Heard, Quote, Wish

_UNIT = "credits"


def voice(shown: Voice) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in VoiceOut.model_fields}


def match(found: Match) -> dict[str, Any]:
    parts = ("score", "speaks_language", "reasons", "differences")
    return {"voice": voice(found.voice), **{name: getattr(found, name) for name in parts}}


def list_headers(found: Found) -> dict[str, str]:
    """`Age` in seconds of the oldest list shown; which lists are stale; which platforms cannot be asked now."""
    headers = {"Age": str(math.floor(max((listing.age_seconds for listing in found.listings), default=0)))}
    stale = [listing.platform for listing in found.listings if listing.stale]
    if stale:
        headers["X-Stale"] = ", ".join(stale)
    if found.unavailable:
        headers["X-Unavailable"] = ", ".join(found.unavailable)
    return headers


def audio_headers(heard: Heard) -> dict[str, str]:
    """Kept audio never changes: its address is the hash of what it was made from."""
    headers = {
        "ETag": f'"{heard.sha}"',
        "Cache-Control": "private, max-age=86400",
        "X-Preview-Cached": "true" if heard.kept else "false",
        "X-Preview-Characters": str(heard.characters),
    }
    if heard.charged is not None and not heard.kept:
        headers["X-Preview-Charged"] = str(heard.charged)
    return headers


def quote(wish: Wish, told: Quote) -> dict[str, Any]:
    return {
        "platform": wish.platform,
        "voice_id": wish.voice_id,
        "characters": told.speech.characters if told.speech else 0,
        "charge": None if told.kept else _charge(told.speech),
        "cost": _money(told),
        "cached": told.kept,
        "quota_left": told.quota_left,
    }


def auditioned(one: Auditioned) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "platform": one.wish.platform,
        "id": one.wish.voice_id,
        "status": one.status,
        "audio": None,
        "media_type": None,
        "cached": None,
        "characters": None,
        "charge": None,
        "error": {"code": one.error.slug, "detail": one.error.detail} if one.error else None,
    }
    if one.heard is not None:
        shown |= _heard(one.heard)
    if one.quote is not None:
        told = quote(one.wish, one.quote)
        shown |= {name: told[name] for name in ("cached", "characters", "charge")}
    return shown


def _heard(heard: Heard) -> dict[str, Any]:
    charged = None if heard.kept or heard.charged is None else {"amount": heard.charged, "unit": _UNIT}
    return {
        "audio": f"/api/v1/voices/previews/{heard.sha}",
        "media_type": heard.media_type,
        "cached": heard.kept,
        "characters": heard.characters,
        "charge": charged,
    }


def _charge(speech: SpeechCost | None) -> dict[str, Any] | None:
    return (
        {name: value for name, value in asdict(speech).items() if name in {"amount", "unit"}} if speech else None
    )


def _money(told: Quote) -> dict[str, str] | None:
    free = told.kept or told.speech is None
    cost = Money(0) if free else told.speech.cost if told.speech else None
    return {"amount": cost.amount, "currency": cost.currency} if cost else None
