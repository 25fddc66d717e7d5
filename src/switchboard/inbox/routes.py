"""Where vendors call us: signed, outside the versioned API, answered before any work is done."""

from collections.abc import Container
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request, Response

from switchboard.core.errors import NotFound
from switchboard.http.problems import problem_responses
from switchboard.inbox.service import Inbox
from switchboard.providers.registry import Providers

router = APIRouter(prefix="/inbox", tags=["inbox"], include_in_schema=False)
log = structlog.get_logger(__name__)


async def _inbox(request: Request) -> Inbox:
    inbox: Inbox = request.app.state.inbox
    return inbox


async def _providers(request: Request) -> Providers:
    providers: Providers = request.app.state.providers
    return providers


Box = Annotated[Inbox, Depends(_inbox)]
Registry = Annotated[Providers, Depends(_providers)]


@router.post("/{carrier}/calls/{call_id}", responses=problem_responses(403))
async def carrier_callback(
    carrier: str, call_id: str, request: Request, inbox: Box, providers: Registry
) -> Response:
    """A carrier's status callback for one call."""
    _exists(carrier, providers, providers.carriers)
    form = {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}
    signal = providers.carrier(carrier).read_callback(
        url=_public_address(request), headers=request.headers, form=form
    )
    fresh = await inbox.store_carrier_signal(carrier, call_id, signal)
    log.info("inbox.received", provider=carrier, call_id=call_id, kind=signal.call.status.value, fresh=fresh)
    return Response(status_code=200)


@router.post("/{platform}", responses=problem_responses(403))
async def platform_webhook(platform: str, request: Request, inbox: Box, providers: Registry) -> Response:
    """A platform's webhook. ElevenLabs counts nothing but 200 as received."""
    _exists(platform, providers, providers.platforms)
    signal = providers.platform(platform).read_webhook(request.headers, await request.body())
    fresh = await inbox.store_platform_signal(platform, signal)
    log.info("inbox.received", provider=platform, kind=signal.kind, fresh=fresh)
    return Response(status_code=200)


def _exists(name: str, providers: Providers, on: Container[str]) -> None:
    if name not in on and name not in providers.disabled:
        raise NotFound(f"No provider called {name[:32]} reports here.")


def _public_address(request: Request) -> str:
    """The address as we gave it out: what a proxy made of it must not matter to the signature."""
    base = str(request.app.state.public_url or request.base_url).rstrip("/")
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{base}{request.scope['raw_path'].decode()}{query}"
