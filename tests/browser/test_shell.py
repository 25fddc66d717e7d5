import re

import pytest
from playwright.async_api import expect
from tests.browser.console import accessible


async def test_the_palette_goes_to_pages_and_agents_by_keyboard(page, console):
    name = console.name("Findable")
    console.agent(name=name)
    await page.goto("/agents")
    await page.get_by_role("button", name="Your account").wait_for()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog", name="Commands")).to_be_visible()
    await accessible(page)
    await page.keyboard.type("Findable")
    await expect(page.get_by_role("option", name=name)).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=name)).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "option", "address"),
    [
        ("+1 555 0100", "Calls with the number …15550100…", r"/calls\?number=.*15550100"),
        ("refund", "Calls in which “refund” was said", r"/calls\?text=refund"),
    ],
)
async def test_the_palette_finds_calls_by_number_and_by_words(page, typed, option, address):
    await page.goto("/agents")
    await page.get_by_role("button", name="Your account").wait_for()
    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog", name="Commands").get_by_role("combobox").fill(typed)
    await page.get_by_role("option", name=option).click()
    await page.wait_for_url(re.compile(address))
    await expect(page.get_by_role("heading", name="Calls")).to_be_visible()


async def test_theme_and_language_are_chosen_and_kept(page):
    await page.goto("/agents")
    await page.get_by_role("button", name="Your account").click()
    await page.get_by_role("menuitemradio", name="Dark").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.get_by_role("button", name="Your account").click()
    await page.get_by_role("menuitemradio", name="Español").click()
    await expect(page.get_by_role("heading", name="Agentes")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Agentes")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "es")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await accessible(page)


async def test_the_skip_link_leads_past_the_navigation(page):
    await page.goto("/agents")
    await page.get_by_role("heading", name="Agents").wait_for()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def test_the_page_goes_offline_and_comes_back_with_what_it_missed(page, console, watch):
    agent = console.agent()
    await page.goto(f"/agents/{agent['id']}")
    await expect(page.get_by_label("First message")).to_have_value(re.compile("Casa Verde"))
    watch.offline = True
    await page.context.set_offline(True)
    await expect(page.get_by_text("You are offline.")).to_be_visible()
    renamed = console.name("While away")
    console.town.api.patch(f"/api/v1/agents/{agent['id']}", json={"name": renamed}).raise_for_status()
    await accessible(page)
    await page.context.set_offline(False)
    await expect(page.get_by_text("You are offline.")).to_have_count(0)
    await expect(page.get_by_role("heading", name=renamed)).to_be_visible()


async def test_a_platform_outage_is_shown_with_its_reason_and_so_is_its_recovery(page, console):
    await page.goto("/agents")
    strip = page.get_by_role("button", name=re.compile("^Providers"))
    await expect(strip).to_contain_text("Sandboxed")
    await strip.click()
    details = page.get_by_role("dialog", name="Providers")
    await expect(details.get_by_text("A stand-in on this machine answers").first).to_be_visible()
    await accessible(page)
    fault = {"provider": "ultravox", "outage": True}
    made = console.town.sandbox.post("/_sandbox/faults", json=fault).raise_for_status().json()
    ultravox = details.get_by_role("listitem").filter(has_text="Ultravox")
    await expect(ultravox.get_by_text("Degraded")).to_be_visible()
    await expect(ultravox.get_by_text(re.compile("503"))).to_be_visible()
    await accessible(page)
    console.town.sandbox.delete(f"/_sandbox/faults/{made['id']}").raise_for_status()
    await expect(ultravox.get_by_text("Sandboxed")).to_be_visible()


async def test_an_unknown_address_says_so_inside_the_shell(page):
    await page.goto("/nowhere/at/all")
    await expect(page.get_by_role("heading", name="Nothing is here")).to_be_visible()
    await accessible(page)
    await page.get_by_role("link", name="Go to the start").click()
    await expect(page.get_by_role("navigation", name="Main navigation")).to_be_visible()


async def test_only_the_page_inside_the_shell_scrolls(page, console):
    agent = console.agent()
    await page.goto(f"/agents/{agent['id']}")
    await page.get_by_text("Advanced").click()
    await page.get_by_label("Tags").scroll_into_view_if_needed()
    assert await page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
