import hmac

from hypothesis import given
from hypothesis import strategies as st

from switchboard.security.signatures import any_equals, hex_hmac_sha256, is_fresh


@given(st.text(min_size=1), st.binary())
def test_the_digest_is_hmac_sha256_of_the_utf8_secret(secret, message):
    assert hex_hmac_sha256(secret, message) == hmac.digest(secret.encode(), message, "sha256").hex()


@given(st.lists(st.text()), st.text(min_size=1, alphabet="0123456789abcdef"))
def test_one_fitting_candidate_among_any_others_is_enough(others, digest):
    assert any_equals([*others, f" {digest} ", *others], digest)


def test_no_candidate_means_no():
    assert not any_equals([], "00")


def test_freshness_has_two_ends():
    ages = [-61, -60, 0, 300, 301]
    assert [is_fresh(1000 - age, 1000, past=300, future=60) for age in ages] == [False, True, True, True, False]
