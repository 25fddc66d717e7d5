import re

import httpx
from playwright.async_api import expect
from tests.browser.console import PASSWORD, accessible
from tests.waiting import PATIENCE


async def test_times_are_shown_in_the_chosen_zone_and_rows_as_dense_as_wanted(page, console):
    await page.goto("/")
    await expect(page.get_by_text(re.compile("^Today, .* Europe/Berlin$"))).to_be_visible()
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_role("combobox", name="Time zone").click()
    await page.keyboard.type("Tokyo")
    await page.get_by_role("option", name="Asia/Tokyo").click()
    await page.get_by_role("button", name="Compact").click()
    await expect(page.locator("html")).to_have_attribute("data-density", "compact")
    await accessible(page)
    await page.reload()
    await expect(page.get_by_role("combobox", name="Time zone")).to_have_text("Asia/Tokyo")
    await expect(page.locator("html")).to_have_attribute("data-density", "compact")
    async with page.expect_request(re.compile("metrics/summary")) as asked:
        await page.get_by_role("link", name="Home").click()
    assert "zone=Asia%2FTokyo" in (await asked.value).url
    await expect(page.get_by_text(re.compile("^Today, .* Asia/Tokyo$"))).to_be_visible()


async def test_another_browser_is_signed_out_from_the_list_of_sessions(context, page, console):
    name = (await (await context.request.get("/api/v1/session")).json())["user"]["username"]
    headers = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"}
    async with httpx.AsyncClient(
        base_url=console.url, headers=headers, timeout=PATIENCE, trust_env=False
    ) as other:
        order = {"username": name, "password": PASSWORD}
        (await other.post("/api/v1/session", json=order)).raise_for_status()
        await page.goto("/settings?tab=account")
        await expect(page.get_by_text("This browser")).to_be_visible()
        await accessible(page)
        await page.get_by_role("button", name="Sign out there: Firefox on Windows").click()
        await expect(page.get_by_role("button", name="Sign out there: Firefox on Windows")).to_have_count(0)
        assert (await other.get("/api/v1/me")).status_code == 401
    assert (await context.request.get("/api/v1/me")).status == 200


async def test_admins_read_who_did_what(page, console):
    agent = console.agent()
    await page.goto("/settings?tab=audit")
    line = page.get_by_role("row", name=re.compile(agent["id"]))
    await expect(line.get_by_text("Created an agent")).to_be_visible()
    await accessible(page)
    await line.get_by_role("link", name=agent["id"]).click()
    await expect(page.get_by_role("heading", name=agent["name"])).to_be_visible()
