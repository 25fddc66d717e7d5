"""A real sandbox under uvicorn in a thread, a receiver for its callbacks, and a customer's client."""

import asyncio
import base64
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import uvicorn
from tests.clocks import UnhurriedClock
from tests.waiting import PATIENCE, answered, until

from switchboard.sandbox.assembly import assemble
from switchboard.sandbox.line import PhoneLeg, Speech, StreamEnd
from switchboard.sandbox.phones.residents import Manner, Resident
from switchboard.sandbox.twilio import routes as twilio_routes
from switchboard.sandbox.world import World

SID = "AC" + "1" * 32
TOKEN = "a-token"


class Mind:
    """The least a person can be: opens as their manner says, answers everything with `Yes.`."""

    interrupts = False

    def __init__(self, resident: Resident) -> None:
        self.language = resident.language
        self._resident = resident

    async def opens(self) -> Speech | None:
        if self._resident.manner is Manner.HANGS_UP_AT_ONCE:
            return Speech("", hangs_up=True)
        return Speech(self._resident.opening) if self._resident.opening else None

    async def answers(self, heard: str) -> Speech | None:
        return Speech("Yes.")


class FakeStream:
    """A platform session: one exchange of words, then it ends as told, or talks until cancelled."""

    def __init__(self, end: StreamEnd | None = StreamEnd.PLATFORM_CLOSED) -> None:
        self.end = end
        self.legs: list[PhoneLeg] = []
        self.cancelled = threading.Event()

    async def talk(self, leg: PhoneLeg) -> StreamEnd:
        self.legs.append(leg)
        await leg.person.opens()
        await leg.person.answers("Good day.")
        if self.end is None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled.set()
                raise
        return self.end or StreamEnd.PLATFORM_CLOSED


@dataclass(frozen=True)
class Received:
    method: str
    target: str
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Receiver:
    """A customer's web server. `answers` maps a path to (status, content type, text)."""

    url: str
    received: list[Received] = field(default_factory=list)
    answers: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    cookie: str | None = None
    """Set with every answer."""

    def at(self, path: str) -> list[Received]:
        return [one for one in list(self.received) if one.target.partition("?")[0] == path]

    def statuses(self, path: str = "/status") -> list[str]:
        forms = sorted((one.form for one in self.at(path)), key=lambda form: int(form["SequenceNumber"]))
        return [form["CallStatus"] for form in forms]

    async def until(self, count: int, path: str = "/status") -> list[Received]:
        await until(lambda: len(self.at(path)) >= count)
        return self.at(path)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            url = f"http://{self.headers['host']}{self.path}"
            told.received.append(Received(self.command, self.path, url, headers, body))
            answers = told.answers.get(self.path.partition("?")[0], [])
            status, kind, text = answers.pop(0) if len(answers) > 1 else (answers or [(204, "", "")])[0]
            self.send_response(status)
            if kind.startswith("location:"):
                self.send_header("Location", kind.removeprefix("location:"))
            elif kind:
                self.send_header("Content-Type", kind)
            if told.cookie:
                self.send_header("Set-Cookie", told.cookie)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST  # noqa: N815 -- the standard library's own naming

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # closing the server then waits for every connection to be closed
    told = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(frozen=True)
class Running:
    url: str
    world: World
    loop: asyncio.AbstractEventLoop


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """One carrier-only sandbox for the whole run; `sandbox` resets it for each test."""
    world = World(seed=1, clock=UnhurriedClock(50), people=lambda resident, _seed: Mind(resident))
    config = uvicorn.Config(
        assemble(world, [twilio_routes.router]),
        port=0,
        log_level="warning",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Running(f"http://127.0.0.1:{port}", world, loops[0])
    server.should_exit = True
    thread.join()


@dataclass
class Sandbox:
    """What a test talks to: the control API, and Twilio as account `SID`."""

    url: str
    world: World
    loop: asyncio.AbstractEventLoop
    http: httpx.AsyncClient

    @property
    def calls_path(self) -> str:
        return f"/2010-04-01/Accounts/{SID}/Calls.json"

    def call_path(self, sid: str) -> str:
        return f"/2010-04-01/Accounts/{SID}/Calls/{sid}.json"

    async def dial(self, **fields: Any) -> httpx.Response:
        order = {"To": "+14155550100", "From": "+15005550006", "Twiml": "<Response><Pause/></Response>"}
        return await self.http.post(self.calls_path, data=order | fields, auth=(SID, TOKEN))

    async def place(self, **fields: Any) -> str:
        answer = await self.dial(**fields)
        assert answer.status_code == 201, answer.text
        return answer.json()["sid"]

    async def fetch(self, sid: str) -> dict[str, Any]:
        answer = await self.http.get(self.call_path(sid), auth=(SID, TOKEN))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def update(self, sid: str, **fields: str) -> httpx.Response:
        return await self.http.post(self.call_path(sid), data=fields, auth=(SID, TOKEN))

    async def status_is(self, sid: str, *wanted: str) -> dict[str, Any]:
        """Wait for one of these REST statuses."""
        return await answered(lambda: self.fetch(sid), lambda call: call["status"] in wanted)

    async def fault(self, **order: Any) -> str:
        answer = await self.http.post("/_sandbox/faults", json=order)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def control(self, part: str, /, **query: str) -> Any:
        answer = await self.http.get(f"/_sandbox/{part}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def told(self, sid: str) -> dict[str, Any]:
        return next(call for call in await self.control("calls") if call["sid"] == sid)

    async def callbacks_done(self, count: int) -> list[dict[str, Any]]:
        """Wait until this many callbacks are through with their attempts."""
        return await answered(
            lambda: self.control("callbacks"), lambda log: sum(one["done"] for one in log) >= count
        )

    async def inside(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run `work` in the sandbox's own event loop, as a platform would."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    def stream(self, end: StreamEnd | None = StreamEnd.PLATFORM_CLOSED) -> tuple[FakeStream, str]:
        """Register a fake platform session; its TwiML is the second part."""
        target = FakeStream(end)
        self.world.exchange.register("/stream/abc", target)
        return target, (
            '<Response><Connect><Stream url="wss://platform.example/stream/abc?lost=1">'
            '<Parameter name="who" value="us"/></Stream></Connect></Response>'
        )


@pytest.fixture
async def sandbox(running: Running) -> AsyncIterator[Sandbox]:
    """A fresh sandbox at 50 times real time."""
    async with httpx.AsyncClient(base_url=running.url, trust_env=False, timeout=PATIENCE) as http:
        (await http.post("/_sandbox/reset", json={"seed": 1})).raise_for_status()
        (await http.put("/_sandbox/clock", json={"speed": 50})).raise_for_status()
        yield Sandbox(running.url, running.world, running.loop, http)


@pytest.fixture
def wait() -> Callable[..., Any]:
    return until


@pytest.fixture
def basic() -> Callable[[str, str], dict[str, str]]:
    """An Authorization header of any user and password."""

    def header(user: str, password: str) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}

    return header
