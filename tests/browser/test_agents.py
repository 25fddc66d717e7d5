import re

from playwright.async_api import expect
from tests.browser.console import accessible


async def test_an_agent_is_made_with_a_voice_that_was_really_heard(page, console):
    for platform, voices in (("Ultravox AI Agent", "Ultravox"), ("ElevenLabs AI Agent", "ElevenLabs")):
        name = console.name(f"Desk {voices}")
        await page.goto("/agents/new")
        await page.get_by_role("radio", name=re.compile(platform)).check()
        await page.get_by_label("Name", exact=True).fill(name)
        await page.get_by_label("Prompt").fill("You greet {{guest}} and take reservations.")
        await page.get_by_label("First message").fill("Hello {{guest}}.")
        await page.get_by_label("Default of guest").fill("Ann")
        await page.get_by_role("button", name="Choose a voice").click()
        dialog = page.get_by_role("dialog", name=f"Choose a voice of {voices}")
        choice = dialog.get_by_role("radio").first
        await choice.check()
        await dialog.get_by_role("button", name=re.compile("^Play sample of")).first.click()
        await expect(dialog.get_by_role("button", name=re.compile("^Pause sample of"))).to_have_count(1)
        await dialog.get_by_role("textbox", name="Speak my sentence").fill("Good morning, this is Casa Verde.")
        await expect(dialog.get_by_text(re.compile("characters left today"))).to_be_visible()
        await dialog.get_by_role("button", name=re.compile("^Speak my sentence by")).click()
        await expect(dialog.get_by_role("button", name=re.compile("^Pause my sentence by"))).to_be_visible()
        await accessible(page)
        await dialog.get_by_role("button", name=re.compile("^Take ")).click()
        await page.get_by_role("button", name="Create agent").click()
        await expect(page.get_by_role("heading", name=name)).to_be_visible()
        made = next(one for one in console.read(f"/api/v1/agents?search={name}") if one["name"] == name)
        assert made["voice"]
        assert made["platform"] == voices.lower()
        assert made["variables"] == {"guest": {"type": "string", "default": "Ann"}}
        await accessible(page)


async def test_switching_the_platform_keeps_what_was_typed(page):
    await page.goto("/agents/new")
    await page.get_by_label("Name", exact=True).fill("Reception")
    await page.get_by_label("Prompt").fill("You are {{role}}.")
    await page.get_by_text("Advanced").click()
    await page.get_by_label("Model").fill("ultravox-v0.7")
    await page.get_by_role("radio", name=re.compile("ElevenLabs AI Agent")).check()
    await expect(page.get_by_label("Stability")).to_be_visible()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Reception")
    await expect(page.get_by_label("Prompt")).to_have_value("You are {{role}}.")
    await expect(page.get_by_label("Model")).to_have_value("")
    await page.get_by_role("radio", name=re.compile("Ultravox AI Agent")).check()
    await expect(page.get_by_label("Model")).to_have_value("ultravox-v0.7")
    await page.reload()
    await expect(page.get_by_label("Prompt")).to_have_value("You are {{role}}.")
    await accessible(page)


async def test_what_is_wrong_is_told_at_its_field(page, watch):
    watch.expect(422)
    await page.goto("/agents/new")
    await page.get_by_label("Name", exact=True).fill("Reception")
    await page.get_by_label("Prompt").fill("You help.")
    await page.get_by_text("Tools", exact=True).click()
    await page.get_by_role("button", name="Add a tool").click()
    await page.get_by_role("menuitem", name="HTTP request").click()
    await page.get_by_label("Address").fill("http://example.com")
    await page.get_by_role("button", name="Create agent").click()
    await expect(page.get_by_role("alert")).to_contain_text("fields are wrong")
    address = page.get_by_label("Address")
    await expect(address).to_have_attribute("aria-invalid", "true")
    await expect(address).to_have_accessible_description(re.compile("https://"))
    await accessible(page)


