"""One sentence in several voices, side by side."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from switchboard.core.errors import SwitchboardError
from switchboard.providers.errors import NotSupported
from switchboard.voices.previews import Previews
from switchboard.voices.wishes import Heard, Quote, Wish


@dataclass(frozen=True, slots=True)
class Auditioned:
    """How one voice did. `sample`: its platform speaks no texts, so this is the vendor's own sample."""

    wish: Wish
    status: Literal["spoken", "sample", "failed"]
    heard: Heard | None = None
    quote: Quote | None = None
    """In place of `heard` when only the cost was asked for."""
    error: SwitchboardError | None = None
    """Why there is nothing, or why it is only a sample."""


async def audition(previews: Previews, wishes: Sequence[Wish], owner: str, *, dry_run: bool) -> list[Auditioned]:
    """Every wish at the same time, in this order; one that fails does not keep the others from being heard."""
    return list(await asyncio.gather(*(_one(previews, wish, owner, dry_run) for wish in wishes)))


async def _one(previews: Previews, wish: Wish, owner: str, dry_run: bool) -> Auditioned:
    try:
        return await _tried(previews, wish, owner, dry_run)
    except NotSupported as limit:
        try:
            sample = await _tried(previews, replace(wish, text=None, settings={}), owner, dry_run)
        except SwitchboardError as error:
            return Auditioned(wish, "failed", error=error)
        return replace(sample, status="sample", error=limit)
    except SwitchboardError as error:
        return Auditioned(wish, "failed", error=error)


async def _tried(previews: Previews, wish: Wish, owner: str, dry_run: bool) -> Auditioned:
    if dry_run:
        return Auditioned(wish, "spoken", quote=await previews.quote(wish))
    return Auditioned(wish, "spoken", heard=await previews.hear(wish, owner))
