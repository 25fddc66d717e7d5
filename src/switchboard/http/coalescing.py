"""Many concurrent questions, few queries, no cache."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from collections.abc import Set as AbstractSet
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_FETCH_SECONDS = 10.0


class Coalescer(Generic[K, V]):
    """Questions asked while a query is under way share the next one.

    Every answer is read from the source after its question was asked, so nothing is ever stale; under load one
    query serves dozens of requests. `aclose()` it at shutdown.
    """

    def __init__(self, fetch: Callable[[AbstractSet[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._fetch = fetch
        self._turn = asyncio.Lock()
        self._gathering: tuple[set[K], asyncio.Task[Mapping[K, V]]] | None = None
        self._flights: set[asyncio.Task[Mapping[K, V]]] = set()

    async def get(self, key: K) -> V | None:
        """What the source holds for `key` now. Raises what `fetch` raises; TimeoutError after 10 s."""
        if self._gathering is None:
            keys: set[K] = set()
            flight = asyncio.create_task(self._fly(keys))
            self._flights.add(flight)
            flight.add_done_callback(self._landed)
            self._gathering = keys, flight
        keys, flight = self._gathering
        keys.add(key)
        return (await asyncio.shield(flight)).get(key)

    async def aclose(self) -> None:
        flights = tuple(self._flights)
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    async def _fly(self, keys: AbstractSet[K]) -> Mapping[K, V]:
        async with self._turn:
            self._gathering = None
            async with asyncio.timeout(_FETCH_SECONDS):
                return await self._fetch(keys)

    def _landed(self, flight: "asyncio.Task[Mapping[K, V]]") -> None:
        self._flights.discard(flight)
        if not flight.cancelled():
            flight.exception()  # seen, even when everybody who asked has gone
