import json

import pytest

from switchboard.cli.stream import Frame, frames, lines


def parsed(*chunks: bytes) -> list[Frame]:
    return list(frames(lines(chunks)))


def test_a_frame_may_come_in_any_pieces():
    text = 'id: 5\r\nevent: call.turn\r\ndata: {"text":\r\ndata: "grüß"}\r\n\r\n'.encode()
    whole = [Frame("5", {"text": "grüß"})]
    assert parsed(text) == whole
    assert parsed(*(text[i : i + 1] for i in range(len(text)))) == whole


def test_only_line_feeds_end_a_line():
    body = {"text": "one\u2028two\u0085three\x0bfour"}
    assert parsed(f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode().replace(b"\x0b", b"\\u000b")) == [
        Frame(None, body)
    ]


def test_a_comment_is_a_moment_to_look_around():
    assert parsed(b": still here\n\n") == [Frame()]


def test_a_frame_with_an_id_alone_moves_the_position():
    assert parsed(b"retry: 1000\nid: 41\n\n") == [Frame("41")]


def test_a_frame_that_was_cut_off_does_not_count():
    assert parsed(b'id: 1\ndata: {}\n\nid: 2\ndata: {"a"') == [Frame("1")]


@pytest.mark.parametrize("data", [b"nonsense", b"[1]", b"\xff\xfe"])
def test_what_is_no_event_has_no_body(data):
    assert parsed(b"id: 3\ndata: " + data + b"\n\n") == [Frame("3")]
