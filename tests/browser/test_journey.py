"""One newcomer's first hour with the whole product, and what must really be heard."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

HEARD = """
window.sounds = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () { window.sounds.push(this); return play.call(this); };
"""
"""Keeps every sound that the page plays, also those that stand nowhere in it."""

MOVES = """() => new Promise((done) => {
  const since = performance.now();
  const look = () => {
    const sound = window.sounds.at(-1);
    const seconds = sound?.currentTime ?? 0;
    if (seconds > 0.2 || performance.now() - since > 20000)
      done({seconds, error: sound?.error?.message ?? null, volume: sound?.volume});
    else setTimeout(look, 20);
  };
  look();
})"""


@pytest.fixture
async def listener(stranger) -> Page:
    await stranger.add_init_script(HEARD)
    return stranger


async def _is_heard(page: Page) -> None:
    """The last sound that was started moves on. In the page, whose policy lets no text become a function."""
    moved = await page.evaluate(MOVES)
    assert moved["seconds"] > 0.2, moved
    assert (moved["error"], moved["volume"]) == (None, 1)


async def _hear(page: Page, button: Locator) -> None:
    await page.evaluate("window.sounds.length = 0")
    await button.click()
    await _is_heard(page)


async def test_a_newcomer_goes_from_the_link_to_a_call_that_was_heard(listener, console, watch):
    watch.expect(503)  # a recording that is still being prepared
    page, name = listener, console.name("First agent")
    order = {"username": f"newcomer-{console.number}", "role": "admin"}
    link = console.town.api.post("/api/v1/users", json=order).raise_for_status().json()["link"]["path"]

    await page.goto(link)
    await expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    assert "token" not in page.url
    await expect(page.get_by_label("User name")).to_have_value(order["username"])
    await page.get_by_label("New password").fill("a long enough password")
    await page.get_by_role("button", name="Save and continue").click()
    navigation = page.get_by_role("navigation", name="Main navigation")
    await expect(navigation).to_be_visible()
    await page.evaluate("window.sameDocument = true")

    await navigation.get_by_role("link", name="Agents").click()
    await page.get_by_role("link", name="New agent").first.click()
    await page.get_by_role("radio", name=re.compile("ElevenLabs AI Agent")).check()
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Prompt").fill(
        "You are the receptionist of Casa Verde. We open at six in the evening."
    )
    await page.get_by_label("First message").fill("Casa Verde, good evening.")
    await page.get_by_role("button", name="Choose a voice").click()
    dialog = page.get_by_role("dialog", name="Choose a voice of ElevenLabs")
    await dialog.get_by_role("radio").first.check()
    await _hear(page, dialog.get_by_role("button", name=re.compile("^Play sample of")).first)
    await expect(dialog.get_by_role("textbox", name="Speak my sentence")).to_have_value(
        "Casa Verde, good evening."
    )
    await _hear(page, dialog.get_by_role("button", name=re.compile("^Speak my sentence by")))
    await dialog.get_by_role("button", name=re.compile("^Take ")).click()
    await page.get_by_role("button", name="Create agent").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()

    await page.get_by_role("main").get_by_role("button", name="Place a call").click()
    dialog = page.get_by_role("dialog", name="Place a call")
    await dialog.get_by_role("textbox", name="Number").fill("+14155550100")
    await dialog.get_by_role("button", name="Call", exact=True).click()
    words = page.get_by_label("Transcript").get_by_role("listitem")
    await expect(words.first).to_contain_text("Casa Verde, good evening.")
    await expect(page.get_by_text("Settled").first).to_be_visible()
    assert await words.count() > 2
    await _hear(page, page.get_by_role("button", name="Play", exact=True))

    await navigation.get_by_role("link", name="Calls").click()
    await expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("Completed")
    assert await page.evaluate("window.sameDocument")
    await page.get_by_role("button", name="Your account").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await page.wait_for_url("**/sign-in")


async def test_the_agent_is_heard_on_the_telephone_dock(page, console):
    """The dock's meter shows what is played, so it moves only when sound came."""
    console.town.speed(1)
    agent = console.agent("ultravox")
    await page.goto("/agents")
    await expect(page.get_by_role("button", name="Open the sandbox telephone")).to_be_visible()
    call = console.town.place(agent["id"], "+14155550110")
    telephone = page.get_by_role("region", name="Telephone")
    await telephone.get_by_role("button", name="Answer and type").click()
    await expect(telephone.get_by_role("log")).to_contain_text("good evening")
    await expect(telephone.get_by_role("meter")).not_to_have_js_property("value", 0)
    await page.get_by_role("navigation", name="Main navigation").get_by_role("link", name="Calls").click()
    await expect(page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()
    assert console.town.call(call)["status"] == "in-progress", "another page must not cut the line"
    await telephone.get_by_role("button", name="Hang up").click()
    await expect(telephone.get_by_text("The call is over")).to_be_visible()
    console.town.settled([call])
    assert console.town.call(call)["status"] == "completed"
