"""Names of machines, as far as they can be judged without asking for them."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine, plainly written: localhost, 127.0.0.1, ::1."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
