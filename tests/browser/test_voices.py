import re

from playwright.async_api import expect
from tests.browser.console import accessible


async def test_voices_are_found_by_search_and_filters_that_live_in_the_address(page):
    await page.goto("/voices")
    table = page.get_by_role("table", name="Voices")
    await expect(table).to_be_visible()
    await accessible(page)
    await page.get_by_role("combobox", name="Platform").select_option("ultravox")
    await page.wait_for_url("**/voices?platform=ultravox")
    await page.get_by_label("Gender").select_option("female")
    await expect(table.get_by_text("ElevenLabs")).to_have_count(0)
    await page.get_by_role("searchbox", name="Search voices").fill("no such voice")
    await expect(page.get_by_role("heading", name="No voice fits")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("searchbox", name="Search voices")).to_have_value("no such voice")
    await accessible(page)
    await page.get_by_role("link", name="Clear all filters").click()
    await expect(table.get_by_text("ElevenLabs").first).to_be_visible()


async def test_four_voices_say_one_sentence_side_by_side_and_the_cost_is_told_before(page):
    await page.goto("/voices")
    for platform, count in (("elevenlabs", 3), ("ultravox", 1)):
        await page.get_by_role("combobox", name="Platform").select_option(platform)
        await page.wait_for_url(f"**/voices?platform={platform}")
        mark = "ElevenLabs" if platform == "elevenlabs" else "Ultravox"
        rows = page.get_by_role("row").filter(has_text=mark)
        await expect(rows.first).to_be_visible()
        for index in range(count):
            await rows.nth(index).get_by_role("checkbox").check()
    panel = page.get_by_role("region", name="Audition")
    await expect(panel.get_by_text("4 of 4")).to_be_visible()
    free = page.get_by_role("checkbox", checked=False).first
    await expect(free).to_be_disabled()
    await panel.get_by_label("The sentence").fill("Good morning.")
    await expect(panel.get_by_text("Costs 39 credits.")).to_be_visible()
    await expect(panel.get_by_text("Only the vendor's sample")).to_have_count(1)
    await accessible(page)
    await panel.get_by_role("button", name="Speak it in all").click()
    await expect(panel.get_by_role("button", name=re.compile("^Play the sentence by"))).to_have_count(3)
    await panel.get_by_role("button", name=re.compile("^Play the sentence by")).first.click()
    await expect(panel.get_by_role("button", name=re.compile("^Pause the sentence by"))).to_have_count(1)
    await expect(panel.get_by_text("Costs nothing.")).to_be_visible()
    await panel.get_by_role("button", name="Play one after another").click()
    await expect(panel.get_by_role("button", name="Stop")).to_be_visible()
    await panel.get_by_role("button", name="Stop").click()
    await expect(panel.get_by_role("button", name="Play one after another")).to_be_visible()
