from playwright.async_api import expect
from tests.browser.console import PASSWORD, accessible


async def test_a_person_signs_in_and_out(stranger, console):
    username = console.user("operator")
    await stranger.goto("/agents?search=nobody")
    await expect(stranger.get_by_role("heading", name="Sign in to Switchboard")).to_be_visible()
    await accessible(stranger)
    await stranger.get_by_label("User name").fill(username)
    await stranger.get_by_label("Password").fill(PASSWORD)
    await stranger.get_by_role("button", name="Sign in").click()
    await stranger.wait_for_url("**/agents?search=nobody")
    await expect(stranger.get_by_text("No agent fits")).to_be_visible()
    await stranger.get_by_role("button", name="Your account").click()
    await stranger.get_by_role("menuitem", name="Sign out").click()
    await stranger.wait_for_url("**/sign-in")
    await stranger.goto("/agents")
    await stranger.wait_for_url("**/sign-in?next=*")


async def test_a_wrong_password_is_told_and_what_was_typed_stays(stranger, console, watch):
    watch.expect(401)
    username = console.user("viewer")
    await stranger.goto("/sign-in")
    await stranger.get_by_label("User name").fill(username)
    await stranger.get_by_label("Password").fill("wrong password")
    await stranger.get_by_role("button", name="Sign in").click()
    await expect(stranger.get_by_role("alert")).to_contain_text("The name or the password is wrong.")
    await expect(stranger.get_by_label("User name")).to_have_value(username)
    await accessible(stranger)


async def test_a_one_time_link_leads_to_a_password_and_works_once(stranger, console, watch):
    watch.expect(401)
    order = {"username": f"new-{console.number}", "role": "admin"}
    made = console.town.api.post("/api/v1/users", json=order).raise_for_status().json()
    await stranger.goto(made["link"]["path"])
    await expect(stranger.get_by_role("heading", name="Choose your password")).to_be_visible()
    await accessible(stranger)
    await expect(stranger.get_by_label("User name")).to_have_value(order["username"])
    await stranger.get_by_label("New password").fill("a better password")
    await stranger.get_by_role("button", name="Save and continue").click()
    await expect(stranger.get_by_role("navigation", name="Main navigation")).to_be_visible()
    await stranger.goto(made["link"]["path"])
    await expect(stranger.get_by_role("heading", name="This link does not work any more")).to_be_visible()


async def test_a_link_may_not_lead_elsewhere_after_signing_in(stranger, console):
    username = console.user("viewer")
    await stranger.goto("/sign-in?next=//example.com/steal")
    await stranger.get_by_label("User name").fill(username)
    await stranger.get_by_label("Password").fill(PASSWORD)
    await stranger.get_by_role("button", name="Sign in").click()
    await expect(stranger.get_by_role("navigation", name="Main navigation")).to_be_visible()
    assert stranger.url.startswith(console.url)


async def test_who_is_signed_out_elsewhere_is_told_and_comes_back_to_the_same_page(stranger, console, watch):
    watch.expect(401)
    username = console.user("operator")
    await stranger.goto("/agents?search=nobody")
    await _enter(stranger, username)
    await expect(stranger.get_by_text("No agent fits")).to_be_visible()
    found = next(one for one in console.read("/api/v1/users?limit=200") if one["username"] == username)
    for disabled in (True, False):
        console.town.api.patch(f"/api/v1/users/{found['id']}", json={"disabled": disabled}).raise_for_status()
    await expect(stranger.get_by_text("You were signed out.")).to_be_visible()
    await accessible(stranger)
    await _enter(stranger, username)
    await stranger.wait_for_url("**/agents?search=nobody")


async def _enter(page, username):
    await page.get_by_label("User name").fill(username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
