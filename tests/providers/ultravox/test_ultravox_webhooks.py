import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.recordings.reader import recording

from switchboard.core.errors import MalformedRequest
from switchboard.providers.errors import InvalidSignature
from switchboard.providers.ultravox import Ultravox, webhooks

SECRET = "a-secret-of-some-length"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STAMP = "2026-11-22T08:59:50.123456+00:00"


def signed(body, stamp=STAMP, secret=SECRET):
    digest = hmac.new(secret.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    return {"X-Ultravox-Webhook-Signature": digest, "X-Ultravox-Webhook-Timestamp": stamp}


@given(body=st.binary(), age=st.integers(min_value=-60, max_value=300))
def test_any_fresh_signed_body_verifies(body, age):
    stamp = (NOW - timedelta(seconds=age)).isoformat()
    webhooks.verify(SECRET, signed(body, stamp), body, NOW)


@given(body=st.binary(min_size=1), data=st.data())
def test_any_flipped_byte_fails(body, data):
    at = data.draw(st.integers(min_value=0, max_value=len(body) - 1))
    flipped = bytearray(body)
    flipped[at] ^= data.draw(st.integers(min_value=1, max_value=255))
    with pytest.raises(InvalidSignature):
        webhooks.verify(SECRET, signed(body), bytes(flipped), NOW)


@pytest.mark.parametrize("stamp", ["2026-11-22T09:00:00Z", "2026-11-22T09:00:00+00:00", "2026-11-22T09:00:00"])
def test_a_timestamp_is_read_with_and_without_offset(stamp):
    webhooks.verify(SECRET, signed(b"{}", stamp), b"{}", NOW)


@pytest.mark.parametrize("stamp", ["2026-11-22T08:54:00Z", "2026-11-22T09:02:00Z"])
def test_a_timestamp_too_old_or_ahead_is_refused(stamp):
    with pytest.raises(InvalidSignature, match="clock"):
        webhooks.verify(SECRET, signed(b"{}", stamp), b"{}", NOW)


def test_one_of_several_signatures_is_enough():
    headers = signed(b"{}")
    headers["X-Ultravox-Webhook-Signature"] = f"{'0' * 64}, {headers['X-Ultravox-Webhook-Signature']} "
    webhooks.verify(SECRET, {name.lower(): value for name, value in headers.items()}, b"{}", NOW)


@pytest.mark.parametrize("missing", ["X-Ultravox-Webhook-Signature", "X-Ultravox-Webhook-Timestamp"])
def test_a_missing_header_is_refused(missing):
    headers = signed(b"{}")
    del headers[missing]
    with pytest.raises(InvalidSignature):
        webhooks.verify(SECRET, headers, b"{}", NOW)


def test_a_timestamp_of_words_is_refused_though_signed():
    with pytest.raises(InvalidSignature):
        webhooks.verify(SECRET, signed(b"{}", "yesterday"), b"{}", NOW)


def test_an_ended_call_names_session_and_our_call():
    call = recording("ultravox/call_billed")
    signal = webhooks.read(json.dumps({"event": "call.ended", "call": call}).encode())
    assert (signal.kind, signal.session_id, signal.call_id) == ("call.ended", call["callId"], "call_1")
    assert signal.dedupe_key == f"{call['callId']}:call.ended"
    assert signal.report is None


@pytest.mark.parametrize("body", [b'{"event":"weather.changed"}', b"{}", b'{"call":[]}'])
def test_an_unknown_event_concerns_no_session(body):
    assert webhooks.read(body).session_id is None


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]"])
def test_a_body_that_is_no_object_is_malformed(body):
    with pytest.raises(MalformedRequest):
        webhooks.read(body)


async def test_without_a_secret_nothing_is_believed():
    platform = Ultravox(api_key="k", base_url="https://ultravox.test")
    with pytest.raises(InvalidSignature, match="ULTRAVOX_WEBHOOK_SECRET"):
        platform.read_webhook(signed(b"{}"), b"{}")
    await platform.aclose()
