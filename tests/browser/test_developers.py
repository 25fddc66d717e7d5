import json
import re

import httpx
from playwright.async_api import expect
from tests.browser.console import accessible
from tests.waiting import PATIENCE


async def test_a_key_is_shown_once_works_and_is_refused_after_it_was_revoked(page, console):
    name = console.name("Nightly report")
    await page.goto("/developers")
    await page.get_by_role("button", name="New key").click()
    dialog = page.get_by_role("dialog", name="Create an API key")
    await dialog.get_by_label("What it is for").fill(name)
    await dialog.get_by_role("button", name="Create key").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Choose at least one.")
    await dialog.get_by_role("checkbox", name="agents:read").check()
    await accessible(page)
    await dialog.get_by_role("button", name="Create key").click()
    shown = page.get_by_role("dialog", name="Copy the key now")
    secret = (await shown.locator("[data-secret]").inner_text()).strip()
    await accessible(page)
    await shown.get_by_role("button", name="I have copied it").click()
    assert secret not in await page.content()

    headers = {"X-API-Key": secret}
    async with httpx.AsyncClient(
        base_url=console.url, headers=headers, timeout=PATIENCE, trust_env=False
    ) as client:
        assert (await client.get("/api/v1/agents")).status_code == 200
        assert (await client.get("/api/v1/calls")).status_code == 403
        await page.get_by_role("button", name=f"Revoke {name}").click()
        asked = page.get_by_role("dialog", name=f"Revoke {name}?")
        await asked.get_by_role("button", name="Revoke").click()
        line = page.get_by_role("row", name=re.compile(name))
        await expect(line.get_by_text("Revoked")).to_be_visible()
        assert (await client.get("/api/v1/agents")).status_code == 401
    await accessible(page)


async def test_what_the_page_did_is_there_as_curl_without_any_secret(page, console, context):
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    agent = console.agent()
    await page.goto(f"/agents/{agent['id']}")
    await page.get_by_label("First message").fill("Casa Verde, it's open.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    await page.get_by_role("link", name="Developers").click()
    await page.get_by_role("tab", name="Requests of this page").click()
    await page.get_by_role("button", name="Changes").click()
    path = f"/api/v1/agents/{agent['id']}"
    await expect(page.get_by_role("row").filter(has_text=path).first.get_by_text("200")).to_be_visible()
    await accessible(page)
    await page.get_by_role(
        "button", name=re.compile(rf"^Copy as curl: (PATCH|PUT) .*{agent['id']}$")
    ).first.click()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert '-H "X-API-Key: $SWITCHBOARD_API_KEY"' in copied
    assert f"{console.url}{path}" in copied
    assert "it'\\''s open" in copied
    cookie = next(one["value"] for one in await context.cookies() if one["name"] == "switchboard_session")
    assert cookie not in copied
    assert "csrf" not in copied.lower()


async def test_a_password_never_stands_in_the_list_of_requests(page, console):
    await page.goto("/settings?tab=account")
    await page.get_by_role("button", name="Change password").click()
    dialog = page.get_by_role("dialog", name="Change your password")
    await dialog.get_by_label("Current password").fill("correct horse battery")
    await dialog.get_by_label("New password").fill("a much better battery")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Your password is changed.")).to_be_visible()
    await page.get_by_role("link", name="Developers").click()
    await page.get_by_role("tab", name="Requests of this page").click()
    await page.get_by_role("button", name="Changes").click()
    await page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    await page.get_by_role("button", name="Copy as curl: POST /api/v1/me/password").click()
    copied = await page.evaluate("window.copied")
    assert json.loads(copied.rpartition("-d '")[2].rstrip("'")) == {
        "current_password": "…",
        "new_password": "…",
    }
