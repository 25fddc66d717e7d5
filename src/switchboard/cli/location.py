"""Which server to speak to, and with which key."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from switchboard.cli.errors import ExitCode, Failure
from switchboard.core.hosts import is_loopback

DEMO_FILE = "demo.json"
_ADVICE = (
    "Start one with `make run` in this folder, or set SWITCHBOARD_URL and SWITCHBOARD_API_KEY "
    "(or give --url and --api-key)."
)


@dataclass(frozen=True, slots=True)
class Location:
    """A server's address without a slash at its end, the key for it, and where the address was found."""

    url: str
    api_key: str
    source: str = "--url"

    @property
    def is_loopback(self) -> bool:
        """True when the server is this machine, where no proxy could find it."""
        return is_loopback(urlsplit(self.url).hostname or "")


def locate(url: str | None, api_key: str | None, data_dir: Path) -> Location:
    """What was given, completed from the demo's own note in the data folder.

    The demo's key is used for the demo's address only: it must not travel to another host.

    Raises: Failure when address or key is missing or malformed.
    """
    note_path = data_dir / DEMO_FILE
    note = _read_note(note_path) if not (url and api_key) else {}
    source = "--url" if url else str(note_path)
    address = (url or note.get("url") or "").strip().rstrip("/")
    if not address:
        detail = f"There is no {note_path}, so no demo runs here. {_ADVICE}"
        raise Failure.local(ExitCode.UNREACHABLE, "No server is set", detail, code="no-server")
    _check_address(address)
    key = (api_key or (note.get("api_key") if address == str(note.get("url")).rstrip("/") else None) or "").strip()
    if not key:
        detail = f"No API key for {address} is known. Set SWITCHBOARD_API_KEY or give --api-key."
        raise Failure.local(ExitCode.NOT_ALLOWED, "An API key is needed", detail, code="no-key")
    if not (key.isascii() and key.isprintable()):
        detail = "The API key has characters that no key has. Copy it again; it begins with sb_."
        raise Failure.local(ExitCode.NOT_ALLOWED, "The API key is malformed", detail, code="malformed-key")
    return Location(address, key, source)


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        detail = f"{address!r} is no address of a server. Write it like http://127.0.0.1:8000."
        raise Failure.local(ExitCode.USAGE, "The address is malformed", detail, code="malformed-url")


def _read_note(path: Path) -> dict[str, str]:
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        detail = f"{path} cannot be read ({error}). {_ADVICE}"
        raise Failure.local(ExitCode.UNREACHABLE, "No server is set", detail, code="no-server") from None
    return (
        {name: value for name, value in note.items() if isinstance(value, str)} if isinstance(note, dict) else {}
    )
