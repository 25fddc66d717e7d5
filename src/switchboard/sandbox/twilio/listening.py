"""The carrier's own ears: what the callee says to `<Gather>` and `<Record>`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from switchboard.core.g711 import from_mu_law
from switchboard.sandbox.conversation.tape import LINE_RATE
from switchboard.sandbox.speech.listener import Heard
from switchboard.sandbox.speech.rates import Resampler
from switchboard.sandbox.speech.studio import RATE, Studio
from switchboard.sandbox.twilio.wire import Wire

_MOST_FRAMES = 500
"""Ten seconds; recognition that is further behind loses the rest."""


@asynccontextmanager
async def ears(wire: Wire, studio: Studio, pause: float) -> AsyncIterator[AsyncIterator[Heard]]:
    """What is heard of the callee from now on. `pause`: seconds of silence that end what is said."""
    frames: asyncio.Queue[bytes] = asyncio.Queue()

    def keep(said: bytes, _played: bytes) -> None:
        if frames.qsize() < _MOST_FRAMES:
            frames.put_nowait(said)

    with wire.tapped(keep):
        yield _heard(frames, studio, pause)


async def _heard(frames: asyncio.Queue[bytes], studio: Studio, pause: float) -> AsyncIterator[Heard]:
    listener, resampler = studio.listener(pause=pause, partials=False), Resampler(LINE_RATE, RATE)
    while True:
        for heard in await listener.feed(resampler.feed(from_mu_law(await frames.get()))):
            yield heard
