import io
import json
import logging

import pytest
import structlog

from switchboard.telemetry.logs import LogSettings, configure_logging, drop_pii, hide_secrets


@pytest.fixture
def lines():
    """Everything logged, as parsed JSON lines; logging is put back afterwards."""
    root = logging.getLogger()
    before = root.handlers, root.level, structlog.get_config()
    out = io.StringIO()

    def parsed(**settings):
        configure_logging(LogSettings(json_lines=True, **settings), out)
        return lambda: [json.loads(line) for line in out.getvalue().splitlines()]

    yield parsed
    root.handlers, root.level = before[0], before[1]
    structlog.configure(**before[2])


def test_a_line_is_json_with_event_level_time_and_fields(lines):
    read = lines()
    structlog.get_logger("x").info("call.dialled", took_ms=412)
    [line] = read()
    assert (line["event"], line["level"], line["took_ms"]) == ("call.dialled", "info", 412)
    assert line["timestamp"].endswith("Z")


def test_bound_ids_are_on_every_line(lines):
    read = lines()
    with structlog.contextvars.bound_contextvars(request_id="req_1"):
        structlog.get_logger("x").info("a")
        logging.getLogger("library").warning("b")
    assert [line["request_id"] for line in read()] == ["req_1", "req_1"]


def test_libraries_come_through_the_same_shape(lines):
    read = lines()
    logging.getLogger("procrastinate.worker").warning("stalled %s", 3)
    logging.getLogger("procrastinate.worker").info("chatter")
    [line] = read()
    assert (line["event"], line["level"], line["logger"]) == ("stalled 3", "warning", "procrastinate.worker")


def test_below_the_level_nothing_is_written(lines):
    read = lines(level="warning")
    structlog.get_logger("x").info("quiet")
    assert read() == []


def test_personal_data_is_dropped_unless_allowed(lines):
    read = lines()
    structlog.get_logger("x").info("a", pii_number="+1415", callee_pii="Ann", happii=1)
    assert set(read()[0]) == {"event", "level", "timestamp", "happii"}
    read = lines(pii=True)
    structlog.get_logger("x").info("a", pii_number="+1415")
    assert read()[-1]["pii_number"] == "+1415"


def test_secrets_are_hidden_at_any_depth():
    event = {"Authorization": "x", "headers": {"X-API-Key": "x", "accept": "y"}, "list": [{"auth_token": "x"}]}
    assert hide_secrets(None, "info", event) == {
        "Authorization": "[hidden]",
        "headers": {"X-API-Key": "[hidden]", "accept": "y"},
        "list": [{"auth_token": "[hidden]"}],
    }


def test_words_that_merely_contain_pii_stay():
    assert drop_pii(None, "info", {"happii": 1, "pii": 2}) == {"happii": 1}


def test_a_traceback_is_part_of_its_line(lines):
    read = lines()
    try:
        1 / 0  # noqa: B018 -- for its traceback
    except ZeroDivisionError:
        structlog.get_logger("x").exception("http.unhandled")
    [line] = read()
    assert "ZeroDivisionError" in line["exception"]


def test_a_terminal_gets_columns_instead_of_json(lines):
    lines()
    out = io.StringIO()
    configure_logging(LogSettings(json_lines=False), out)
    structlog.get_logger("x").info("call.dialled", took_ms=1)
    assert "call.dialled" in out.getvalue()
    assert not out.getvalue().startswith("{")


def test_a_traceback_for_people_shows_no_local_variables():
    out = io.StringIO()
    configure_logging(LogSettings(json_lines=False), out)
    password = "hunter2-and-more"  # a local variable of the frame that fails
    try:
        [][len(password)]
    except IndexError:
        structlog.get_logger().exception("it.failed")
    assert "IndexError" in out.getvalue()
    assert password not in out.getvalue()