async def test_the_list_is_searched_sorted_and_changed_in_bulk(page, console):
    first = console.agent("ultravox", name=console.name("Bulk Alpha"))
    console.agent("elevenlabs", name=console.name("Bulk Beta"))
    await page.goto("/agents")
    await page.get_by_role("searchbox", name="Search by name or prompt").fill("Bulk Alpha")
    await expect(page).to_have_url(re.compile("search=Bulk"))
    await expect(page.get_by_role("link", name=console.name("Bulk Alpha"))).to_be_visible()
    await expect(page.get_by_role("link", name=console.name("Bulk Beta"))).to_have_count(0)
    await page.goto("/agents?search=Bulk&platform=elevenlabs&sort=name")
    await expect(page.get_by_role("link", name=console.name("Bulk Beta"))).to_be_visible()
    await expect(page.get_by_role("link", name=console.name("Bulk Alpha"))).to_have_count(0)
    await page.goto("/agents?search=Bulk%20Alpha")
    await page.get_by_role("checkbox", name=f"Select {console.name('Bulk Alpha')}").click()
    await accessible(page)
    await page.get_by_role("button", name="Switch off").click()
    row = page.get_by_role("row").filter(has_text=console.name("Bulk Alpha"))
    await expect(row.get_by_text("Off")).to_be_visible()
    assert console.read(f"/api/v1/agents/{first['id']}")["status"] == "inactive"


async def test_a_telephone_selects_too_and_what_failed_stays_selected_with_its_reason(page, console):
    fine, busy = (console.agent(name=console.name(f"Many {word}")) for word in ("Fine", "Busy"))
    done = {"id": fine["id"], "ok": True, "code": None, "detail": None}
    failed = {"id": busy["id"], "ok": False, "code": "agent-busy", "detail": "A call of it runs."}
    answer = {"done": 1, "failed": 1, "results": [done, failed]}
    await page.route("**/api/v1/agents/bulk", lambda route: route.fulfill(json=answer))
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto("/agents?search=Many")
    for agent in (fine, busy):
        await page.get_by_role("checkbox", name=f"Select {agent['name']}").click()
    await expect(page.get_by_role("region", name="2 agents selected")).to_be_visible()
    await accessible(page)
    await page.get_by_role("button", name="Switch off").click()
    await expect(page.get_by_text(f"{busy['name']}: A call of it runs.")).to_be_visible()
    await expect(page.get_by_role("region", name="1 agent selected")).to_be_visible()
    await expect(page.get_by_role("checkbox", name=f"Select {busy['name']}")).to_be_checked()


async def test_a_change_elsewhere_shows_without_a_reload(page, console):
    agent = console.agent()
    await page.goto(f"/agents/{agent['id']}")
    await expect(page.get_by_text("Version 1")).to_be_visible()
    renamed = console.name("Renamed")
    console.town.api.patch(f"/api/v1/agents/{agent['id']}", json={"name": renamed}).raise_for_status()
    await expect(page.get_by_role("heading", name=renamed)).to_be_visible()
    await expect(page.get_by_label("Name", exact=True)).to_have_value(renamed)


