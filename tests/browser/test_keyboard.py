"""An agent is made and a call placed without a mouse."""

import re

from playwright.async_api import Locator, Page, expect

_FURTHEST = 80


async def _tab_to(page: Page, wanted: Locator) -> None:
    await expect(wanted).to_be_visible()
    for _ in range(_FURTHEST):
        if await wanted.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached by the tab key")


async def test_an_agent_is_made_and_a_call_placed_by_keyboard_alone(page, console):
    name = console.name("Keys only")
    await page.goto("/agents")
    await page.get_by_role("button", name="Your account").wait_for()
    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog", name="Commands").wait_for()
    await page.keyboard.type("New agent")
    await page.keyboard.press("Enter")
    await _tab_to(page, page.get_by_role("radio", name=re.compile("Ultravox AI Agent")))
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("radio", name=re.compile("ElevenLabs AI Agent"))).to_be_checked()
    await _tab_to(page, page.get_by_label("Name", exact=True))
    await page.keyboard.type(name)
    await _tab_to(page, page.get_by_label("Prompt"))
    await page.keyboard.type("You greet people kindly. We open at six.")
    await _tab_to(page, page.get_by_label("First message"))
    await page.keyboard.type("Good evening from the keyboard.")
    await _tab_to(page, page.get_by_role("button", name="Create agent"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await _tab_to(page, page.get_by_role("main").get_by_role("button", name="Place a call"))
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Place a call")
    await _tab_to(page, dialog.get_by_role("textbox", name="Number"))
    await page.keyboard.type("+14155550100")
    await _tab_to(page, dialog.get_by_role("button", name="Call", exact=True))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Good evening from the keyboard.").first).to_be_visible()
