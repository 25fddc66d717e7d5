"""`python -m bench.console`: how quick the console is in Chromium, with ten thousand calls and twenty viewers.

Times in the page are the browser's own. What is loaded first is counted as it is sent, packed by gzip.
"""

import asyncio
import gzip
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median, quantiles
from urllib.parse import urlsplit

import httpx
import psycopg
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from tests.browser import chromium

import switchboard.agents.model  # noqa: F401 -- rows of calls point to agents
from bench.measures import Figure, create_agents
from bench.stage import KEY, Stage, stage
from switchboard.calls.record import CallRecord
from switchboard.core.clock import SystemClock
from switchboard.core.ids import new_id
from switchboard.events.service import EventLog
from switchboard.events.wakeups import Wakeups
from switchboard.jobs.app import Jobs, create_job_app
from switchboard.persistence.database import Database
from switchboard.providers.normalised import SessionReport, SessionState, Turn

CALLS = 10_000
TURNS = 2_400
VIEWERS = 20
SPOKEN = 100
ROUNDS = 5
_FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
_USER = {"username": "bench", "name": "Bench", "role": "admin", "password": "correct horse battery"}

# Some of everything, one call a minute into the past.
_FILL = """
INSERT INTO calls (id, agent_id, platform, carrier, direction, to_number, from_number, status, stage, reason,
    variables, session_id, created_at, initiated_at, answered_at, ended_at, duration_seconds, summary, successful,
    cost_micros, cost_currency, cost_final, has_recording, settled_at, raw)
SELECT 'call_' || lpad(n::text, 26, '0'), agent.id, agent.platform, 'twilio', 'outbound',
    '+1415555' || lpad((n %% 10000)::text, 4, '0'), '+15005550006',
    (ARRAY['completed', 'completed', 'busy', 'no-answer', 'failed'])[1 + n %% 5], 'over', 'callee_hangup',
    '{}'::jsonb, 'session-' || n, at, at, at + interval '4 s', at + interval '64 s', 60,
    'They talked about dinner.', 'success', 56100, 'USD', true, false, at + interval '70 s', '{}'::jsonb
FROM (SELECT n, now() - n * interval '1 minute' AS at FROM generate_series(1, %(calls)s) AS n) AS past,
    LATERAL (SELECT id, platform FROM agents ORDER BY id OFFSET n %% 50 LIMIT 1) AS agent
"""
_TALK = """
INSERT INTO call_turns (call_id, index, role, text, at_seconds, interrupted)
SELECT %(call)s, n, (ARRAY['agent', 'callee'])[1 + n %% 2],
    'Sentence ' || n || ': ' || repeat('we could also come at eight, if that suits you better. ', 1 + n %% 4),
    n * 3.0, false
FROM generate_series(0, %(turns)s - 1) AS n
"""
_LIVE = """
INSERT INTO calls (id, agent_id, platform, carrier, direction, to_number, from_number, status, stage, variables,
    session_id, created_at, initiated_at, answered_at, cost_final, has_recording, raw)
SELECT %(call)s, id, platform, 'twilio', 'outbound', '+14155550100', '+15005550006', 'in-progress', 'dialed',
    '{}'::jsonb, 'bench-session', now(), now(), now(), false, false, '{}'::jsonb
FROM agents LIMIT 1
"""
_LONG = f"call_{1:026}"

