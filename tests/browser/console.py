"""What the browser tests share: people who sign in, the watch over the page's log, and the look for barriers."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import BrowserContext, ConsoleMessage, Page
from tests.processes import AGENT, Town
from tests.waiting import PATIENCE

_AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
_CUT_OFF = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION_REFUSED", "net::ERR_FAILED")
PASSWORD = "correct horse battery"


@dataclass
class Console:
    """The running product as one test sees it; names made by `name` are the test's own."""

    town: Town
    number: int

    @property
    def url(self) -> str:
        return str(self.town.api.base_url).rstrip("/")

    def name(self, text: str) -> str:
        return f"{text} {self.number}"

    def agent(self, platform: str = "ultravox", **fields: Any) -> dict[str, Any]:
        wanted = AGENT | {"platform": platform, "name": self.name("Reception")} | fields
        return self.town.api.post("/api/v1/agents", json=wanted).raise_for_status().json()

    def read(self, path: str) -> Any:
        return self.town.api.get(path).raise_for_status().json()

    @contextmanager
    def outage(self, provider: str) -> Iterator[None]:
        """The provider is down for a while."""
        fault = {"provider": provider, "outage": True}
        made = self.town.sandbox.post("/_sandbox/faults", json=fault).raise_for_status().json()
        try:
            yield
        finally:
            self.town.sandbox.delete(f"/_sandbox/faults/{made['id']}").raise_for_status()

    def user(self, role: str) -> str:
        """A new person with `PASSWORD`; answers the user name."""
        username = f"{role}-{secrets.token_hex(4)}"
        order = {"username": username, "name": f"Some {role}", "role": role, "password": PASSWORD}
        self.town.api.post("/api/v1/users", json=order).raise_for_status()
        return username

    async def sign_in(self, context: BrowserContext, role: str) -> None:
        """Give the browser the session of a new person, without the form."""
        order = {"username": self.user(role), "password": PASSWORD}
        async with httpx.AsyncClient(base_url=self.url, timeout=PATIENCE, trust_env=False) as client:
            (await client.post("/api/v1/session", json=order)).raise_for_status()
            cookies = [{"name": name, "value": value, "url": self.url} for name, value in client.cookies.items()]
        await context.add_cookies(cookies)


@dataclass
class Watch:
    """Everything that pages of a context log as wrong."""

    context: BrowserContext
    seen: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    offline: bool = False

    def __post_init__(self) -> None:
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self.seen.append(str(error.error)))

    def expect(self, *statuses: int) -> None:
        """The browser itself logs every refused request; these ones the test provokes."""
        self.expected |= set(statuses)

    def check(self) -> None:
        """Fail once for what was seen since the last check."""
        seen, self.seen = self.seen, []
        assert seen == [], "\n".join(seen)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        refused = _REFUSED.search(message.text)
        if refused and int(refused[1]) in self.expected:
            return
        if self.offline and any(sign in message.text for sign in _CUT_OFF):
            return
        self.seen.append(f"{message.text} ({message.location.get('url')})")


async def accessible(page: Page) -> None:
    """Fail when axe finds a violation of WCAG 2.2 A and AA, or of its best practices."""
    await page.evaluate(
        "Promise.all(document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity)"
        ".map((one) => one.finished.catch(() => null))).then(() => null)"
    )
    await page.evaluate(_AXE.read_text())
    found = await page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.map("
        "({id, nodes}) => `${id}: ${nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')}`))"
    )
    assert found == [], "\n".join(found)
