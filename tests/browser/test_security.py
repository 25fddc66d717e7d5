"""What strangers, other pages and people of lesser roles try with the console."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.async_api import Page, expect
from tests.browser.console import Console, Watch
from tests.browser.foreign import elsewhere
from tests.browser.pages import PAGES, Scene

import switchboard.http

BUILT = Path(switchboard.http.__file__).with_name("console")
HOSTILE = (
    "<img src=x class=injected onerror=window.broken=1><script class=injected>window.broken=1</script>"
    "<iframe class=injected srcdoc='<script>parent.broken=1</script>'></iframe>"
    "<a class=injected href='javascript:window.broken=1'>x</a>\u202e${7*7}"
)
LOOK = "[window.broken ?? null, document.querySelectorAll('.injected').length]"
JSON_HEADERS = {"Content-Type": "application/json"}


def hostile_scene(console) -> Scene:
    """An agent, a finished call and an admin's key with markup wherever somebody else may write."""
    api = console.town.api
    agent = console.agent(
        "elevenlabs", name=HOSTILE[:64], prompt=HOSTILE, first_message=HOSTILE, variables={"who": HOSTILE}
    )
    api.patch(f"/api/v1/agents/{agent['id']}", json={"prompt": f"{HOSTILE} again"}).raise_for_status()
    call = console.town.place(agent["id"], "+14155550100")
    console.town.settled([call])
    api.post("/api/v1/keys", json={"name": HOSTILE[:80], "scopes": ["calls:read"]}).raise_for_status()
    order = {"username": f"mallory-{console.number}", "name": HOSTILE[:80], "role": "viewer"}
    api.post("/api/v1/users", json=order).raise_for_status()
    with psycopg.connect(console.town.env["DATABASE_URL"], autocommit=True) as connection:
        analysis = {
            "criteria": [{"name": HOSTILE, "result": "failure", "rationale": HOSTILE}],
            "data": [{"name": HOSTILE, "value": HOSTILE, "rationale": HOSTILE}],
        }
        connection.execute(
            "UPDATE calls SET summary = %s, reason_detail = %s, analysis = %s, raw = raw || %s WHERE id = %s",
            [HOSTILE, HOSTILE, json.dumps(analysis), json.dumps({"twilio": {HOSTILE: HOSTILE}}), call],
        )
        connection.execute("UPDATE call_turns SET text = %s WHERE call_id = %s AND index < 2", [HOSTILE, call])
    return Scene(agent["id"], call)


@dataclass
class Walk:
    """What came over the line while somebody went through every page."""

    console: Console
    scene: Scene
    watch: Watch
    looks: dict[str, list] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)

    async def through(self, page: Page) -> None:
        asked: set[str] = set()
        page.on("request", lambda request: asked.add(request.url) if request.method == "GET" else None)
        for one in PAGES:
            await page.goto(self.scene.address(one))
            await page.get_by_role("main").get_by_role("heading").first.wait_for()
            await page.wait_for_timeout(200)
            self.looks[one] = await page.evaluate(LOOK)
            self.shown[one] = await page.locator("body").inner_text()
        self.hosts = {urlsplit(url).netloc for url in asked}
        for url in asked:
            path = urlsplit(url).path
            if not url.startswith("blob:") and path != "/api/v1/events" and not path.endswith("/recording"):
                self.bodies[url] = await (await page.context.request.get(url)).text()


@pytest.fixture(scope="module")
async def walk(browser, busy_town) -> AsyncIterator[Walk]:
    """An admin has been on every page, with hostile things on them."""
    busy_town.speed(20)
    console = Console(busy_town, 900)
    scene = await asyncio.to_thread(hostile_scene, console)
    context = await browser.new_context(base_url=console.url, locale="en-GB")
    walk = Walk(console, scene, Watch(context))
    await console.sign_in(context, "admin")
    page = await context.new_page()
    await walk.through(page)
    yield walk
    await context.close()


async def test_markup_of_others_is_shown_as_text_on_every_page(walk):
    assert walk.looks == {one: [None, 0] for one in PAGES}
    for one in ("/agents", "/agents/{agent}", "/calls", "/calls/{call}", "/developers", "/users"):
        assert "<img src=x class=injected" in walk.shown[one], one
    walk.watch.check()


