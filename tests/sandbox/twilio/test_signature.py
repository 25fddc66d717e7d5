"""The signature against Twilio's known answer and its own validator."""

import pytest
from twilio.request_validator import RequestValidator

from switchboard.sandbox.twilio.signature import signature, signed_url

FIELDS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "Digits": "1234",
    "From": "+14158675310",
    "To": "+18005551212",
}


def test_the_documented_example_gives_the_documented_signature():
    made = signature("12345", "https://example.com/myapp.php?foo=1&bar=2", FIELDS)
    assert made == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://example.com:8443/a?b=1#rc=2", "https://example.com/a?b=1"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("http://user:pw@example.com:8080/a?x", "http://example.com:8080/a?x"),
        ("https://user@[::1]:8443/", "https://[::1]/"),
    ],
)
def test_https_loses_its_port_and_http_keeps_it(url, signed):
    assert signed_url(url) == signed
    assert RequestValidator("t").validate(signed, FIELDS, signature("t", url, FIELDS))
