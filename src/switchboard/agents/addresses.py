"""Which web addresses an agent's tools may call. Pure; asks no name server.

Public ones, over HTTPS: the platform calls them. This machine's own too, while the platform itself runs here as
the sandbox does; whether it does, `Placing.check` knows.
"""

import ipaddress
import re
import socket
import unicodedata
from urllib.parse import urlsplit

from switchboard.core.hosts import is_loopback

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_-]*)\}")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home", ".corp", ".intranet", ".home.arpa")
_PRIVATE = "This address is not on the public internet. The platform calls it, so it must be reachable from there."
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NO_HOST = "Write a web address such as https://api.example.com/orders."


def placeholders(url: str) -> list[str]:
    """Names of all `{name}` in the URL."""
    return _PLACEHOLDER.findall(url)


def is_local(url: str) -> bool:
    """Whether it leads to this very machine, in the plain spellings only."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and is_loopback(parts.hostname or "")


def tool_address(url: str) -> str:
    """The URL itself. Raises: ValueError with a sentence for what is neither public nor local.

    Source: Ultravox "Tools" (HTTPS only, no query string).
    """
    if not url.isascii() or not url.isprintable() or re.search(r'[\s"<>\\^`|]', url):
        raise ValueError("Write the address in ASCII without blanks; escape other characters.")
    parts = urlsplit(url)
    local = is_local(url)
    if parts.scheme != "https" and not local:
        raise ValueError("The address must begin with https://.")
    if "?" in url or "#" in url:
        raise ValueError("Leave out query string and anchor. Declare parameters or constants in query instead.")
    if "@" in parts.netloc:
        raise ValueError("Leave user name and password out of the address. Send them in a header instead.")
    _check_port(parts.netloc)
    if not local:
        _check_host(parts.hostname or "")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", parts.path)):
        raise ValueError("Write a path value as {name}, with letters, digits, _ and -.")
    return url


def _check_port(netloc: str) -> None:
    try:
        urlsplit(f"//{netloc}").port  # noqa: B018 -- reading it is the check
    except ValueError:
        raise ValueError("The port must be a number up to 65535.") from None


def _check_host(host: str) -> None:
    host = unicodedata.normalize("NFKC", host).rstrip(".").lower()
    address = _ip_address(host)
    if address is not None:
        if not address.is_global or address.is_multicast:
            raise ValueError(_PRIVATE)
        return
    labels = host.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise ValueError(_NO_HOST)
    if len(labels) == 1 or f".{host}".endswith(_PRIVATE_ENDINGS):
        raise ValueError(_PRIVATE)


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Also in the spellings that C libraries take: `127.1`, `0x7f000001`, `2130706433`."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        try:
            return ipaddress.ip_address(socket.inet_aton(host)) if re.fullmatch(r"[0-9a-fx.]+", host) else None
        except OSError:
            return None
    return _inner(found) if isinstance(found, ipaddress.IPv6Address) else found


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of the older kind that this one leads to, if it does."""
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address
