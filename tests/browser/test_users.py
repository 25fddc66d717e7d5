import re

import pytest
from playwright.async_api import expect
from tests.browser.console import accessible


async def test_somebody_is_let_in_by_a_link_changed_shut_out_and_deleted(page, console, stranger, watch):
    watch.expect(401)
    username = f"newcomer-{console.number}"
    await page.goto("/users")
    await page.get_by_role("button", name="New user").click()
    dialog = page.get_by_role("dialog", name="Let somebody in")
    await dialog.get_by_label("User name").fill(username)
    await dialog.get_by_label("Name", exact=True).fill("Ann Newcomer")
    await dialog.get_by_role("radio", name=re.compile("^Operator")).check()
    await accessible(page)
    await dialog.get_by_role("button", name="Create user").click()
    link = page.get_by_role("dialog", name="A link for Ann Newcomer")
    address = (await link.get_by_text(re.compile("/sign-in.token=")).inner_text()).strip()
    assert address.startswith(console.url)
    await accessible(page)
    await link.get_by_role("button", name="Done").click()

    line = page.get_by_role("row", name=re.compile(username))
    await page.get_by_role("searchbox", name="Search by name").fill(username.upper())
    await expect(page.get_by_text("1 person")).to_be_visible()
    await expect(line.get_by_text("Invited")).to_be_visible()
    await accessible(page)
    await line.get_by_role("button", name="Actions for Ann Newcomer").press("Enter")
    await page.get_by_role("menuitem", name="Edit").press("Enter")
    edit = page.get_by_role("dialog", name="Edit Ann Newcomer")
    await edit.get_by_role("radio", name=re.compile("^Viewer")).check()
    await accessible(page)
    await edit.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Ann Newcomer is now: Viewer.")).to_be_visible()
    await expect(line.get_by_text("Viewer")).to_be_visible()
    for action, state in (("Disable", "Disabled"), ("Enable", "Invited")):
        await line.get_by_role("button", name="Actions for Ann Newcomer").press("Enter")
        await page.get_by_role("menuitem", name=action).press("Enter")
        await expect(line.get_by_text(state)).to_be_visible()
    await line.get_by_role("button", name="Actions for Ann Newcomer").press("Enter")
    await page.get_by_role("menuitem", name="Delete").press("Enter")
    await page.get_by_role("dialog", name="Delete Ann Newcomer?").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("The user is deleted.")).to_be_visible()
    await expect(line).to_have_count(0)
    assert username not in [one["username"] for one in console.read("/api/v1/users?limit=200")]


@pytest.mark.parametrize("role", ["viewer", "operator"])
async def test_who_is_no_admin_sees_no_users_and_is_refused_by_the_api(context, console, watch, role):
    await console.sign_in(context, role)
    page = await context.new_page()
    await page.goto("/users")
    await expect(page.get_by_role("heading", name="Your role does not allow this.")).to_be_visible()
    await expect(page.get_by_role("button", name="New user")).to_be_disabled()
    navigation = page.get_by_role("navigation", name="Main navigation")
    await expect(navigation.get_by_role("link", name="Users")).to_have_count(0)
    await accessible(page)
    await page.goto("/developers")
    await expect(page.get_by_role("button", name="New key")).to_be_disabled()
    await page.goto("/settings?tab=audit")
    await expect(page.get_by_role("tab", name="Audit trail")).to_have_count(0)
    me = await (await context.request.get("/api/v1/session")).json()
    headers = {"X-CSRF-Token": me["csrf_token"], "Origin": console.url}
    wanted = {"username": f"intruder-{role}", "role": "admin"}
    asked = await context.request.post("/api/v1/users", data=wanted, headers=headers)
    assert asked.status == 403
    key = {"name": "mine", "scopes": ["admin"]}
    assert (await context.request.post("/api/v1/keys", data=key, headers=headers)).status == 403
    assert (await context.request.get("/api/v1/audit")).status == 403
