"""Everything the carrier sends to customers: status callbacks and requests for TwiML, all signed."""

import asyncio
import socket
import ssl
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from xml.sax.saxutils import escape

import httpx

from switchboard.sandbox.answers import beginning
from switchboard.sandbox.delivery import Attempt, Delivery
from switchboard.sandbox.twilio.calls import API_VERSION, Call, CallbackAddress, CallStatus, country, rfc2822
from switchboard.sandbox.twilio.overrides import Overrides, overrides
from switchboard.sandbox.twilio.signature import signature

MAX_DOCUMENT = 64 * 1024
_REDIRECTS = 5
_READABLE = frozenset({"text/xml", "application/xml", "text/html", "text/plain"})
_PAUSE_BEFORE_REPEAT = 1.0
_SIP = {
    CallStatus.COMPLETED: "200",
    CallStatus.BUSY: "486",
    CallStatus.NO_ANSWER: "487",
    CallStatus.CANCELED: "487",
    CallStatus.FAILED: "404",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A TwiML document and the address it came from."""

    text: str
    url: str


class NoDocumentError(Exception):
    """A document could not be had; `code` is the carrier's debugger code, such as 11200."""

    def __init__(self, code: int, url: str) -> None:
        super().__init__(f"{code} at {url}")
        self.code = code
        self.url = url


def call_fields(call: Call) -> dict[str, str]:
    """The fields of every request about a call. Source: Twilio "TwiML voice request", request parameters."""
    order = call.order
    fields = {
        "CallSid": call.sid,
        "AccountSid": call.account_sid,
        "From": order.from_,
        "To": order.to,
        "Caller": order.from_,
        "Called": order.to,
        "CallStatus": str(call.status),
        "ApiVersion": API_VERSION,
        "Direction": call.direction,
    }
    if call.parent_sid:
        fields["ParentCallSid"] = call.parent_sid
    for party in ("From", "To", "Caller", "Called"):
        fields |= {f"{party}{part}": "" for part in ("City", "State", "Zip")}
        fields[f"{party}Country"] = country(fields[party])
    return fields


def terminal_fields(call: Call) -> dict[str, str]:
    """What only the last callback carries: `CallDuration` in seconds, `Duration` in started minutes."""
    seconds = call.duration or 0
    fields = {
        "CallDuration": str(seconds),
        "Duration": str(-(-seconds // 60)),
        "SipResponseCode": _SIP.get(call.status, "500"),
    }
    return fields | call.recording_fields | ({"AnsweredBy": call.answered_by} if call.answered_by else {})


class Outgoing:
    """The carrier's letter-box."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def owe_status(self, call: Call, event: str) -> None:
        """Tell the customer, if they asked for this event; only what is sent takes a SequenceNumber."""
        if call.callback is None or event not in call.order.events:
            return
        fields = call_fields(call)
        fields |= {
            "Timestamp": rfc2822(call.updated_at) or "",
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.next_sequence),
        }
        if call.status in (CallStatus.RINGING, CallStatus.IN_PROGRESS):
            fields["StirStatus"] = "B"
        call.next_sequence += 1
        self.owe(call, call.callback, fields | (terminal_fields(call) if call.is_over else {}))

    def owe(self, call: Call, address: CallbackAddress, fields: Mapping[str, str]) -> None:
        """Send `fields` in the background, repeated as the address's own `#rc=…&rp=…` asks."""
        bare, fragment = urldefrag(address.url)
        wanted = overrides(fragment)
        request = self._prepared(call.token, address.method, bare, fields)
        self._delivery.post(
            request.url,
            lambda: (request.body, request.headers),
            retry_after=[_PAUSE_BEFORE_REPEAT] * wanted.times,
            timeout=wanted.read,
            connect_timeout=wanted.connect,
            provider="twilio",
            repeat=wanted.within_total(),
            method=address.method,
        )

    async def fetch(self, call: Call, url: str, method: str, extra: Mapping[str, str]) -> Fetched:
        """A document. Raises: NoDocumentError.

        Redirections are followed as GET and lose the fields. Source: Twilio "TwiML voice request".
        """
        bare, fragment = urldefrag(url)
        wanted = overrides(fragment)
        try:
            async with asyncio.timeout(wanted.total):
                return await self._follow(call, bare, method, call_fields(call) | dict(extra), wanted)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise NoDocumentError(_unreachable(error), bare) from None
        except (httpx.HTTPError, TimeoutError):
            raise NoDocumentError(11200, bare) from None

    async def _follow(
        self, call: Call, url: str, method: str, fields: Mapping[str, str], wanted: Overrides
    ) -> Fetched:
        for _ in range(_REDIRECTS):
            request = self._prepared(call.token, method, url, fields)
            answer = await self._ask(call, request, wanted)
            if answer.head.has_redirect_location:
                url, method, fields = urljoin(url, answer.head.headers["location"]), "GET", {}
                continue
            return Fetched(_document(answer, url), url)
        raise NoDocumentError(11200, url)

    async def _answer(self, call: Call, request: "_Request", wanted: Overrides) -> "_Answer":
        """With the cookies that this call has got so far. Source: Twilio "TwiML voice: your response", cookies."""
        http, timeout = self._delivery.http, httpx.Timeout(wanted.read, connect=wanted.connect)
        asking = http.build_request(
            request.method, request.url, content=request.body, headers=request.headers, timeout=timeout
        )
        cookies = call.cookies = httpx.Cookies(call.cookies)
        cookies.set_cookie_header(asking)
        answer = await http.send(asking, stream=True)
        try:
            cookies.extract_cookies(answer)
            return _Answer(answer, await beginning(answer, MAX_DOCUMENT + 1))
        finally:
            await answer.aclose()

    async def _ask(self, call: Call, request: "_Request", wanted: Overrides) -> "_Answer":
        told = self._delivery.note("twilio", request.method, request.url)
        try:
            for left in range(wanted.times, -1, -1):
                told.attempts.append(None)
                try:
                    answer = await self._answer(call, request, wanted)
                except (httpx.ConnectError, httpx.ConnectTimeout):
                    if not left or not wanted.repeats(Attempt(None, connected=False)):
                        raise
                except httpx.ReadTimeout:
                    if not left or not wanted.repeats(Attempt(None)):
                        raise
                else:
                    told.attempts[-1] = answer.head.status_code
                    if not left or not wanted.repeats(Attempt(answer.head.status_code)):
                        return answer
        finally:
            told.done = True
        raise AssertionError("unreachable")

    def _prepared(self, token: str, method: str, url: str, fields: Mapping[str, str]) -> "_Request":
        if method == "GET":
            query = urlencode(fields)
            url = f"{url}{'&' if urlsplit(url).query else '?'}{query}" if query else url
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "X-Twilio-Signature": signature(token, url, {} if method == "GET" else fields),
        }
        if method == "GET":
            return _Request("GET", url, b"", headers)
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        return _Request("POST", url, urlencode(fields).encode(), headers)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]


def _unreachable(error: BaseException | None) -> int:
    """The debugger's code for a connection that came to nothing: no TLS, no such host, or nobody there."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return 11220
        if isinstance(error, socket.gaierror):
            return 11210
        error = error.__cause__ or error.__context__
    return 11205


@dataclass(frozen=True, slots=True)
class _Answer:
    head: httpx.Response
    content: bytes
    """One byte more than a document may have, at most."""


def _document(answer: _Answer, url: str) -> str:
    """TwiML; sound is played and plain text is said. Source: Twilio "TwiML voice: your response", MIME types."""
    if not answer.head.is_success:
        raise NoDocumentError(11200, url)
    kind = answer.head.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("audio/"):
        return f"<Response><Play>{escape(url)}</Play></Response>"
    if kind not in _READABLE:
        raise NoDocumentError(12300, url)
    if len(answer.content) > MAX_DOCUMENT:
        raise NoDocumentError(11750, url)
    text = _text(answer)
    return f"<Response><Say>{escape(text)}</Say></Response>" if kind == "text/plain" else text


def _text(answer: _Answer) -> str:
    try:
        return answer.content.decode(answer.head.charset_encoding or "utf-8", "replace")
    except LookupError:  # the customer's server names an encoding that nobody knows
        return answer.content.decode("utf-8", "replace")
