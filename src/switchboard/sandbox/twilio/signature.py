"""X-Twilio-Signature, made from Twilio's description rather than with its library, which checks us in tests."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit


def signed_url(url: str) -> str:
    """The form of `url` that is signed: no fragment, no user; over https no port, over http the port kept.

    Source: Twilio "Webhooks security", section on ports and authentication.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme in ("https", "wss") and parts.port is not None:
        host = host.rpartition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    """Base64 of HMAC-SHA1 over the URL and the form fields, sorted by name, keyed with the auth token."""
    text = signed_url(url) + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
