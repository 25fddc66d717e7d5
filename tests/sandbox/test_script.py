"""Plays for the sandbox: what goes wrong, and when."""

import pytest
from tests.waiting import answered

from switchboard.sandbox.script import BadScriptError, read

SCRIPT = """
seed: 7
speed: 1
media: text
steps:
  - fault: {provider: ultravox, outage: true}
    lasts: 60
  - at: 75
    fault: {provider: twilio, method: POST, path: "*/Calls.json", status: 503, count: 1}
  - at: 75
    control: PUT clock
    body: {speed: 20}
"""


async def test_a_play_sets_the_stage_and_runs_by_the_sandboxs_clock(sandbox, tmp_path):
    (tmp_path / "play.yaml").write_text(SCRIPT)
    script = read(tmp_path / "play.yaml").model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    answer = await sandbox.http.post("/_sandbox/script", json=script)
    assert (answer.status_code, answer.json()) == (202, {"seed": 7, "speed": 1.0, "steps": 3})
    assert sandbox.world.media.mode == "text"

    async def is_up() -> bool:
        return (await sandbox.http.get("/api/agents")).status_code != 503

    await answered(lambda: negated(is_up), bool)
    await sandbox.http.put("/_sandbox/clock", json={"speed": 100})
    await answered(is_up, bool)

    async def is_slow() -> bool:
        return (await sandbox.control("clock"))["speed"] == 20

    await answered(is_slow, bool)
    (fault,) = await sandbox.control("faults")
    assert (fault["provider"], fault["left"]) == ("twilio", 1)


async def negated(what):
    return not await what()


async def test_a_reset_ends_the_play(sandbox):
    steps = [{"at": 5, "fault": {"outage": True}}]
    await sandbox.http.post("/_sandbox/script", json={"steps": steps})
    await sandbox.http.post("/_sandbox/reset", json={"seed": 1})
    over = (await sandbox.control("clock"))["elapsed_seconds"] + 6
    await answered(lambda: sandbox.control("clock"), lambda clock: clock["elapsed_seconds"] > over)
    assert await sandbox.control("faults") == []


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("steps: [{at: 1}]", "steps.0", "either a fault or a control request"),
        ("steps: [{fault: {status: 503}, control: PUT clock}]", "steps.0", "either"),
        ("steps: [{control: PUT clock, lasts: 3}]", "steps.0", "Only faults last"),
        ("steps: [{fault: {status: 503}, body: {}}]", "steps.0", "A body belongs"),
        ("steps: [{control: look around}]", "steps.0.control", "match pattern"),
        ("steps: [{fault: {}}]", "steps.0.fault", "Say what goes wrong"),
        ("speed: 1000", "speed", "less than or equal to 100"),
        ("colour: blue", "colour", "not permitted"),
        ("- a list", "the top", "valid dictionary"),
        ("steps: [", "", "no YAML"),
    ],
)
def test_a_file_that_is_no_script_says_where_and_why(tmp_path, text, place, why):
    path = tmp_path / "play.yaml"
    path.write_text(text)
    with pytest.raises(BadScriptError) as refused:
        read(path)
    assert place in str(refused.value)
    assert why in str(refused.value)


async def test_a_play_cannot_reset_itself_away(sandbox):
    answer = await sandbox.http.post("/_sandbox/script", json={"steps": [{"control": "POST reset"}]})
    assert answer.status_code == 422
    assert "end the play" in answer.text


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(BadScriptError, match="cannot be read"):
        read(tmp_path / "nothing.yaml")


def test_an_empty_file_is_an_empty_play(tmp_path):
    (tmp_path / "play.yaml").write_text("")
    assert read(tmp_path / "play.yaml").steps == ()
