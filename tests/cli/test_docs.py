import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from switchboard.cli.errors import ExitCode
from switchboard.cli.main import app
from switchboard.cli.words import REASONS
from switchboard.providers.normalised import CallStatus

ROOT = Path(__file__).parents[2]
CLI = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
CALLS = (ROOT / "docs/reference/calls.md").read_text(encoding="utf-8")
SHARED = {"--url", "--api-key", "--data-dir", "--json", "--help"}


def commands(group: Any, path: str = "switchboard") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


EVERY_COMMAND = dict(commands(get_command(app)))


def section(command: str) -> str:
    return CLI.split(f"### `{command}`\n")[1].split("\n#")[0]


def first_column(text: str) -> list[str]:
    return re.findall(r"^\| `?([^`|]+?)`? \|", text, flags=re.MULTILINE)


def test_the_page_has_every_command_and_no_other():
    assert sorted(re.findall(r"^### `(.+)`$", CLI, flags=re.MULTILINE)) == sorted(EVERY_COMMAND)


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_the_page_has_every_option_of_a_command_and_no_other(command):
    has = {option for p in EVERY_COMMAND[command].params for option in p.opts if option.startswith("--")}
    is_client = "--url" in has
    rows = [row for row in section(command).splitlines() if row.startswith("| `")]
    told = {option for row in rows for option in re.findall(r"`(--[a-z-]+)`", row.split(" | ")[0])}
    assert told == has - (SHARED if is_client else {"--help"})


def test_the_page_has_every_exit_code_and_no_other():
    codes = first_column(CLI.split("## Exit codes")[1].split("\n## ")[0])
    assert [int(code) for code in codes if code.isdigit()] == [int(code) for code in ExitCode]


def test_the_page_of_calls_has_every_reason_and_no_other():
    told = first_column(CALLS.split("## Reasons")[1])
    assert sorted(name for name in told if name not in {"reason", "---"}) == sorted(REASONS)


def test_the_page_of_calls_has_every_status_in_order():
    told = first_column(CALLS.split("## Statuses")[1].split("\n## ")[0])
    assert [name for name in told if name not in {"status", "---"}] == list(CallStatus)


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/index.md",
        "docs/tutorial/first-call.md",
        "docs/reference/cli.md",
        "docs/reference/calls.md",
    ],
)
def test_every_link_to_a_file_leads_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not ((ROOT / page).parent / link).exists()] == []


def test_the_picture_needs_nothing_from_elsewhere():
    picture = (ROOT / "docs/images/followed-call.svg").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"'\s)<]+", picture)) == {"http://www.w3.org/2000/svg"}
    assert "@import" not in picture
    assert "Casa" in picture