async def test_two_editors_in_conflict_see_both_and_choose(page, console, watch):
    watch.expect(412)
    agent = console.agent()
    await page.goto(f"/agents/{agent['id']}")
    await page.get_by_label("First message").fill("Mine.")
    theirs = {"prompt": agent["prompt"] + " Be brief."}
    console.town.api.patch(f"/api/v1/agents/{agent['id']}", json=theirs).raise_for_status()
    await expect(page.get_by_text("Somebody saved version 2")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Somebody else changed this agent")
    await expect(dialog.get_by_text("Be brief.")).to_be_visible()
    await expect(dialog.get_by_text("Mine.")).to_be_visible()
    await accessible(page)
    await dialog.get_by_role("button", name="Keep both").click()
    await expect(page.get_by_text("Saved as version 3")).to_be_visible()
    now = console.read(f"/api/v1/agents/{agent['id']}")
    assert now["first_message"] == "Mine."
    assert now["prompt"].endswith("Be brief.")


async def test_an_older_version_is_compared_and_restored(page, console):
    agent = console.agent(first_message="Casa Verde, good evening.")
    changed = {"first_message": "Casa Verde, good morning."}
    console.town.api.patch(f"/api/v1/agents/{agent['id']}", json=changed).raise_for_status()
    await page.goto(f"/agents/{agent['id']}?tab=versions")
    await expect(page.get_by_role("deletion")).to_have_text("evening.")
    await expect(page.get_by_role("insertion")).to_have_text("morning.")
    await accessible(page)
    await page.get_by_role("button", name="Restore").click()
    await page.get_by_role("dialog").get_by_role("button", name="Restore").click()
    await expect(page.get_by_text("Version 1 is back as version 3")).to_be_visible()
    assert console.read(f"/api/v1/agents/{agent['id']}")["first_message"] == "Casa Verde, good evening."


async def test_a_copy_to_the_other_platform_shows_what_becomes_different(page, console):
    goal = {"name": "booked", "goal": "The caller has a table."}
    agent = console.agent("elevenlabs", evaluation=[goal], name=console.name("Original"))
    await page.goto(f"/agents/{agent['id']}")
    await page.get_by_role("button", name="Copy to Ultravox").click()
    dialog = page.get_by_role("dialog", name="Copy to Ultravox")
    await expect(dialog.get_by_text("Ultravox does not judge calls")).to_be_visible()
    await expect(dialog.get_by_role("button", name=re.compile("Play sample of")).last).to_be_visible()
    change = dialog.get_by_role("button", name="Change the voice")
    await change.click()
    await expect(
        page.get_by_role("dialog", name="Choose a voice of Ultravox").get_by_role("radio").first
    ).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(change).to_be_focused()
    await dialog.get_by_role("switch", name="Let them stand in for each other").click()
    await accessible(page)
    await dialog.get_by_role("button", name="Make the copy").click()
    await expect(page.get_by_text("Copied to Ultravox")).to_be_visible()
    await expect(page).not_to_have_url(re.compile(agent["id"]))
    copies = console.read(f"/api/v1/agents?search={console.name('Original')}&platform=ultravox")
    assert [copy["fallback_agent_id"] for copy in copies] == [agent["id"]]


async def test_deleting_says_what_goes_and_what_stays(page, console):
    agent = console.agent(name=console.name("Doomed"))
    await page.goto(f"/agents/{agent['id']}")
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog", name=f"Delete {console.name('Doomed')}?")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="More actions")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Delete").press("Enter")
    await expect(dialog.get_by_text(agent["remote_id"])).to_be_visible()
    await expect(dialog.get_by_text("transcripts, recordings and costs")).to_be_visible()
    await accessible(page)
    await dialog.get_by_role("button", name="Delete").click()
    await page.wait_for_url("**/agents")
    assert console.town.api.get(f"/api/v1/agents/{agent['id']}").status_code == 404


async def test_hostile_names_and_prompts_are_shown_as_text(page, console):
    hostile = "<img src=x onerror=window.broken=1><script>window.broken=1</script>"
    agent = console.agent(name=hostile[:60], prompt=f"{hostile} {{{{guest}}}}", first_message=hostile)
    await page.goto(f"/agents/{agent['id']}?tab=versions")
    await expect(page.get_by_role("heading", name=hostile[:60])).to_be_visible()
    await page.goto("/agents")
    await expect(page.get_by_role("link", name=hostile[:60]).first).to_be_visible()
    assert await page.evaluate("window.broken") is None


