import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.recordings.reader import recording

from switchboard.core.errors import MalformedRequest
from switchboard.providers.elevenlabs import ElevenLabs, webhooks
from switchboard.providers.errors import InvalidSignature
from switchboard.providers.normalised import SessionState

SECRET = "wsec_0123"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
UNIX = int(NOW.timestamp())


def signed(body, at=UNIX, secret=SECRET):
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"ElevenLabs-Signature": f"t={at},v0={digest}"}


@given(body=st.binary(), age=st.integers(min_value=-60, max_value=1800))
def test_any_fresh_signed_body_verifies(body, age):
    webhooks.verify(SECRET, signed(body, UNIX - age), body, NOW)


@given(body=st.binary(min_size=1), data=st.data())
def test_any_flipped_byte_fails(body, data):
    at = data.draw(st.integers(min_value=0, max_value=len(body) - 1))
    flipped = bytearray(body)
    flipped[at] ^= data.draw(st.integers(min_value=1, max_value=255))
    with pytest.raises(InvalidSignature):
        webhooks.verify(SECRET, signed(body), bytes(flipped), NOW)


@pytest.mark.parametrize("age", [1801, -61])
def test_a_timestamp_too_old_or_ahead_is_refused(age):
    with pytest.raises(InvalidSignature, match="clock"):
        webhooks.verify(SECRET, signed(b"{}", UNIX - age), b"{}", NOW)


def test_blanks_case_and_further_signatures_are_tolerated():
    stamp, digest = signed(b"{}")["ElevenLabs-Signature"].split(",")
    headers = {"elevenlabs-signature": f" {stamp} , v0={'0' * 64}, v1=zz, {digest} "}
    webhooks.verify(SECRET, headers, b"{}", NOW)


@pytest.mark.parametrize("header", ["", "t=1", "v0=1", "t=abc,v0=abc", "nonsense", "t=,v0=", "t=-1,v0=é"])
def test_an_odd_header_is_refused(header):
    with pytest.raises(InvalidSignature):
        webhooks.verify(SECRET, {"ElevenLabs-Signature": header}, b"{}", NOW)


def test_a_signed_timestamp_of_words_is_refused():
    with pytest.raises(InvalidSignature):
        webhooks.verify(SECRET, signed(b"{}", at="1e9"), b"{}", NOW)


def test_another_secret_is_refused_with_the_setting_to_check():
    with pytest.raises(InvalidSignature, match="ELEVENLABS_WEBHOOK_SECRET"):
        webhooks.verify(SECRET, signed(b"{}", secret="other"), b"{}", NOW)


def test_a_transcript_tells_all_that_a_fetch_would_tell():
    event = {
        "type": "post_call_transcription",
        "event_timestamp": 1_790_000_020,
        "data": recording("elevenlabs/conversation_done"),
    }
    signal = webhooks.read(json.dumps(event).encode())
    assert (signal.session_id, signal.call_id) == ("conv_1", "call_1")
    assert signal.dedupe_key == "post_call_transcription:conv_1:1790000020"
    assert signal.report is not None
    assert signal.report.state is SessionState.FINAL


@pytest.mark.parametrize(
    ("event", "session_id"),
    [
        ({"type": "call_initiation_failure", "data": {"conversation_id": "conv_1"}}, "conv_1"),
        ({"type": "voice_removal_notice", "data": {"voice_id": "v"}}, None),
        ({"type": "of_tomorrow", "data": []}, None),
        ({}, None),
    ],
)
def test_other_events_are_read_without_a_report(event, session_id):
    signal = webhooks.read(json.dumps(event).encode())
    assert (signal.session_id, signal.report) == (session_id, None)


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]"])
def test_a_body_that_is_no_object_is_malformed(body):
    with pytest.raises(MalformedRequest):
        webhooks.read(body)


async def test_without_a_secret_nothing_is_believed():
    platform = ElevenLabs(api_key="k", base_url="https://elevenlabs.test")
    with pytest.raises(InvalidSignature, match="ELEVENLABS_WEBHOOK_SECRET"):
        platform.read_webhook(signed(b"{}"), b"{}")
    await platform.aclose()
