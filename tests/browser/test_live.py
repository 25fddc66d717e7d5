from playwright.async_api import expect
from tests.browser.console import accessible

TALKS_LONG = "+14155550107"
STAYS_SILENT = "+14155550106"


async def test_running_calls_are_walked_watched_and_ended_from_the_keyboard(page, console):
    console.town.speed(5)
    agent = console.agent("ultravox", name=console.name("Watched"))
    await page.goto("/live")
    await expect(page.get_by_role("heading", name="Live")).to_be_visible()
    calls = [console.town.place(agent["id"], number) for number in (STAYS_SILENT, TALKS_LONG)]
    rows = page.get_by_role("table", name="Live").get_by_role("row").filter(has_text=agent["name"])
    await expect(rows).to_have_count(2)
    await expect(rows.filter(has_text=TALKS_LONG)).to_contain_text("Casa Verde, good evening")

    await _walk_to(page, TALKS_LONG)
    await page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name=f"Call to {TALKS_LONG}")
    words = drawer.get_by_role("log", name="Transcript").get_by_role("listitem")
    await expect(words.filter(has_text="Casa Verde, good evening")).to_be_visible()
    await expect(drawer.get_by_text("Judge whether the call succeeded")).to_be_visible()
    await expect(drawer.get_by_text("does not judge whether a call succeeded")).to_be_visible()
    said = await words.count()
    await expect(words.nth(said)).to_be_visible()
    await accessible(page)

    await drawer.get_by_role("button", name="Hang up").press("Enter")
    question = page.get_by_role("dialog", name="Hang up now?")
    await expect(question).to_be_visible()
    await question.get_by_role("button", name="Hang up").press("Enter")
    await expect(drawer.get_by_text("Completed")).to_be_visible()
    await expect(drawer.get_by_text("Somebody asked Switchboard to hang up.")).to_be_visible()
    await expect(rows.filter(has_text=TALKS_LONG)).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)
    await expect(page.locator("[data-row-link]:focus, #main:focus")).to_have_count(1)
    console.town.api.post(f"/api/v1/calls/{calls[0]}/hangup")
    await expect(rows).to_have_count(0)


async def _walk_to(page, number: str) -> None:
    """Press J until the call to this number is marked."""
    for _ in range(10):
        await page.keyboard.press("j")
        if number in await page.locator(":focus").inner_text():
            return
    raise AssertionError("J never came to the call")
