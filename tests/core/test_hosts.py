import pytest

from switchboard.core.hosts import is_loopback


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("", False),
        ("127.1", False),
        ("::ffff:127.0.0.1", False),
        ("10.0.0.1", False),
        ("localhost.example.com", False),
    ],
)
def test_only_plain_names_of_this_machine_are_taken_for_it(host, here):
    assert is_loopback(host) is here
