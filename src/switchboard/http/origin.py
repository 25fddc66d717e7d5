"""Did a page of ours send this, or somebody else's page in the same browser?

Sources: Fetch Metadata Request Headers (W3C) section 2.3, RFC 6454 section 7.
"""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

_SECURE = {"https", "wss"}


def is_foreign(connection: HTTPConnection) -> bool:
    """True when the browser says that another origin's page sent it. Programs say nothing, and pass.

    Another port of this host is another origin too, although cookies do not see the difference.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return True
    origin = connection.headers.get("origin")
    return origin is not None and not _is_ours(connection, origin)


def is_secure(connection: HTTPConnection) -> bool:
    """True when the browser reached us by TLS, as far as we or the public address know."""
    if connection.url.scheme in _SECURE:
        return True
    public = urlsplit(_public_url(connection) or "")
    return public.scheme == "https" and public.netloc == connection.headers.get("host")


def _is_ours(connection: HTTPConnection, origin: str) -> bool:
    if origin == _public_url(connection):
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if connection.url.scheme in _SECURE and parts.scheme != "https":
        return False  # a page on an insecure line may have been put there by anybody
    return bool(parts.netloc) and parts.netloc == connection.headers.get("host")


def _public_url(connection: HTTPConnection) -> str | None:
    return getattr(connection.app.state, "public_url", None)
