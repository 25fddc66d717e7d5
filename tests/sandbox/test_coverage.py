"""The page that says what is imitated is made by the code, and true."""

import ast
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from switchboard.cli.main import app
from switchboard.sandbox.checklists import CHECKLISTS
from switchboard.sandbox.coverage import NOT_IMITATED, page
from switchboard.sandbox.description import operations

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "reference" / "sandbox-coverage.md"
ITEMS = [(text, tests) for items in CHECKLISTS.values() for text, tests in items]


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text() == page(), "Run: switchboard sandbox --coverage > docs/reference/sandbox-coverage.md"


@pytest.mark.parametrize(("text", "tests"), ITEMS, ids=[text[:40] for text, _ in ITEMS])
def test_every_habit_is_held_by_tests_that_exist(text, tests):
    assert tests, f"Nothing holds the sandbox to: {text}"
    for test in tests:
        path, name = test.split("::")
        tree = ast.parse((TESTS / path).read_text())
        found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in found, test


def test_what_is_said_to_be_missing_is_missing():
    answered = {f"{one.method} {one.path}" for one in operations()}
    for missing in NOT_IMITATED.values():
        assert not answered & set(missing)


def test_every_operation_belongs_to_a_vendor_or_to_the_control():
    assert {one.owner for one in operations()} == {"elevenlabs", "ultravox", "twilio", "control"}


def test_the_openapi_document_holds_every_path_with_its_owner():
    answer = CliRunner().invoke(app, ["sandbox", "--openapi"])
    document = json.loads(answer.stdout)
    assert document["openapi"].startswith("3.1")
    told = set(document["paths"]) | {one["path"] for one in document["x-websockets"]}
    assert {one.path for one in operations()} == told
    create = document["paths"]["/v1/convai/agents/create"]["post"]
    assert create["tags"] == ["elevenlabs"]


def test_the_command_prints_the_page():
    answer = CliRunner().invoke(app, ["sandbox", "--coverage"])
    assert answer.stdout == page()


def test_a_script_that_makes_no_sense_stops_the_command_with_a_sentence(tmp_path):
    (tmp_path / "play.yaml").write_text("steps: [{at: 1}]")
    answer = CliRunner().invoke(app, ["sandbox", "--script", str(tmp_path / "play.yaml")])
    assert answer.exit_code == 2
    assert "either a fault or a control request" in " ".join(answer.output.split())
