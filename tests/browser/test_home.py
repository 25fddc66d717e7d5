import re

import psycopg
import pytest
from playwright.async_api import expect
from tests.browser.console import Console, Watch, accessible
from tests.processes import town


@pytest.fixture
def empty(postgres, migrated_template):
    """A product in which nothing has happened yet."""
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE newcomer TEMPLATE {migrated_template} STRATEGY file_copy")
    with town(postgres.url("newcomer")) as running, running.worker():
        running.speed(10)
        yield Console(running, 1)


async def test_a_newcomer_places_a_sandbox_call_in_two_clicks(browser, empty):
    context = await browser.new_context(base_url=empty.url, locale="en-GB")
    watch = Watch(context)
    await empty.sign_in(context, "operator")
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_role("heading", name="Place your first call")).to_be_visible()
    await accessible(page)
    await page.get_by_role("button", name="ElevenLabs", exact=True).click()
    await page.get_by_role("button", name="Call now").click()
    await page.wait_for_url(re.compile("/calls/call_"))
    call = page.url.rpartition("/")[2]
    assert empty.town.call(call)["to"] == "+14155550100"
    made = empty.read("/api/v1/agents")
    assert [(one["name"], one["platform"]) for one in made] == [("Casa Verde", "elevenlabs")]
    await expect(page.get_by_role("log").get_by_text("Casa Verde").first).to_be_visible()
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("link", name=re.compile("^Calls today"))).to_contain_text("1 ElevenLabs")
    await expect(page.get_by_role("heading", name="Place your first call")).to_have_count(0)
    await context.close()
    watch.check()


async def test_home_tells_of_today_and_every_tile_leads_to_its_calls(page, console):
    agent = console.agent()
    reached, refused = (console.town.place(agent["id"], number) for number in ("+14155550100", "+14155550103"))
    console.town.settled([reached, refused])
    await page.goto("/")
    await expect(page.get_by_role("link", name=re.compile("^Answer rate"))).to_contain_text("answered")
    await expect(page.get_by_role("link", name=re.compile("^Duration"))).to_contain_text("p95")
    await expect(page.get_by_role("link", name=re.compile("^Spend today"))).to_contain_text("$")
    await expect(page.get_by_role("link", name=re.compile("^Left at the platforms"))).to_contain_text("credits")
    await expect(page.get_by_role("img", name=re.compile(r"\d+ calls?, \d+ answered"))).to_be_visible()
    await page.get_by_role("button", name="30 days").click()
    await expect(page.get_by_role("img", name=re.compile(r"\d+ calls?, \d+ answered"))).to_be_visible()
    await accessible(page)
    ended = page.get_by_role("region", name="How today's calls ended")
    await ended.get_by_role("link", name=re.compile("Completed")).first.click()
    await page.wait_for_url(re.compile(r"/calls\?.*status=completed"))
    await expect(page.get_by_role("table", name="Calls")).to_be_visible()
    await page.go_back()
    await page.get_by_role("link", name=re.compile("^Live now")).click()
    await page.wait_for_url("**/live")


async def test_a_call_shows_on_home_without_a_reload(page, console):
    agent = console.agent("elevenlabs")
    await page.goto("/")
    tile = page.get_by_role("link", name=re.compile("^Calls today"))
    await expect(tile).to_be_visible()
    before = console.read("/api/v1/metrics/summary?zone=Europe/Berlin")["today"]["calls"]
    console.town.place(agent["id"], "+14155550100")
    await expect(page.get_by_role("link", name=re.compile(rf"^Calls today {before + 1}\b"))).to_be_visible()


async def test_what_went_wrong_leads_to_the_call(page, console):
    agent = console.agent()
    call = console.town.place(agent["id"], "+14155550103")
    console.town.settled([call])
    await page.goto("/")
    problems = page.get_by_role("region", name="Last problems")
    await problems.get_by_role("link", name=re.compile("^See the call")).first.click()
    await page.wait_for_url(re.compile("/calls/call_"))