_WATCH_READY = """
window.readyAt = new Promise((done) => {
  const look = () => document.querySelector("main h1") && !document.querySelector(".animate-pulse")
    ? done(performance.now()) : requestAnimationFrame(look);
  look();
});
"""
_HEAR_TURNS = """() => {
  window.heard = new Map();
  const look = () => {
    for (const [text, number] of document.body.textContent.matchAll(/Turn number (\\d+)\\./g))
      if (!window.heard.has(number)) window.heard.set(number, performance.timeOrigin + performance.now());
  };
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
_OPEN = """(name) => new Promise((done) => {
  const began = performance.now();
  document.querySelector(`[data-row-link][href*="${name}"]`).click();
  const look = () => document.querySelectorAll("main ol li").length > 3
    ? requestAnimationFrame(() => done(performance.now() - began)) : requestAnimationFrame(look);
  look();
})"""
_FRAMES = """() => {
  window.frames_ = []; window.most = 0; window.watching = true;
  let last = performance.now();
  const step = (now) => {
    window.frames_.push(now - last); last = now;
    window.most = Math.max(window.most, document.querySelectorAll("main tbody tr").length);
    if (window.watching) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""


async def console(on: Stage) -> list[Figure]:
    """Needs agents on the stage (`measures.create_agents`), and no worker: it would end the live call."""
    _fill(on)
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        path = chromium.found()
        if path is None:
            sys.exit(chromium.MISSING)
        browser = await playwright.chromium.launch(executable_path=path or None, args=_FLAGS)
        stack.push_async_callback(browser.close)
        cookies = await _signed_in(on)
        figures = await _home(on, browser, cookies)
        figures += await _list(on, browser, cookies)
        figures += await _transcript(on, browser, cookies)
        return figures + await _live(on, browser, cookies)


def _fill(on: Stage) -> None:
    with psycopg.connect(on.environment["DATABASE_URL"]) as connection:
        connection.execute(_FILL, {"calls": CALLS})
        connection.execute(_TALK, {"call": _LONG, "turns": TURNS})
        connection.execute("UPDATE calls SET duration_seconds = 7200 WHERE id = %s", [_LONG])
        connection.execute("ANALYZE")


async def _signed_in(on: Stage) -> list[dict[str, str]]:
    async with httpx.AsyncClient(base_url=on.api, timeout=10, trust_env=False) as client:
        made = await client.post("/api/v1/users", json=_USER, headers={"X-API-Key": KEY})
        made.raise_for_status()
        order = {"username": _USER["username"], "password": _USER["password"]}
        (await client.post("/api/v1/session", json=order)).raise_for_status()
        return [{"name": name, "value": value, "url": on.api} for name, value in client.cookies.items()]


@asynccontextmanager
async def _page(on: Stage, browser: Browser, cookies: list[dict[str, str]]) -> AsyncIterator[Page]:
    """In a browser that has never been here: nothing is in its cache."""
    context: BrowserContext = await browser.new_context(
        base_url=on.api, viewport={"width": 1360, "height": 900}, locale="en-GB"
    )
    await context.add_cookies(cookies)
    page = await context.new_page()
    await page.add_init_script(_WATCH_READY)
    yield page
    await context.close()


async def _home(on: Stage, browser: Browser, cookies: list[dict[str, str]]) -> list[Figure]:
    ready, scripts = [], set()
    for _ in range(ROUNDS):
        async with _page(on, browser, cookies) as page:
            page.on("response", lambda one: scripts.add(one.url) if _is_script(one.headers) else None)
            await page.goto("/")
            ready.append(await page.evaluate("window.readyAt"))
    sizes = [await _packed(url) for url in scripts]
    return [
        Figure("first load of /: scripts, gzip", sum(sizes) / 1000, "kB", at_most=250),
        Figure("first load of /: scripts", len(sizes), "files"),
        Figure("Home complete, cold cache, median", median(ready), "ms", at_most=1500),
        Figure("Home complete, cold cache, worst", max(ready), "ms"),
    ]


def _is_script(headers: dict[str, str]) -> bool:
    return "javascript" in headers.get("content-type", "")


async def _packed(url: str) -> int:
    """Bytes on the line, to a browser that takes gzip."""
    async with (
        httpx.AsyncClient(timeout=10, trust_env=False) as client,
        client.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as answer,
    ):
        raw = b"".join([part async for part in answer.aiter_raw()])
    if "content-encoding" not in answer.headers:
        raise ValueError(f"{urlsplit(url).path} is sent unpacked, {len(gzip.compress(raw))} bytes would do.")
    return len(raw)


async def _list(on: Stage, browser: Browser, cookies: list[dict[str, str]]) -> list[Figure]:
    async with _page(on, browser, cookies) as page:
        await page.goto("/calls")
        await page.locator("main tbody tr").nth(5).wait_for()
        await page.mouse.move(700, 600)
        began = time.perf_counter()
        while await _loaded(page) < CALLS:
            await page.evaluate("document.getElementById('main').scrollTo(0, 1e9)")
            await page.wait_for_timeout(10)
            if time.perf_counter() - began > 120:
                raise TimeoutError(f"only {await _loaded(page)} calls came in 2 minutes")
        loading = time.perf_counter() - began
        await page.evaluate("document.getElementById('main').scrollTo(0, 0)")
        await page.wait_for_timeout(500)
        await page.evaluate(_FRAMES)
        for _ in range(300):
            await page.mouse.wheel(0, 400)
            await page.wait_for_timeout(16)
        frames, most, reached = await page.evaluate(
            "(window.watching = false, [window.frames_.slice(2), window.most, "
            "document.getElementById('main').scrollTop])"
        )
    cuts = quantiles(frames, n=100)
    return [
        Figure(f"all {CALLS:,} calls fetched by scrolling down", loading, "s"),
        Figure(f"wheel through them, {reached / 1000:.0f} thousand pixels: frame p50", cuts[49], "ms"),
        Figure("the same, frame p95", cuts[94], "ms", at_most=34),
        Figure("the same, worst frame", max(frames), "ms"),
        Figure("rows in the document at most", most, "rows", at_most=100),
    ]


async def _loaded(page: Page) -> int:
    return int(await page.locator("main table").get_attribute("aria-rowcount") or 0) - 1


async def _transcript(on: Stage, browser: Browser, cookies: list[dict[str, str]]) -> list[Figure]:
    opened, loaded = [], []
    for _ in range(ROUNDS):
        async with _page(on, browser, cookies) as page:
            await page.goto("/calls")
            await page.locator(f'[data-row-link][href*="{_LONG}"]').first.wait_for()
            opened.append(await page.evaluate(_OPEN, _LONG))
        async with _page(on, browser, cookies) as page:
            await page.goto(f"/calls/{_LONG}")
            loaded.append(await page.evaluate("window.readyAt"))
    return [
        Figure(f"open a transcript of {TURNS:,} turns from the list, median", median(opened), "ms", at_most=1000),
        Figure("the same, worst", max(opened), "ms"),
        Figure("the same as the first page of a cold browser, median", median(loaded), "ms"),
    ]


async def _live(on: Stage, browser: Browser, cookies: list[dict[str, str]]) -> list[Figure]:
    """Turns are written as the worker writes them, in another process than the server's."""
    call = new_id("call")
    with psycopg.connect(on.environment["DATABASE_URL"]) as connection:
        connection.execute(_LIVE, {"call": call})
    async with AsyncExitStack() as stack:
        for _ in range(VIEWERS):
            await stack.enter_async_context(_viewer(on))
        page = await stack.enter_async_context(_page(on, browser, cookies))
        await page.goto(f"/calls/{call}")
        await page.get_by_role("main").get_by_role("heading").first.wait_for()
        await page.wait_for_timeout(1_000)
        await page.evaluate(_HEAR_TURNS)
        report = await stack.enter_async_context(_talk(on, call))
        committed = [await report(number) for number in range(SPOKEN)]
        await page.wait_for_timeout(2_000)
        heard = dict(await page.evaluate("[...window.heard]"))
    late = [heard[str(number)] - at for number, at in enumerate(committed) if str(number) in heard]
    return [
        Figure(f"turn on the page after its commit, {VIEWERS} viewers, p50", median(late), "ms"),
        Figure("the same, p95", quantiles(late, n=100)[94], "ms", at_most=500),
        Figure("the same, turns that never came", SPOKEN - len(late), "turns", at_most=0),
    ]


@asynccontextmanager
async def _viewer(on: Stage) -> AsyncIterator[None]:
    """Somebody else who follows the log."""
    async with httpx.AsyncClient(base_url=on.api, timeout=None, trust_env=False) as client:
        headers = {"X-API-Key": KEY, "Accept": "text/event-stream"}

        async def follow() -> None:
            async with client.stream("GET", "/api/v1/events", headers=headers) as answer:
                async for _ in answer.aiter_raw():
                    pass

        task = asyncio.create_task(follow())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _talk(on: Stage, call: str) -> AsyncIterator[Callable[[int], Awaitable[float]]]:
    """Answers what says the next turn, five a second, and tells when it was committed, in ms since 1970."""
    database = Database(on.environment["DATABASE_URL"])
    wakeups = Wakeups(database.conninfo)
    await wakeups.start()
    record = CallRecord(
        database=database,
        events=EventLog(database, wakeups),
        jobs=Jobs(create_job_app(database.conninfo, {})),
        clock=SystemClock(),
    )
    said: list[Turn] = []

    async def report(number: int) -> float:
        role = "agent" if number % 2 == 0 else "callee"
        said.append(Turn(number, role, f"Turn number {number}.", number * 2.0))
        await record.hear_platform(call, SessionReport("bench-session", SessionState.LIVE, said))
        committed = time.time() * 1000
        await asyncio.sleep(0.2)
        return committed

    await asyncio.sleep(0.5)
    yield report
    await wakeups.close()
    await database.close()


async def _alone() -> None:
    with stage() as on:
        await create_agents(on)
        for figure in await console(on):
            met = {True: "met", False: "MISSED", None: ""}[figure.met]
            print(f"{figure.name}: {figure.value:,.1f} {figure.unit} {met}")


if __name__ == "__main__":
    asyncio.run(_alone())
