import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.recordings.reader import recording

from switchboard.core.errors import MalformedRequest
from switchboard.providers.errors import InvalidSignature
from switchboard.providers.twilio import webhooks

TOKEN = "12345"
URL = "https://us.test/inbox/twilio/call_1?leg=1"
TEXT = st.text(st.characters(codec="utf-8"))


def signature(url, form, token=TOKEN):
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def test_the_documented_example_verifies():
    form = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234", "From": "+14158675310"}
    form["To"] = "+18005551212"
    with pytest.raises(MalformedRequest):  # signed well, but no status callback
        webhooks.read(
            TOKEN,
            url="https://example.com/myapp.php?foo=1&bar=2",
            headers={"X-Twilio-Signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="},
            form=form,
        )


@given(extra=st.dictionaries(TEXT, TEXT))
def test_any_signed_form_verifies(extra):
    form = extra | recording("twilio/callback_completed")
    signal = webhooks.read(TOKEN, url=URL, headers={"x-twilio-signature": signature(URL, form)}, form=form)
    assert signal.call.carrier_id == form["CallSid"]


@given(field=st.sampled_from(sorted(recording("twilio/callback_completed"))), extra=TEXT.filter(bool))
def test_any_changed_field_fails(field, extra):
    form = recording("twilio/callback_completed")
    headers = {"X-Twilio-Signature": signature(URL, form)}
    with pytest.raises(InvalidSignature):
        webhooks.read(TOKEN, url=URL, headers=headers, form=form | {field: form[field] + extra})


def test_the_fragment_of_the_address_is_not_signed():
    form = recording("twilio/callback_busy")
    headers = {"X-Twilio-Signature": signature(URL, form)}
    assert webhooks.read(TOKEN, url=f"{URL}#rc=3&rp=5xx,ct,rt", headers=headers, form=form)


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "ä"}])
def test_a_missing_or_odd_signature_is_refused(headers):
    with pytest.raises(InvalidSignature):
        webhooks.read(TOKEN, url=URL, headers=headers, form=recording("twilio/callback_busy"))


def test_another_tokens_signature_is_refused():
    form = recording("twilio/callback_busy")
    headers = {"X-Twilio-Signature": signature(URL, form, token="other")}
    with pytest.raises(InvalidSignature, match="TWILIO_AUTH_TOKEN"):
        webhooks.read(TOKEN, url=URL, headers=headers, form=form)
