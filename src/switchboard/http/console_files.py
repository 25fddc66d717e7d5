"""The built console: its files, its one page for every address of its own, and the policy they run under."""

import asyncio
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

FOLDER = Path(__file__).with_name("console")
"""Where `make console` puts the files; not under version control."""

_INDEX = "index.html"
_FOREVER = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_OURS = re.compile(r"/(api|inbox|health|metrics|openapi\.json)(/|$)")
"""Never the console's: whoever misses there gets a problem, not a page."""
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".txt": "text/plain; charset=utf-8",
}
_LINKS = {
    "/openapi.json": "Every path of the API, for people and for generators",
    "/health/detailed": "What runs, and what is off and why",
    "/metrics": "Figures for Prometheus",
}


def install_console(app: FastAPI, folder: Path = FOLDER) -> None:
    """Let the console answer what no route of `app` takes."""
    app.router.default = ConsoleFiles(app, folder)


class ConsoleFiles:
    """ASGI application for what is left over: files, the console's page, or a 404 problem.

    Files are looked up anew for each request, so a new build is there at once; browsers keep what has a hash in
    its name, and ask for the rest by ETag.
    """

    def __init__(self, app: FastAPI, folder: Path) -> None:
        self._not_found = app.router.not_found
        self._folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or _OURS.match(scope["path"]):
            await self._not_found(scope, receive, send)
            return
        request = Request(scope)
        answer = await asyncio.to_thread(self._answer, request)
        if answer is None:
            await self._not_found(scope, receive, send)
        else:
            await answer(scope, receive, send)

    def _answer(self, request: Request) -> Response | None:
        path = request.url.path
        file = self._file(path.removeprefix("/"))
        if file is not None:
            cache = _FOREVER if path.startswith("/assets/") else "no-cache"
            return _served(request, file, cache)
        if path.startswith("/assets/") or not (path == "/" or "text/html" in request.headers.get("accept", "")):
            return None
        page = self._file(_INDEX)
        if page is not None:
            return _served(request, page, "no-cache")
        return _plain_page() if path == "/" else None

    def _file(self, name: str) -> Path | None:
        """The file of this name, if it lies in the folder."""
        try:
            path = (self._folder / name).resolve()
            return path if path.is_relative_to(self._folder) and path.is_file() else None
        except (OSError, ValueError):
            return None  # a name that no file system takes


def _served(request: Request, file: Path, cache: str) -> Response:
    kind = _TYPES.get(file.suffix, "application/octet-stream")
    headers = {"cache-control": cache, "vary": "Accept-Encoding", **(_policy(request) if "html" in kind else {})}
    encoding, chosen = _encoded(request, file)
    if encoding is not None:
        headers["content-encoding"] = encoding
    facts = chosen.stat()
    headers["etag"] = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    if headers["etag"] in {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    content = chosen.read_bytes()
    headers["content-length"] = str(len(content))
    headers["content-type"] = kind
    return Response(b"" if request.method == "HEAD" else content, headers=headers)


def _encoded(request: Request, file: Path) -> tuple[str | None, Path]:
    """The smallest form of the file that lies there and that the browser takes."""
    offered = {
        part.partition(";")[0].strip()
        for part in request.headers.get("accept-encoding", "").split(",")
        if not re.search(r";\s*q=0(\.0*)?\s*$", part)
    }
    for name, suffix in _ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if name in offered and packed.is_file():
            return name, packed
    return None, file


def _policy(request: Request) -> Mapping[str, str]:
    """What the page may do: scripts, requests and sound from here only.

    Sources: Content Security Policy Level 3; Permissions Policy (W3C). Styles may stand inline, because the
    libraries for dialogs and toasts put theirs into the page; scripts may not.
    """
    host = request.headers.get("host", "")
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""  # 'self' leaves sockets out in Safari
    rules = (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        f"connect-src 'self'{sockets}",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
    return {
        "content-security-policy": "; ".join(rules),
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
        "x-content-type-options": "nosniff",
    }


def _plain_page() -> Response:
    """What a server without a built console shows. Without script or style, for the strictest policy."""
    links = "".join(f'<li><a href="{path}">{path}</a>: {escape(text)}</li>' for path, text in _LINKS.items())
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Switchboard</title>'
        "<h1>Switchboard</h1><p>This is the API. Send your key in the header <code>X-API-Key</code>.</p>"
        "<p>The console is not built here. Build it with <code>make console</code>, then load this page again.</p>"
        f"<ul>{links}</ul></html>"
    )
    return Response(page, media_type="text/html", headers={"cache-control": "no-cache"})
