"""Where a person lands who opens the sandbox in a browser."""

from html import escape

from fastapi import APIRouter, Response
from starlette.requests import Request
from starlette.responses import RedirectResponse

router = APIRouter(include_in_schema=False)

_LINKS = {
    "telephone": "the telephone of +1 415 555 0110: keep it open, let an agent call, and pick up",
    "calls": "every call, with what was said on the line",
    "requests": "what was asked of the vendors",
    "callbacks": "what they sent",
    "phones": "who lives behind the known numbers",
    "faults": "what is ordered to go wrong",
    "clock": "how fast time runs",
    "speech": "whether calls are spoken",
}


async def at_the_root(_request: Request) -> Response:
    """Whoever types the sandbox's address into a browser is led to its page."""
    return RedirectResponse("/_sandbox/")


@router.get("/")
async def index() -> Response:
    """A page without script or style."""
    links = "".join(f'<li><a href="{path}">{path}</a>: {escape(text)}</li>' for path, text in _LINKS.items())
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>Switchboard sandbox</title><h1>Switchboard sandbox</h1>"
        "<p>Here ElevenLabs, Ultravox and Twilio are emulated, each at its own paths. Point a client's base "
        "address here.</p>"
        f"<ul>{links}</ul></html>"
    )
    return Response(page, media_type="text/html")
