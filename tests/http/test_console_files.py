import os

import pytest
from tests.edge_app import client_of, edge_app

from switchboard.http.console_files import install_console

PAGE = '<!doctype html><div id="root"></div><script type="module" src="/assets/main-4f2a.js"></script>'
SCRIPT = "console.info('hello')"
HTML = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built") / "console"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "assets" / "main-4f2a.js").write_text(SCRIPT)
    (folder / "assets" / "main-4f2a.js.br").write_bytes(b"brotli")
    (folder / "assets" / "main-4f2a.js.gz").write_bytes(b"gzip")
    (folder.parent / "secret.txt").write_text("outside")
    return folder


def served_from(folder):
    app = edge_app("postgresql://nowhere")
    install_console(app, folder)
    client = client_of(app)
    client.headers["Accept-Encoding"] = "identity"
    return client


@pytest.fixture(scope="module")
def client(built):
    return served_from(built)


@pytest.mark.parametrize("path", ["/", "/agents/agt_01k8", "/sign-in?token=sbl_x", "/calls", "/a.b/c"])
async def test_every_address_of_the_console_is_its_one_page(client, path):
    answer = await client.get(path, headers=HTML)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_the_page_runs_under_a_strict_policy(client):
    headers = (await client.get("/", headers=HTML)).headers
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == rules["script-src"] == rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == "'none'"
    assert rules["connect-src"] == "'self' ws://switchboard.test wss://switchboard.test"
    assert (rules["media-src"], rules["worker-src"]) == ("'self' blob:", "'self' blob:")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=(self)" in headers["Permissions-Policy"]


async def test_a_strange_host_does_not_get_into_the_policy(client):
    answer = await client.get("/", headers=HTML | {"Host": "x; script-src *"})
    assert "script-src *" not in answer.headers["Content-Security-Policy"]


async def test_files_with_a_hash_are_kept_for_ever_and_others_asked_for(client):
    script = await client.get("/assets/main-4f2a.js")
    assert (script.text, script.headers["Content-Type"]) == (SCRIPT, "text/javascript; charset=utf-8")
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    icon = await client.get("/icon.svg")
    assert (icon.headers["Content-Type"], icon.headers["Cache-Control"]) == ("image/svg+xml", "no-cache")


async def test_what_the_browser_has_is_not_sent_again_until_a_new_build(built, client):
    first = await client.get("/", headers=HTML)
    again = await client.get("/", headers=HTML | {"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    os.utime(built / "index.html", (1, 1))
    assert (await client.get("/", headers=HTML | {"If-None-Match": first.headers["ETag"]})).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("deflate", None)],
)
async def test_the_smallest_form_that_the_browser_takes_is_sent(built, client, accepted, encoding):
    async with client.stream("GET", "/assets/main-4f2a.js", headers={"Accept-Encoding": accepted}) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("Content-Encoding") == encoding
    assert sent == {"br": b"brotli", "gzip": b"gzip", None: SCRIPT.encode()}[encoding]
    assert answer.headers["Vary"] == "Accept-Encoding"


async def test_head_says_the_size_and_sends_nothing(client):
    answer = await client.head("/icon.svg")
    assert (answer.headers["Content-Length"], answer.content) == ("6", b"")


@pytest.mark.parametrize(
    "path", ["/api", "/api/v1/nothing", "/api/v1", "/inbox/x", "/health/x", "/assets/gone.js", "/metrics/x"]
)
async def test_what_is_not_the_consoles_stays_a_problem(client, path):
    answer = await client.get(path, headers=HTML)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_programs_and_writers_get_a_problem_too(client):
    answers = [
        await client.get("/agents", headers={"Accept": "application/json"}),
        await client.post("/agents", headers=HTML),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.headers["Content-Type"] for answer in answers} == {"application/problem+json"}


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd"],
)
async def test_nothing_outside_the_folder_is_served(client, path):
    answer = await client.get(path)
    assert answer.status_code == 404
    assert "outside" not in answer.text


async def test_a_link_out_of_the_folder_is_not_followed(built, client):
    (built / "out.txt").symlink_to(built.parent / "secret.txt")
    assert (await client.get("/out.txt")).status_code == 404


async def test_a_name_that_no_file_system_takes_is_not_found(client):
    assert (await client.get("/" + "x" * 5_000)).status_code == 404


async def test_without_a_build_the_page_says_how_to_make_one(tmp_path):
    client = served_from(tmp_path / "missing")
    answer = await client.get("/", headers=HTML)
    assert answer.status_code == 200
    assert "make console" in answer.text
    assert (await client.get("/agents", headers=HTML)).status_code == 404
