"""`make screenshots`: every page, light and dark, desktop and telephone, into console/screenshots/ (git-ignored).

A page is a line in `PAGES`: its file's name, its path, and what to do before the picture is taken.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright
from tests.browser import chromium
from tests.browser.console import Console
from tests.processes import Town, town
from tests.waiting import wait_until

from switchboard.persistence.embedded import EmbeddedPostgres
from switchboard.persistence.migrate import upgrade

FOLDER = Path(__file__).parents[2] / "console" / "screenshots"
LOOKS: Mapping[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1360, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1360, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "has_touch": True},
    "phone-dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "has_touch": True},
}
Act = Callable[[Page], Awaitable[None]]
_PROMPT = (
    "You are the receptionist of Casa Verde, a restaurant in Lisbon. You greet {{guest}} and take reservations.\n"
    "\nWe open at six in the evening and close at midnight. A table for two costs no deposit."
)


async def _nothing(page: Page) -> None:
    """As it opens."""


async def _voices(page: Page) -> None:
    await page.get_by_role("button", name="Change the voice").click()
    await page.get_by_role("radio").nth(1).check()
    await page.get_by_text("characters left today").wait_for()


async def _copy(page: Page) -> None:
    await page.get_by_role("button", name="Copy to").click()
    await page.get_by_text("What becomes different").wait_for()
    await page.wait_for_timeout(800)


async def _delete(page: Page) -> None:
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Delete").click()


async def _write(page: Page) -> None:
    await page.get_by_role("button", name="Start the conversation").click()
    await page.get_by_role("log").get_by_text("Casa Verde").wait_for()
    await page.get_by_role("textbox", name="Write something").fill("When do you open?")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("log").get_by_text("six").wait_for()


async def _telephone(page: Page) -> None:
    await page.get_by_role("button", name="Call me", exact=True).first.click()
    await page.get_by_role("button", name="Call me", exact=True).last.click()
    await page.get_by_role("button", name="Answer and type").click(timeout=60_000)
    await page.get_by_role("textbox", name="Type what you say").fill("When do you open?")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("log").get_by_text("six").wait_for(timeout=60_000)


async def _palette(page: Page) -> None:
    await page.keyboard.press("Control+k")
    await page.get_by_role("option").first.wait_for()


async def _tools(page: Page) -> None:
    for part in ("Tools", "Analysis of calls", "Advanced"):
        await page.locator("summary").filter(has_text=part).click()
    await page.locator("summary").first.evaluate("one => one.scrollIntoView()")


async def _providers(page: Page) -> None:
    await page.get_by_role("button", name="Providers").click()


async def _place_call(page: Page) -> None:
    await page.get_by_role("button", name="Place a call").first.click()
    dialog = page.get_by_role("dialog", name="Place a call")
    await dialog.get_by_label("Agent").click()
    await page.get_by_role("option", name="Casa Verde").click()
    await dialog.get_by_label("Number", exact=True).fill("+14155550107")
    await dialog.get_by_label("guest").fill("Ann")


async def _play(page: Page) -> None:
    await page.get_by_role("button", name="Play", exact=True).click(timeout=60_000)
    await page.wait_for_timeout(6000)


async def _watch(page: Page) -> None:
    await _place_call(page)
    await page.get_by_role("dialog").get_by_role("button", name="Call", exact=True).click()
    await page.wait_for_url("**/calls/call_*")
    await page.get_by_label("Transcript").get_by_role("listitem").nth(1).wait_for(timeout=60_000)
    await page.goto("/live")
    await page.locator("[data-row-link]").first.click()
    await page.get_by_role("log").get_by_role("listitem").first.wait_for()


async def _month(page: Page) -> None:
    await page.get_by_role("button", name="30 days").click()


async def _audition(page: Page) -> None:
    free = page.get_by_role("checkbox", disabled=False)
    for index in range(3):
        await free.nth(index).click()
    await page.get_by_role("button", name="Speak it in all").click()
    await page.get_by_role("button", name="Play one after another").wait_for()
    await page.get_by_role("main").evaluate("one => one.scrollTo(0, 0)")


async def _new_key(page: Page) -> None:
    await page.get_by_role("button", name="New key").click()


async def _new_user(page: Page) -> None:
    await page.get_by_role("button", name="New user").click()


PAGES: tuple[tuple[str, str, Act], ...] = (
    ("home", "/", _nothing),
    ("home-month", "/", _month),
    ("agents", "/agents", _nothing),
    ("agents-none-fit", "/agents?search=nobody", _nothing),
    ("agent-new", "/agents/new", _nothing),
    ("agent-edit", "/agents/{casa}", _nothing),
    ("agent-tools", "/agents/{clinic}", _tools),
    ("agent-voices", "/agents/{clinic}", _voices),
    ("agent-copy", "/agents/{clinic}", _copy),
    ("agent-delete", "/agents/{clinic}", _delete),
    ("agent-versions", "/agents/{clinic}?tab=versions", _nothing),
    ("agent-platform", "/agents/{casa}?tab=platform", _nothing),
    ("agent-test", "/agents/{casa}?tab=test", _write),
    ("agent-telephone", "/agents/{casa}?tab=test", _telephone),
    ("live", "/live", _watch),
    ("calls", "/calls", _nothing),
    ("calls-none-fit", "/calls?status=busy&text=nobody", _nothing),
    ("call", "/calls/{call}", _nothing),
    ("call-played", "/calls/{judged}", _play),
    ("call-events", "/calls/{judged}?tab=events", _nothing),
    ("call-records", "/calls/{judged}?tab=records", _nothing),
    ("call-failed", "/calls/{failed}", _nothing),
    ("place-call", "/calls", _place_call),
    ("voices", "/voices", _nothing),
    ("voices-audition", "/voices", _audition),
    ("platforms", "/platforms", _nothing),
    ("developers", "/developers", _nothing),
    ("developers-new-key", "/developers", _new_key),
    ("developers-requests", "/developers?tab=requests", _nothing),
    ("users", "/users", _nothing),
    ("users-new", "/users", _new_user),
    ("settings", "/settings", _nothing),
    ("settings-account", "/settings?tab=account", _nothing),
    ("settings-audit", "/settings?tab=audit", _nothing),
    ("palette", "/agents", _palette),
    ("providers", "/agents", _providers),
    ("not-found", "/nowhere", _nothing),
)


def _people(console: Console) -> dict[str, str]:
    """Some agents to look at; answers what stands in for the braces of `PAGES`."""
    tool = {
        "type": "http",
        "name": "find_booking",
        "description": "Finds a booking by its number.",
        "method": "GET",
        "url": "https://api.example.com/bookings/{number}",
        "parameters": [{"name": "number", "in": "path", "type": "string", "description": "The booking's number."}],
    }
    goal = {"name": "confirmed", "goal": "The patient has said that they will come."}
    datum = {"name": "new_date", "type": "string", "description": "Another day that the patient asked for."}
    guest = {"guest": "Ann"}
    casa = console.agent(
        "ultravox",
        name="Casa Verde",
        prompt=_PROMPT,
        first_message="Casa Verde, good evening {{guest}}.",
        variables=guest,
    )
    clinic = console.agent(
        "elevenlabs", name="Clinic reminders", tools=[tool], evaluation=[goal], data_collection=[datum]
    )
    changed = {
        "first_message": "Good morning, this is the clinic. May I remind you of something?",
        "temperature": 0.3,
    }
    console.town.api.patch(f"/api/v1/agents/{clinic['id']}", json=changed).raise_for_status()
    for name, platform in (
        ("Parcel desk", "ultravox"),
        ("Survey after delivery", "elevenlabs"),
        ("Night line", "ultravox"),
    ):
        console.agent(platform, name=name)
    ends = ("00", "01", "02", "03", "04", "05", "08")
    calls = [_placed(console, one, f"+141555501{end}") for end in ends for one in (casa, clinic)]
    console.town.settled(calls)
    return {
        "casa": casa["id"],
        "clinic": clinic["id"],
        "call": calls[0],
        "judged": calls[1],
        "failed": calls[6],
    }


def _placed(console: Console, agent: Mapping[str, Any], to: str) -> str:
    order = {"agent_id": agent["id"], "to": to, "variables": {"guest": "Ann"}}
    return str(console.town.api.post("/api/v1/calls", json=order).raise_for_status().json()["id"])


async def _shoot(browser: Browser, console: Console, ids: Mapping[str, str], wanted: list[str]) -> None:
    for look, settings in LOOKS.items():
        context = await browser.new_context(base_url=console.url, locale="en-GB", **settings)
        page = await context.new_page()
        await page.goto("/sign-in")
        await page.get_by_role("textbox").first.wait_for()
        await page.screenshot(path=FOLDER / f"sign-in-{look}.png")
        await console.sign_in(context, "admin")
        for name, path, act in PAGES:
            if wanted and name not in wanted:
                continue
            await page.goto(path.format_map(ids))
            await page.get_by_role("main").get_by_role("heading").first.wait_for()
            await act(page)
            await page.wait_for_timeout(700)
            await page.screenshot(path=FOLDER / f"{name}-{look}.png")
        await context.close()


async def _all(running: Town, wanted: list[str]) -> None:
    running.speed(20)
    console = Console(running, 1)
    ids = await asyncio.to_thread(_people, console)
    running.speed(1)
    async with async_playwright() as playwright:
        path = chromium.found()
        if path is None:
            sys.exit(chromium.MISSING)
        browser = await playwright.chromium.launch(executable_path=path or None, args=["--no-sandbox"])
        await _shoot(browser, console, ids, wanted)


def main(wanted: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="sbs"))
    server = EmbeddedPostgres(folder / "pg", durable=False)
    try:
        server.start()
        upgrade(server.url())
        with town(server.url()) as running, running.worker():
            wait_until(lambda: running.api.get("/health/detailed").json()["workers"] > 0)
            asyncio.run(_all(running, wanted))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    sys.stderr.write(f"See {FOLDER}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
