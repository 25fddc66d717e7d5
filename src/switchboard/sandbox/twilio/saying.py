"""`<Say>`, `<Play>` and `<Pause>`: what the carrier itself lets the callee hear.

Source: Twilio "TwiML <Say>", "TwiML <Play>", "TwiML <Pause>".
"""

import asyncio
import io
import wave
import xml.etree.ElementTree as ET
from urllib.parse import urljoin

import httpx

from switchboard.core.g711 import to_mu_law
from switchboard.sandbox.answers import beginning
from switchboard.sandbox.conversation.tape import LINE_RATE
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.studio import RATE
from switchboard.sandbox.speech.voices import timbre_for
from switchboard.sandbox.twilio.playout import Playout
from switchboard.sandbox.twilio.stage import Outcome, Stage, Step
from switchboard.sandbox.twilio.tones import keys_pressed
from switchboard.sandbox.twilio.wire import Wire

_WORDS_PER_SECOND = 2.5
_UNKNOWN_SOUND = 3.0
_FETCH_WITHIN = 10.0
_LARGEST_SOUND = 16 * 1024 * 1024
_HIGHEST_RATE = 96_000
_FOREVER = 1_000
"""Rounds of `loop="0"`; the call's time limit comes first."""
_MEN = ("man", "matthew", "joey", "brian", "justin", "russell", "geraint", "stephen", "gregory")


async def say(stage: Stage, verb: ET.Element) -> Outcome:
    """Read the text aloud; in a call that passes words, hand it over and let its time pass."""
    text = words(verb)
    for _ in range(stage.count(verb, "loop", 1, _FOREVER) or _FOREVER):
        wire = stage.party.wire
        if wire is None or stage.world.studio.why_not is not None:
            stage.party.person.hears(text)
            await stage.world.clock.sleep(len(text.split()) / _WORDS_PER_SECOND)
        else:
            await _read_aloud(stage, wire, text, verb.get("voice", ""))
    return Step.NEXT


async def play(stage: Stage, verb: ET.Element) -> Outcome:
    """Play a WAV file or keys. Other sound, and any in a call that passes words, is as long a silence."""
    rounds = stage.count(verb, "loop", 1, _FOREVER) or _FOREVER
    if digits := verb.get("digits"):
        sound: bytes | None = keys_pressed(digits)
    else:
        sound = await _fetched(stage, urljoin(stage.base, words(verb)))
    for _ in range(rounds):
        await _sound(stage, sound)
    return Step.NEXT


async def press(stage: Stage, digits: str) -> None:
    """Let the callee hear keys."""
    await _sound(stage, keys_pressed(digits))


async def pause(stage: Stage, verb: ET.Element) -> Outcome:
    await stage.world.clock.sleep(stage.count(verb, "length", 1))
    return Step.NEXT


def words(verb: ET.Element) -> str:
    """Text without mark-up and needless space."""
    return " ".join("".join(verb.itertext()).split())


async def _read_aloud(stage: Stage, wire: Wire, text: str, voice: str) -> None:
    name = voice.lower().rpartition(".")[2].partition("-")[0]
    timbre = timbre_for(voice or "alice", "male" if name in _MEN else "female")
    playout, resampler = Playout(), Resampler(RATE, LINE_RATE)
    with wire.playing(playout):
        async for pcm in stage.world.studio.says(text, timbre):
            playout.put(to_mu_law(resampler.feed(pcm)))
        playout.put(to_mu_law(resampler.feed(b"", last=True)))
        await playout.heard()


async def _sound(stage: Stage, mu_law: bytes | None) -> None:
    wire = stage.party.wire
    if mu_law is None:
        await stage.world.clock.sleep(_UNKNOWN_SOUND)
    elif wire is None:
        await stage.world.clock.sleep(len(mu_law) / LINE_RATE)
    else:
        playout = Playout()
        playout.put(mu_law)
        with wire.playing(playout):
            await playout.heard()


async def _fetched(stage: Stage, url: str) -> bytes | None:
    """A WAV file as mu-law; None for what is no such file."""
    try:
        async with (
            asyncio.timeout(_FETCH_WITHIN),
            stage.world.delivery.http.stream("GET", url, follow_redirects=True) as answer,
        ):
            file = await beginning(answer, _LARGEST_SOUND + 1)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        stage.call.warn(11200, f"nothing to play from {url}")
        return None
    if not answer.is_success or len(file) > _LARGEST_SOUND:
        stage.call.warn(11200, f"nothing to play from {url}")
        return None
    try:
        return await asyncio.to_thread(_mu_law, file)
    except (wave.Error, EOFError, ValueError):
        stage.call.notes.append(f"only WAV files of 16 bit PCM can be heard, not {url}")
        return None


def _mu_law(file: bytes) -> bytes:
    with wave.open(io.BytesIO(file)) as sound:
        usual = LINE_RATE <= sound.getframerate() <= _HIGHEST_RATE
        if sound.getsampwidth() != 2 or sound.getnchannels() != 1 or not usual:  # noqa: PLR2004 -- bytes of a sample
            raise ValueError
        return to_mu_law(
            Resampler(sound.getframerate(), LINE_RATE).feed(sound.readframes(sound.getnframes()), last=True)
        )
