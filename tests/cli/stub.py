"""A small HTTP server with prepared answers on a real port."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

KEY = "sb_0123456789abcdefghijklmnopqrstuvwxyzABCD"


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: object


@dataclass
class Answer:
    """`chunks` are sent one by one; `cut` drops the connection instead of answering."""

    status: int = 200
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    chunks: list[bytes] | None = None
    cut: bool = False

    def parts(self) -> Iterator[bytes]:
        if self.chunks is not None:
            yield from self.chunks
        elif isinstance(self.body, bytes):
            yield self.body
        elif self.body is not None:
            yield json.dumps(self.body).encode()


class Stub:
    """Answers are taken in the order they were prepared; the last of a path stays."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._prepared: dict[tuple[str, str], list[Answer]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def prepare(self, method: str, path: str, *answers: Answer) -> None:
        self._prepared[method, f"/api/v1{path}"] = list(answers)

    def requests(self, method: str, path: str) -> list[Seen]:
        return [seen for seen in self.seen if (seen.method, seen.path) == (method, f"/api/v1{path}")]

    def next_answer(self, seen: Seen) -> Answer:
        self.seen.append(seen)
        prepared = self._prepared.get((seen.method, seen.path))
        if not prepared:
            return Answer(404, problem(404, "not-found", "Nothing is here", f"There is no {seen.path} here."))
        return prepared.pop(0) if len(prepared) > 1 else prepared[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                raw = self.rfile.read(length)
                parts = urlsplit(self.path)
                seen = Seen(
                    self.command,
                    parts.path,
                    dict(parse_qsl(parts.query)),
                    {name.lower(): value for name, value in self.headers.items()},
                    json.loads(raw) if raw else None,
                )
                answer = stub.next_answer(seen)
                if not answer.cut:
                    self._send(answer)

            do_GET = do_POST = do_PATCH = do_DELETE = do  # noqa: N815 -- http.server's names

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                kind = "application/problem+json" if answer.status >= 400 else "application/json"
                for name, value in {"Content-Type": kind, "Connection": "close", **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                for part in answer.parts():
                    self.wfile.write(part)
                    self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def problem(status: int, code: str, title: str, detail: str, **more: object) -> dict[str, object]:
    return {
        "type": f"https://x/errors/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }


def stream(*frames: str | Callable[[], str]) -> Answer:
    """An event stream of these frames that then ends."""
    return Answer(headers={"Content-Type": "text/event-stream"}, chunks=[str(f).encode() for f in frames])


def frame(position: int, kind: str, **data: object) -> str:
    body = {"id": f"evt_{position}", "type": kind, "at": "2026-11-22T09:00:00Z", "call_id": "call_1", "data": data}
    return f"id: {position}\nevent: {kind}\ndata: {json.dumps(body)}\n\n"


def agent(**changes: object) -> dict[str, object]:
    return {
        "id": "agt_01kc2v9m3x5r7t9w1y3a5c7e9g",
        "platform": "elevenlabs",
        "remote_id": "agent_7101",
        "name": "Reception",
        "status": "active",
        "prompt": "You greet {{guest}}.",
        "first_message": "Hello {{guest}}.",
        "language": "en",
        "voice": "voice_1",
        "model": None,
        "temperature": 0.3,
        "max_duration_seconds": 600,
        "variables": {"guest": {"type": "string", "default": None}},
        "tools": [],
        "platform_options": {},
        "fallback_agent_id": None,
        "version": 3,
        "warnings": [],
        "created_at": "2026-11-22T09:00:00Z",
        "updated_at": "2026-11-22T09:00:00Z",
        **changes,
    }


def call(**changes: object) -> dict[str, object]:
    return {
        "id": "call_1",
        "agent_id": "agt_01kc2v9m3x5r7t9w1y3a5c7e9g",
        "platform": "elevenlabs",
        "direction": "outbound",
        "to": "+14155550100",
        "from": "+15005550006",
        "status": "completed",
        "reason": "callee_hangup",
        "reason_detail": None,
        "variables": {"guest": "Ann"},
        "session_id": "conv_1",
        "carrier_id": "CA1",
        "created_at": "2026-11-22T09:00:00Z",
        "initiated_at": "2026-11-22T09:00:01Z",
        "answered_at": "2026-11-22T09:00:05Z",
        "ended_at": "2026-11-22T09:01:09Z",
        "duration_seconds": 64,
        "summary": "Ann asked for a table.",
        "successful": "success",
        "cost": {"amount": "0.0561", "currency": "USD", "final": True},
        "has_recording": True,
        "rerouted_from": None,
        "settled_at": "2026-11-22T09:01:20Z",
        **changes,
    }


def queued(**changes: object) -> dict[str, object]:
    unknown = (
        "session_id",
        "carrier_id",
        "answered_at",
        "ended_at",
        "duration_seconds",
        "summary",
        "cost",
        "settled_at",
    )
    return call(**{"status": "queued", "reason": None, "successful": None, **dict.fromkeys(unknown), **changes})
