import pytest

from switchboard.sandbox.json_text import parsed


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        b'"\xff"',
        nested(150),
        nested(50_000),
        "NaN",
        '{"a": [1e999]}',
        '"\\ud800"',
        '{"\\udc00": 1}',
        "9" * 5_000,
    ],
)
def test_what_could_not_be_written_again_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 -- the words are json's own
        parsed(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("null", None), ('{"a": [1.5, "\\ud83d\\ude00"]}', {"a": [1.5, "😀"]}), (b'"\xc3\xa9"', "é")],
)
def test_everything_else_is_read(text, value):
    assert parsed(text) == value


async def test_no_body_can_spoil_what_is_told_later(sandbox):
    key = {"xi-api-key": "hostile", "X-API-Key": "aaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}
    bodies = [
        '{"name": "\\ud800", "conversation_config": {}, "callTemplate": {"systemPrompt": "\\ud800"}}',
        f'{{"name": "x", "conversation_config": {{}}, "metadata": {nested(900)}}}',
        f'{{"name": "x", "conversation_config": {{}}, "metadata": {nested(9_000)}}}',
        '{"name": "x", "conversation_config": {"agent": {"a": NaN}}, "metadata": {"a": 1e999}}',
    ]
    headers = key | {"Content-Type": "application/json"}
    for path in ("/v1/convai/agents/create", "/api/agents"):
        for body in bodies:
            answer = await sandbox.http.post(path, content=body, headers=headers)
            assert answer.status_code in {400, 404, 422}, (path, body[:40], answer.text[:200])
    assert len(await sandbox.control("requests")) == len(bodies) * 2