async def test_viewers_see_but_cannot_write(context, console, watch):
    agent = console.agent()
    await console.sign_in(context, "viewer")
    page = await context.new_page()
    await page.goto(f"/agents/{agent['id']}")
    await expect(page.get_by_label("Name", exact=True)).to_have_attribute("readonly", "")
    await expect(page.get_by_role("button", name="Copy to ElevenLabs")).to_be_disabled()
    await page.goto("/agents/new")
    await expect(page.get_by_role("heading", name="Your role does not allow this.")).to_be_visible()
    await expect(page.get_by_role("textbox")).to_have_count(0)
    await expect(page.get_by_text("Your role does not allow this.")).to_be_visible()
    await accessible(page)


async def test_what_was_typed_outlives_a_look_at_another_tab_and_leaving_asks(page, console):
    agent = console.agent()
    await page.goto(f"/agents/{agent['id']}")
    await page.get_by_label("First message").fill("Half a sen")
    await page.get_by_role("tab", name="Versions").click()
    await expect(page.get_by_text("This is the current version")).to_be_visible()
    await page.get_by_role("tab", name="Edit Changes are not saved yet.").click()
    await expect(page.get_by_label("First message")).to_have_value("Half a sen")
    await page.get_by_role("link", name="Voices").click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    await accessible(page)
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_label("First message")).to_have_value("Half a sen")
    await page.get_by_role("link", name="Voices").click()
    await dialog.get_by_role("button", name="Leave").click()
    await page.wait_for_url("**/voices")
    assert console.read(f"/api/v1/agents/{agent['id']}")["version"] == 1


async def test_numbers_are_typed_anew_and_discarding_takes_every_box_back(page, console):
    agent = console.agent(tags=["night"])
    await page.goto(f"/agents/{agent['id']}")
    await page.get_by_text("Advanced").click()
    longest = page.get_by_label("Longest call, seconds")
    await longest.fill("")
    await longest.press_sequentially("90")
    await expect(longest).to_have_value("90")
    await page.get_by_label("Tags").fill("night, day")
    await page.get_by_role("button", name="Discard").click()
    await expect(longest).to_have_value("600")
    await expect(page.get_by_label("Tags")).to_have_value("night")
    await longest.fill("90")
    await page.get_by_label("Tags").fill("day")
    await page.get_by_label("Tags").press("Enter")
    await expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    saved = console.read(f"/api/v1/agents/{agent['id']}")
    assert (saved["max_duration_seconds"], saved["tags"]) == (90, ["day"])


async def test_what_cannot_be_published_waits_in_the_form_and_goes_out_later(page, console, watch):
    watch.expect(503)
    agent = console.agent("elevenlabs")
    born = console.name("Born in an outage")
    with console.outage("elevenlabs"):
        await page.goto(f"/agents/{agent['id']}")
        await page.get_by_label("First message").fill("Said later.")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Changes wait to be published")).to_be_visible()
        await expect(page.get_by_label("First message")).to_have_value("Said later.")
        await expect(page.get_by_role("button", name="Save")).to_have_count(0)
        await accessible(page)
        await page.goto("/agents/new?platform=elevenlabs")
        await page.get_by_label("Name", exact=True).fill(born)
        await page.get_by_label("Prompt").fill("You help.")
        await page.get_by_role("button", name="Create agent").click()
        await expect(page.get_by_text("ElevenLabs does not have this agent yet")).to_be_visible()
        await accessible(page)
    await page.goto(f"/agents/{agent['id']}")
    await expect(page.get_by_label("First message")).to_have_value("Said later.")
    assert console.read(f"/api/v1/agents/{agent['id']}")["first_message"] == agent["first_message"]
    await page.get_by_role("button", name="Publish now").click()
    await expect(page.get_by_text("Version 2", exact=True)).to_be_visible(timeout=30_000)
    await expect(page.get_by_text("Changes wait to be published")).to_have_count(0)
    assert console.read(f"/api/v1/agents/{agent['id']}")["first_message"] == "Said later."
    assert [one["status"] for one in console.read(f"/api/v1/agents?search={born}")] == ["draft"]
