import asyncio
import re

from playwright.async_api import expect
from tests.browser.console import accessible


async def test_an_agent_is_tried_in_writing(page, console):
    agent = console.agent("ultravox")
    await page.goto(f"/agents/{agent['id']}?tab=test")
    await page.get_by_role("button", name="Start the conversation").click()
    log = page.get_by_role("log", name="Conversation")
    await expect(log).to_contain_text("Casa Verde, good evening.")
    await page.get_by_role("textbox", name="Write something").fill("When do you open?")
    await page.get_by_role("button", name="Send").click()
    await expect(log).to_contain_text("When do you open?")
    await expect(log).to_contain_text(re.compile("six", re.IGNORECASE))
    await accessible(page)
    await page.get_by_role("button", name="Hang up").click()
    await expect(page.get_by_role("button", name="Start again")).to_be_visible()
    await expect(page.get_by_text("The callee hung up.")).to_be_visible()
    talks = console.read(f"/api/v1/calls?agent_id={agent['id']}&direction=browser")
    assert len(talks) == 1
    await page.get_by_role("link", name="See the call").click()
    await page.wait_for_url(f"**/calls/{talks[0]['id']}")


async def test_an_agent_is_talked_with_by_microphone(page, console):
    """The browser's pretended microphone beeps; the agent is heard, seen and its loudness shown."""
    console.town.speed(1)
    agent = console.agent("elevenlabs")
    await page.goto(f"/agents/{agent['id']}?tab=test")
    await page.get_by_role("button", name="Aloud").click()
    await page.get_by_role("button", name="Start talking").click()
    log = page.get_by_role("log", name="Conversation")
    await expect(log).to_contain_text("Casa Verde, good evening.")
    await expect(page.get_by_role("meter", name="Reception")).not_to_have_js_property("value", 0)
    await page.get_by_role("button", name="Microphone off").click()
    await expect(page.get_by_role("button", name="Microphone on")).to_be_visible()
    await accessible(page)
    await page.get_by_role("button", name="Hang up").click()
    await expect(page.get_by_role("button", name="Start again")).to_be_visible()


async def test_the_agent_calls_and_the_telephone_is_answered_by_typing(page, console):
    console.town.speed(1)
    agent = console.agent("ultravox")
    await page.goto(f"/agents/{agent['id']}?tab=test")
    await page.get_by_role("button", name="Call me", exact=True).first.click()
    await page.get_by_role("button", name="Call me", exact=True).last.click()
    telephone = page.get_by_role("region", name="Telephone")
    await expect(telephone.get_by_text("The telephone rings")).to_be_visible()
    await accessible(page)
    await telephone.get_by_role("button", name="Answer and type").click()
    said = telephone.get_by_role("log", name="What was said")
    await expect(said).to_contain_text("Casa Verde, good evening. How can I help you?")
    question = "At what time do you open in the evening?"
    await telephone.get_by_role("textbox", name="Type what you say").fill(question)
    await telephone.get_by_role("button", name="Send").click()
    await expect(said).to_contain_text(question)
    await expect(said.get_by_text(re.compile("^Agent:.*\\bsix\\b", re.DOTALL)).first).to_be_visible()
    [call] = console.read(f"/api/v1/calls?agent_id={agent['id']}")
    told = [turn["text"] for turn in console.town.transcript(call["id"]) if turn["role"] == "agent"]
    assert any("six" in text for text in told)
    await accessible(page)
    async with page.expect_event("dialog") as asked:
        reloading = asyncio.create_task(page.reload())
    warning = await asked.value
    assert warning.type == "beforeunload"
    await warning.dismiss()
    await asyncio.gather(reloading, return_exceptions=True)
    await telephone.get_by_role("button", name="Hang up").click()
    await expect(telephone.get_by_text("The call is over. You hung up.")).to_be_visible()
    await telephone.get_by_role("link", name="See the call").click()
    await page.wait_for_url("**/calls/call_*")


async def test_a_call_rings_on_any_page_and_can_be_declined(page, console):
    agent = console.agent("ultravox")
    await page.goto("/agents")
    await expect(page.get_by_role("button", name="Open the sandbox telephone")).to_be_visible()
    call = console.town.place(agent["id"], "+14155550110")
    await page.get_by_role("button", name="Decline").click()
    await expect(page.get_by_text("Calls to +14155550110 ring here.")).to_be_visible()
    console.town.settled([call])
    assert console.town.call(call)["status"] == "busy"
