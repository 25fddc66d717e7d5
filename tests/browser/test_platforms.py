import re

from playwright.async_api import expect
from tests.browser.console import accessible


async def test_an_outage_shows_on_its_card_with_what_to_do_and_goes_again(page, console):
    await page.goto("/platforms")
    card = page.get_by_role("region", name=re.compile("^ElevenLabs"))
    await expect(card.get_by_text("Sandboxed")).to_be_visible()
    await expect(card.get_by_role("meter", name="What is left at ElevenLabs")).to_be_visible()
    await expect(
        page.get_by_role("region", name=re.compile("^Twilio")).get_by_text("+15005550006")
    ).to_be_visible()
    abilities = page.get_by_role("region", name="What each can do")
    spoken = abilities.get_by_role("row", name=re.compile("^Speaks your own sentence"))
    await expect(spoken.get_by_text("Ultravox plays its own sample")).to_be_visible()
    await accessible(page)
    with console.outage("elevenlabs"):
        await expect(card.get_by_text("Degraded")).to_be_visible()
        await expect(card.get_by_text(re.compile("503")).first).to_be_visible()
        alerts = page.get_by_role("list", name="What to look at now")
        await expect(alerts.get_by_text(re.compile("ElevenLabs|elevenlabs")).first).to_be_visible()
        await accessible(page)
    await expect(card.get_by_text("Sandboxed")).to_be_visible()


async def test_the_page_goes_offline_says_that_it_is_old_and_comes_back(page, watch):
    await page.goto("/platforms")
    await expect(page.get_by_role("region", name=re.compile("^Ultravox")).get_by_text("Sandboxed")).to_be_visible()
    watch.offline = True
    await page.context.set_offline(True)
    await expect(page.get_by_text("You are offline.")).to_be_visible()
    await expect(page.get_by_role("region", name=re.compile("^Ultravox"))).to_be_visible()
    await page.context.set_offline(False)
    async with page.expect_response(re.compile("/api/v1/platforms")) as answered:
        await expect(page.get_by_text("You are offline.")).to_have_count(0)
    assert (await answered.value).ok