async def test_markup_of_others_is_text_in_the_palette_and_in_the_drawer_too(page, walk):
    await page.goto(walk.scene.address("/live?call={call}"))
    await page.get_by_role("dialog").get_by_text("<img src=x class=injected").first.wait_for()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.get_by_role("option", name=re.compile("<img src=x")).first.wait_for()
    assert await page.evaluate(LOOK) == [None, 0]


async def test_nothing_that_the_console_loads_carries_a_secret_or_comes_from_elsewhere(console, walk):
    secrets = {
        value
        for name, value in console.town.env.items()
        if re.search("KEY|SECRET|TOKEN|DATABASE_URL", name) and len(value) > 12
    }
    assert len(secrets) >= 6
    assert any("/api/v1/calls/" in url for url in walk.bodies)
    files = {str(path): path.read_text() for path in BUILT.rglob("*") if path.suffix in {".js", ".css", ".html"}}
    leaks = [
        (where, name)
        for where, text in (walk.bodies | files).items()
        for name in secrets | {"sourceMappingURL"}
        if name in text
    ]
    assert leaks == []
    assert walk.hosts <= {urlsplit(console.url).netloc, ""}


async def test_the_page_may_run_no_inline_script_and_stand_in_no_frame(page, console):
    answer = await page.goto("/agents")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)", await answer.text())
    assert re.search(r"\son\w+=|javascript:", await answer.text()) is None


ATTACKS = """async (target) => {
  const outcome = {};
  const json = JSON.stringify({name: "loot", scopes: ["admin"]});
  const tries = {
    cors: {method: "POST", headers: {"Content-Type": "application/json"}, body: json},
    plain: {method: "POST", headers: {"Content-Type": "text/plain"}, body: json},
    blind: {method: "POST", mode: "no-cors", body: json},
    delete: {method: "DELETE"},
    read: {method: "GET"},
  };
  for (const [name, init] of Object.entries(tries)) {
    const path = name === "delete" ? "/api/v1/session" : "/api/v1/keys";
    outcome[name] = await fetch(target + path, {credentials: "include", ...init})
      .then(async (answer) => answer.type === "opaque" ? "opaque" : await answer.text(), () => "refused");
  }
  outcome.events = await new Promise((done) => {
    const source = new EventSource(target + "/api/v1/events?after=0", {withCredentials: true});
    source.onopen = source.onmessage = () => done("open");
    source.onerror = () => { source.close(); done("refused"); };
  });
  for (const path of ["/api/v1/agents/AGENT/talk", "/api/v1/sandbox/telephone"]) {
    outcome[path] = await new Promise((done) => {
      const socket = new WebSocket(target.replace("http", "ws") + path);
      socket.onopen = () => done("open");
      socket.onerror = () => done("refused");
    });
  }
  return outcome;
}"""
FORM = """([target, body]) => new Promise((done) => {
  const frame = Object.assign(document.createElement("iframe"), {name: "hidden"});
  const form = Object.assign(document.createElement("form"), {
    method: "post", action: target + "/api/v1/keys", enctype: "text/plain", target: "hidden"});
  const field = Object.assign(document.createElement("input"), {type: "hidden", name: body, value: '"}'});
  form.append(field);
  document.body.append(frame, form);
  frame.addEventListener("load", () => done(null));
  form.submit();
})"""
FRAME = """(target) => new Promise((done) => {
  const frame = Object.assign(document.createElement("iframe"), {src: target + "/agents"});
  frame.addEventListener("load", () => setTimeout(done, 300));
  document.body.append(frame);
})"""


