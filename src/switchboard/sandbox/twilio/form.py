"""A form as customers send it. Source: Twilio "API requests"."""

from urllib.parse import urlsplit

from starlette.datastructures import FormData

from switchboard.sandbox.twilio.calls import CallbackAddress
from switchboard.sandbox.twilio.errors import TwilioError
from switchboard.sandbox.twilio.numerals import whole


class Form:
    """A form with repeated keys. Empty values count as absent, as the carrier treats them."""

    def __init__(self, data: FormData) -> None:
        self._data = data

    def text(self, key: str) -> str | None:
        value = self._data.get(key)
        return value if isinstance(value, str) and value else None

    def texts(self, key: str) -> list[str]:
        return [value for value in self._data.getlist(key) if isinstance(value, str) and value]

    def whole(self, key: str, default: int, most: int, *, least: int = 1, code: int = 20001) -> int:
        """Raises: TwilioError `code` for text that is no number between `least` and `most`."""
        text = self.text(key)
        if text is None:
            return default
        number = whole(text)
        if number is None or not least <= number <= most:
            raise TwilioError(code, f"Invalid {key} {text[:40]}: must be a whole number from {least} to {most}")
        return number

    def url(self, key: str, code: int = 20001) -> str | None:
        """Raises: TwilioError `code` for text that is no http address; underscores in hosts are refused."""
        text = self.text(key)
        if text is None:
            return None
        try:
            parts = urlsplit(text)
            host, reachable = parts.hostname or "", parts.port != 0
            fine = parts.scheme in ("http", "https") and host and "_" not in host and reachable
        except ValueError:
            fine = False
        if not fine:
            raise TwilioError(code, f"{key} is not a valid URL: {text}")
        return text

    def has(self, key: str) -> bool:
        """Sent, be it empty."""
        return key in self._data

    def method(self, key: str, default: str = "POST") -> str:
        text = (self.text(key) or default).upper()
        if text not in ("GET", "POST"):
            raise TwilioError(20001, f"Invalid {key} {text}: must be GET or POST")
        return text

    def address(self, key: str) -> CallbackAddress | None:
        url = self.url(key)
        return CallbackAddress(url, self.method(f"{key}Method")) if url else None
