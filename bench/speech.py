"""`python -m bench.speech`: how well the sandbox' voices are understood, and how fast it speaks and listens."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from rich.console import Console
from rich.table import Table

from bench.measures import Figure
from switchboard.core import g711
from switchboard.sandbox.speech.listener import Listener, SpeechEnded
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.studio import RATE, Studio, Timbre
from switchboard.sandbox.speech.voices import PALETTE

SENTENCES = (
    "Good morning, this is the front desk, how can I help you?",
    "I would like to book a table for tomorrow evening.",
    "Could you please tell me your name and your address?",
    "The package was sent last week but it never arrived.",
    "I am calling because my invoice is wrong.",
    "Thank you very much for your patience.",
    "We are open from nine in the morning until six in the evening.",
    "Can I speak with somebody about my account?",
    "Your appointment is on Monday at three in the afternoon.",
    "I do not remember my password any more.",
    "Please hold the line while I look that up for you.",
    "The weather is nice today, so we will walk to the park.",
    "How much does the small one cost?",
    "I will call you back in ten minutes.",
    "She would like to change her flight to Friday.",
    "Is there anything else that I can do for you?",
    "My daughter has an appointment with the doctor.",
    "That sounds good, let us do it that way.",
    "The train leaves from the second platform.",
    "No, I am not interested, please do not call again.",
)
LONG = "I have looked into your order, and it left our warehouse on Tuesday. " * 2
LINES = 4


@dataclass(frozen=True)
class Understood:
    voice: str
    wide: float
    telephone: float


async def word_errors(studio: Studio, sentences: Sequence[str] = SENTENCES) -> list[Understood]:
    """Share of words that Moonshine gets wrong, per voice: at 16 kHz, and through 8 kHz mu-law."""
    found = []
    for name, timbre in PALETTE.items():
        wide = telephone = spoken = 0
        for sentence in sentences:
            sound = await studio.say(sentence, timbre)
            wanted = words(sentence)
            spoken += len(wanted)
            wide += distance(wanted, words(await studio.hear(sound)))
            telephone += distance(wanted, words(await studio.hear(_through_the_telephone(sound))))
        found.append(Understood(name, 100 * wide / spoken, 100 * telephone / spoken))
    return found


async def speed(studio: Studio) -> list[Figure]:
    """Seconds of work for a second of sound, and until the first of it is there."""
    timbre = Timbre(pitch=1.6, tract=1.13)
    await studio.hear(await studio.say("Warm up.", timbre))
    begun = time.perf_counter()
    first = await anext(studio.says(LONG + "One.", timbre))
    first_after = time.perf_counter() - begun
    begun = time.perf_counter()
    sound = first + await studio.say(LONG.replace("Tuesday", "Wednesday"), timbre)
    speaking = (time.perf_counter() - begun) / _seconds(sound[len(first) :])
    begun = time.perf_counter()
    await studio.hear(sound)
    return [
        Figure("say: work for a second of sound", speaking, "ratio", at_most=0.5),
        Figure("say: until the first piece", 1000 * first_after, "ms", at_most=1000),
        Figure(
            "hear: work for a second of sound",
            (time.perf_counter() - begun) / _seconds(sound),
            "ratio",
            at_most=0.3,
        ),
    ]


async def lines_at_once(studio: Studio, lines: int = LINES) -> list[Figure]:
    """So many lines with an agent and a person each, in real time: how late words come after a pause of 0.5 s."""
    late = sorted(chain.from_iterable(await asyncio.gather(*(_line(studio, number) for number in range(lines)))))
    return [
        Figure(f"{lines} lines at once: words after the pause, median", 1000 * late[len(late) // 2], "ms"),
        Figure(f"{lines} lines at once: words after the pause, worst", 1000 * late[-1], "ms", at_most=2000),
    ]


async def _line(studio: Studio, number: int) -> list[float]:
    """Two parties take turns, three each; both are listened to all the time."""
    timbres = list(PALETTE.values())
    ears = studio.listener(), studio.listener()
    late = []
    for turn in range(6):
        sentence = f"{SENTENCES[(5 * number + turn) % len(SENTENCES)]} This is line {number}, turn {turn}."
        sound = await studio.say(sentence, timbres[(number + turn) % len(timbres)])
        speaking, silent = (ears[0], ears[1]) if turn % 2 else (ears[1], ears[0])
        late.append(await _pace(sound + bytes(2 * RATE), speaking, silent))
    return late


async def _pace(sound: bytes, speaking: Listener, silent: Listener) -> float:
    """20 ms at a time as a line brings them; seconds between the end of the pause and the words."""
    begun, chunk = time.perf_counter(), RATE // 50 * 2
    for at in range(0, len(sound), chunk):
        await asyncio.sleep(max(0.0, begun + at / chunk * 0.02 - time.perf_counter()))
        await silent.feed(bytes(chunk))
        for heard in await speaking.feed(sound[at : at + chunk]):
            if isinstance(heard, SpeechEnded):
                return time.perf_counter() - begun - (at + chunk) / 2 / RATE
    raise AssertionError("no end was heard")


def _seconds(sound: bytes) -> float:
    return len(sound) / 2 / RATE


def _through_the_telephone(sound: bytes) -> bytes:
    narrow = Resampler(RATE, 8000).feed(sound, last=True)
    return Resampler(8000, RATE).feed(g711.from_mu_law(g711.to_mu_law(narrow)), last=True)


def words(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9 ]", "", text.lower().replace("-", " ")).split()


def distance(wanted: Sequence[str], heard: Sequence[str]) -> int:
    row = list(range(len(heard) + 1))
    for index, word in enumerate(wanted, 1):
        before, row[0] = row[0], index
        for place, other in enumerate(heard, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1]


def show(understood: Sequence[Understood]) -> None:
    table = Table(title="words understood wrong, %")
    for heading in ("voice", "16 kHz", "8 kHz mu-law"):
        table.add_column(heading, justify="left" if heading == "voice" else "right")
    for one in understood:
        table.add_row(one.voice, f"{one.wide:.1f}", f"{one.telephone:.1f}")
    Console().print(table)


async def speech() -> list[Figure]:
    """Prints the table of voices and answers the figures; none where speech is not installed."""
    studio = Studio()
    if studio.why_not is not None:
        print(studio.why_not)
        return []
    understood = await word_errors(studio)
    show(understood)
    worst = max(understood, key=lambda one: one.wide)
    figures = [Figure(f"words understood wrong, worst voice ({worst.voice})", worst.wide, "%", at_most=30)]
    figures += await speed(studio)
    figures += await lines_at_once(studio)
    await studio.close()
    return figures


if __name__ == "__main__":
    for figure in asyncio.run(speech()):
        print(f"{figure.name}: {figure.value:.2f} {figure.unit}")
