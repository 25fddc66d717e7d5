import importlib
import pkgutil
import re
from pathlib import Path

import msgspec
import pytest

import switchboard
from switchboard.core.errors import InvalidInput, NotAuthenticated, SwitchboardError, Unavailable
from switchboard.http.problems import TYPE_BASE, problem_response
from switchboard.providers.errors import ProviderRejected

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"


def every_error():
    for module in pkgutil.walk_packages(switchboard.__path__, "switchboard."):
        if not re.match(r"switchboard\.(__main__|sandbox|cli|persistence\.migrations)\b", module.name):
            importlib.import_module(module.name)
    todo, found = [SwitchboardError], []
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += kind.__subclasses__()
    return sorted({kind for kind in found if "slug" in kind.__dict__}, key=lambda kind: kind.slug)


def test_no_two_errors_share_a_slug():
    slugs = [kind.slug for kind in every_error()]
    assert len(slugs) == len(set(slugs))


def test_every_error_has_a_title_a_status_and_a_slug_that_fits_a_uri():
    for kind in every_error():
        assert kind.title(), kind
        assert 400 <= kind.status <= 599, kind
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug), kind


def test_the_reference_page_lists_exactly_the_errors_there_are():
    listed = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \| (.+?) \|", PAGE.read_text(), re.MULTILINE)
    assert listed == [(kind.slug, str(kind.status), kind.title()) for kind in every_error()]


def answer(error):
    response = problem_response(error, instance="/x", request_id="req_1")
    return msgspec.json.decode(response.body), response


def test_a_problem_has_all_members_of_the_rfc_and_ours():
    body, response = answer(InvalidInput("Nope."))
    assert body == {
        "type": f"{TYPE_BASE}invalid-input",
        "title": "Some fields are wrong",
        "status": 422,
        "detail": "Nope.",
        "instance": "/x",
        "code": "invalid-input",
        "errors": [],
        "request_id": "req_1",
    }
    assert response.headers["content-type"] == "application/problem+json"


def test_a_providers_refusal_names_it_but_not_its_raw_answer():
    error = ProviderRejected(
        "Refused.", provider="twilio", provider_status=400, provider_code="21211", raw={"secret": "hush"}
    )
    body, response = answer(error)
    assert (body["provider"], body["provider_status"], body["provider_code"]) == ("twilio", 400, "21211")
    assert b"hush" not in response.body


@pytest.mark.parametrize(("seconds", "header"), [(0.0, "1"), (0.2, "1"), (4.1, "5")])
def test_retry_after_is_whole_seconds_rounded_up(seconds, header):
    assert answer(Unavailable("Away.", retry_after=seconds))[1].headers["Retry-After"] == header


def test_401_names_the_ways_to_authenticate():
    assert "Bearer" in answer(NotAuthenticated("Who?"))[1].headers["WWW-Authenticate"]


def test_extras_cannot_overwrite_members():
    body, _ = answer(SwitchboardError("No.", status=200, code="fine", color="red"))
    assert (body["status"], body["code"], body["color"]) == (500, "internal-error", "red")
