"""`python -m bench.talk`: conversations in the browser, aloud, through the product and the sandbox' platforms."""

import asyncio
import json
import statistics
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.measures import Figure
from bench.speech import SENTENCES, distance, words
from bench.stage import KEY, Stage, stage
from switchboard.sandbox.speech.studio import RATE, Studio
from switchboard.sandbox.speech.voices import PALETTE

PLATFORMS = {"ultravox": "16 kHz", "elevenlabs": "8 kHz mu-law"}
AGENT = {
    "name": "Front desk",
    "prompt": "You are the front desk of a hotel. We open at nine. Breakfast costs twelve euros. Parking is free.",
    "first_message": "Front desk, hello.",
}
LINES = 4
_FRAME = RATE // 25 * 2
_BYTES_PER_SECOND = RATE * 2
_QUIET = 400
_GIVE_UP_SECONDS = 25.0


@dataclass
class Asked:
    """One sentence and what came of it."""

    heard: str = ""
    caption: str = ""
    sound: bytearray = field(default_factory=bytearray)
    spoken_at: float = 0.0
    """When the last loud sample was sent; loop time, as the others."""
    first_sound_at: float = 0.0
    latest: float = 0.0
    """Seconds by which the worst frame came after its time, for a page that plays from the first frame on."""
    due: float | None = None
    """When the next frame has to be here; None before the first of a turn."""

    def take_sound(self, pcm: bytes, now: float) -> None:
        if not self.sound:
            self.first_sound_at = now
        due = now if self.due is None else self.due
        self.latest = max(self.latest, now - due)
        self.due = due + len(pcm) / _BYTES_PER_SECOND
        self.sound += pcm