async def test_a_page_of_another_origin_cannot_drive_the_api_with_the_session(context, console):
    """Another port of the same host: the browser sends the cookie along, SameSite or not."""
    await console.sign_in(context, "admin")
    agent = console.agent()
    keys = len(console.read("/api/v1/keys?limit=200"))
    page = await context.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    with elsewhere() as foreign:
        await page.goto(foreign)
        outcome = await page.evaluate(ATTACKS.replace("AGENT", agent["id"]), console.url)
        assert outcome.pop("blind") == "opaque"
        assert set(outcome.values()) == {"refused"}, outcome
        await page.evaluate(FORM, [console.url, '{"name": "loot", "scopes": ["admin"], "x": "'])
        await page.evaluate(FRAME, console.url)
        framed = [frame for frame in page.frames if frame.url.startswith(f"{console.url}/agents")]
        assert [await frame.locator("#root").count() for frame in framed] in ([], [0])
    assert sum("/api/v1/keys" in url for url in sent) >= 4
    assert len(console.read("/api/v1/keys?limit=200")) == keys
    await page.goto(f"{console.url}/agents")
    await expect(page.get_by_role("button", name="Your account")).to_be_visible()


WRITE = """async ([method, path, body]) => {
  const me = await (await fetch("/api/v1/me")).json();
  const answer = await fetch(path, {method, body: body && JSON.stringify(body),
    headers: {"Content-Type": "application/json", "X-CSRF-Token": me.csrf_token}});
  return answer.status;
}"""
FOR_OPERATORS = (
    ("POST", "/api/v1/agents", {"name": "x", "prompt": "x"}),
    ("PATCH", "/api/v1/agents/{agent}", {"name": "x"}),
    ("PUT", "/api/v1/agents/{agent}", {"name": "x", "prompt": "x"}),
    ("DELETE", "/api/v1/agents/{agent}", None),
    ("POST", "/api/v1/agents/{agent}/copy?to=elevenlabs", {}),
    ("POST", "/api/v1/agents/{agent}/versions/1/restore", None),
    ("POST", "/api/v1/calls", {"agent_id": "{agent}", "to": "+14155550100"}),
    ("POST", "/api/v1/calls/{agent}", {"phone_number": "+14155550100"}),
)
FOR_ADMINS = (
    ("GET", "/api/v1/users", None),
    ("POST", "/api/v1/users", {"username": "x", "role": "admin"}),
    ("PATCH", "/api/v1/users/usr_x", {"role": "admin"}),
    ("DELETE", "/api/v1/users/usr_x", None),
    ("POST", "/api/v1/users/usr_x/link", None),
    ("GET", "/api/v1/keys", None),
    ("POST", "/api/v1/keys", {"name": "x", "scopes": ["admin"]}),
    ("DELETE", "/api/v1/keys/key_x", None),
    ("GET", "/api/v1/audit", None),
)


@pytest.mark.parametrize(
    ("role", "refused"), [("viewer", (*FOR_OPERATORS, *FOR_ADMINS)), ("operator", FOR_ADMINS)]
)
async def test_who_may_not_write_is_refused_and_spared_the_buttons(context, console, watch, role, refused):
    watch.expect(403)
    await console.sign_in(context, role)
    agent = console.agent()
    page = await context.new_page()
    await page.goto("/agents")
    for method, path, body in refused:
        filled = json.loads(json.dumps(body).replace("{agent}", agent["id"]))
        status = await page.evaluate(WRITE, [method, path.replace("{agent}", agent["id"]), filled])
        assert status == 403, (method, path, status)
    assert console.read(f"/api/v1/agents/{agent['id']}")["version"] == 1
    navigation = page.get_by_role("navigation", name="Main navigation")
    await expect(navigation.get_by_role("link", name="Agents")).to_be_visible()
    await expect(navigation.get_by_role("link", name="Users")).to_have_count(0)
    await page.goto(f"/agents/{agent['id']}")
    save = page.get_by_role("button", name="Copy to ElevenLabs")
    await (expect(save).to_be_disabled() if role == "viewer" else expect(save).to_be_enabled())


@pytest.mark.parametrize("wrong", ["console.error('no')", "console.warn('no')", "setTimeout(() => nothing.here)"])
async def test_the_watch_over_all_browser_tests_sees_what_a_page_logs(context, console, wrong):
    watch = Watch(context)
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.evaluate(f"() => {{ {wrong} }}")
    await page.wait_for_timeout(50)
    with pytest.raises(AssertionError, match="no"):
        watch.check()
