import re
from pathlib import Path

from switchboard.events.types import EventType

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "events.md"


def test_the_reference_page_lists_exactly_the_types_there_are():
    listed = re.findall(r"^\| `([a-z]+\.[a-z_-]+)` \| (.+?) \|$", PAGE.read_text(), re.MULTILINE)
    assert listed == [(member.value, member.description) for member in EventType]


def test_types_are_text():
    assert EventType.CALL_ANSWERED == "call.answered"
    assert f"{EventType.CALL_NO_ANSWER}" == "call.no-answer"