class Talker:
    """A person at a page who speaks one sentence after the other."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def begin(self) -> None:
        await self._socket.send(json.dumps({"type": "start", "mode": "voice"}))
        await self._answer(Asked())

    async def ask(self, sound: bytes) -> Asked:
        asked = Asked()
        speaking = asyncio.create_task(self._speak(sound, asked))
        try:
            await self._answer(asked)
        finally:
            await speaking
        return asked

    async def _speak(self, sound: bytes, asked: Asked) -> None:
        now = asyncio.get_running_loop().time
        last_word, padded = _last_loud(sound), sound + bytes(_FRAME * 25)
        began = now()
        for at in range(0, len(padded), _FRAME):
            await asyncio.sleep(max(0.0, began + at / _BYTES_PER_SECOND - now()))
            await self._socket.send(padded[at : at + _FRAME])
            if at <= last_word:
                asked.spoken_at = now()

    async def _answer(self, asked: Asked) -> None:
        """Take in frames until the agent has answered, and listens again or has hung up."""
        async with asyncio.timeout(_GIVE_UP_SECONDS):
            while True:
                frame = await self._socket.recv()
                if isinstance(frame, bytes):
                    asked.take_sound(frame, asyncio.get_running_loop().time())
                elif _take(asked, json.loads(frame)):
                    return


def _take(asked: Asked, frame: dict[str, Any]) -> bool:
    if frame["type"] == "state" and frame["state"] != "speaking":
        asked.due = None
    if frame["type"] == "caption" and frame["final"]:
        if frame["role"] == "agent":
            asked.caption = frame["text"]
        else:
            asked.heard = frame["text"]
    over = frame == {"type": "state", "state": "listening"} or frame["type"] == "ended"
    return over and bool(asked.caption) and bool(asked.sound)


async def understood(on: Stage, studio: Studio, platform: str, sentences: Sequence[str]) -> list[Figure]:
    """Each sentence is said to an agent; how much of it was heard, and how its answer sounds."""
    sounds = [await studio.say(sentence, _voice(number)) for number, sentence in enumerate(sentences)]
    asked = await _ask_all(on, await _agent(on, platform), sounds)
    heard = error_rate(sentences, [one.heard for one in asked])
    answers = [one.caption for one in asked]
    aloud = error_rate(answers, [await studio.hear(bytes(one.sound)) for one in asked])
    waits = sorted(one.first_sound_at - one.spoken_at for one in asked)
    about = f"{platform} ({PLATFORMS[platform]}), {len(asked)} sentences"
    limit = 30 if platform == "ultravox" else None
    return [
        Figure(f"{about}: words of the caller heard wrong", heard, "%", at_most=limit),
        Figure(f"{about}: words of the answers unlike their captions", aloud, "%", at_most=limit),
        Figure(f"{about}: from the last word to the first sound, median", 1000 * statistics.median(waits), "ms"),
        Figure(
            f"{about}: from the last word to the first sound, p90",
            1000 * waits[int(0.9 * (len(waits) - 1))],
            "ms",
            at_most=1500,
        ),
    ]


async def lines_at_once(on: Stage, studio: Studio, lines: int = LINES) -> list[Figure]:
    """So many conversations at once, over both platforms: do their voices keep time?"""
    agents = [await _agent(on, platform) for platform in PLATFORMS]
    sounds = [[await studio.say(text, _voice(n)) for text in SENTENCES[3 * n : 3 * n + 3]] for n in range(lines)]
    talks = (_ask_all(on, agents[n % len(agents)], sounds[n]) for n in range(lines))
    asked = [one for found in await asyncio.gather(*talks) for one in found]
    waits = sorted(one.first_sound_at - one.spoken_at for one in asked)
    about = f"{lines} conversations at once"
    late = sorted(one.latest for one in asked)
    return [
        Figure(f"{about}: turn whose audio comes late, median by", 1000 * statistics.median(late), "ms"),
        Figure(f"{about}: turn whose audio comes late, worst by", 1000 * late[-1], "ms", at_most=300),
        Figure(f"{about}: from the last word to the first sound, median", 1000 * statistics.median(waits), "ms"),
        Figure(f"{about}: from the last word to the first sound, worst", 1000 * waits[-1], "ms"),
    ]


async def _ask_all(on: Stage, agent_id: str, sounds: Sequence[bytes]) -> list[Asked]:
    """Every sentence in turn; a conversation that the agent ends is followed by another."""
    asked: list[Asked] = []
    tries = 0
    while len(asked) < len(sounds):
        tries += 1
        if tries > len(sounds):
            raise RuntimeError("conversations keep ending")
        async with _page(on, agent_id) as socket:
            talker = Talker(socket)
            try:
                await talker.begin()
                while len(asked) < len(sounds):
                    asked.append(await talker.ask(sounds[len(asked)]))
                await socket.send(json.dumps({"type": "hangup"}))
            except (ConnectionClosed, TimeoutError):
                continue
    return asked


def _page(on: Stage, agent_id: str) -> connect:
    url = f"ws://127.0.0.1:{on.api_port}/api/v1/agents/{agent_id}/talk"
    return connect(url, additional_headers={"X-API-Key": KEY}, proxy=None, compression=None)


async def _agent(on: Stage, platform: str) -> str:
    async with httpx.AsyncClient(base_url=on.api, headers={"X-API-Key": KEY}, timeout=30, trust_env=False) as api:
        made = await api.post("/api/v1/agents", json=AGENT | {"platform": platform})
        return str(made.raise_for_status().json()["id"])


def error_rate(said: Sequence[str], heard: Sequence[str]) -> float:
    """Words understood wrong, in percent of all words."""
    pairs = [(words(a), words(b)) for a, b in zip(said, heard, strict=True)]
    return 100 * sum(distance(a, b) for a, b in pairs) / max(1, sum(len(a) for a, _ in pairs))


def _voice(number: int) -> Any:
    voices = list(PALETTE.values())
    return voices[number % len(voices)]


def _last_loud(sound: bytes) -> int:
    """The byte after which there is only silence."""
    samples = array("h", sound)
    return 2 * max((n for n, sample in enumerate(samples) if abs(sample) > _QUIET), default=0)


async def talk(on: Stage, *, sentences: Sequence[str] = SENTENCES, lines: int = LINES) -> list[Figure]:
    """All measures of talk, with a worker running; none where speech is not installed."""
    studio = Studio()
    if studio.why_not is not None:
        print(studio.why_not)
        return []
    await studio.hear(await studio.say("Warm up.", _voice(0)))
    figures: list[Figure] = []
    for platform in PLATFORMS:
        figures += await understood(on, studio, platform, sentences)
    figures += await lines_at_once(on, studio, lines)
    await studio.close()
    return figures


def main() -> None:
    with stage() as on:
        on.start("switchboard", "worker")
        for figure in asyncio.run(talk(on)):
            print(f"{figure.name}: {figure.value:.1f} {figure.unit}")


if __name__ == "__main__":
    main()
