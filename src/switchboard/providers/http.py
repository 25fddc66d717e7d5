"""The one module that knows httpx: pooled clients, time-outs, size limits, harmless repeats, transport errors."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx
import stamina

from switchboard.providers.errors import ProviderError, ProviderMissing, ProviderUnavailable, ProviderUnclear
from switchboard.providers.normalised import Audio

_TRIES = 3
_LONGEST_WAIT_SECONDS = 2.0
_CONNECT_SECONDS = 5.0
_MEBIBYTE = 1024 * 1024
_SLOW_FACTOR = 2.0
_DOWNLOAD_SECONDS = 60.0
_HOPS = 3
_OK_BELOW, _ERROR_FROM, _SERVER_ERROR_FROM = 300, 400, 500

# Nothing of the request left this machine: it was certainly not carried out.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)


class Repeat(Enum):
    """What may happen to a request whose outcome is unknown."""

    HARMLESS = "harmless"
    """Repeated here, up to three times in all."""
    BY_CALLER = "by-caller"
    """Not repeated here; the caller may."""
    NEVER = "never"
    """Not repeated; an unknown outcome raises ProviderUnclear."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one answer may bring, in bytes and in seconds."""

    max_bytes: int
    seconds: float | None = None


JSON_ANSWER = Limits(5 * _MEBIBYTE)
AUDIO_ANSWER = Limits(25 * _MEBIBYTE, _DOWNLOAD_SECONDS)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of a provider."""

    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def lenient_json(self) -> Any:
        """The body as JSON, or its first 2000 characters when it is none."""
        try:
            return json.loads(self.content)
        except ValueError:
            return self.text[:2000]

    def retry_after(self) -> float | None:
        """Seconds from `Retry-After`, given as seconds or as an HTTP date; None when absent or unreadable."""
        value = self.headers.get("retry-after", "").strip()
        try:
            return max(0.0, float(value))
        except ValueError:
            pass
        try:
            at = parsedate_to_datetime(value)
        except ValueError:
            return None
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


Refusal = Callable[[Answer], ProviderError]
"""A vendor's reading of an answer with status 400 or more. Called for every one of them."""


class VendorClient:
    """Requests to one vendor. Credentials live in the client's headers and appear in no error of ours."""

    def __init__(
        self,
        provider: str,
        title: str,
        base_url: str,
        *,
        refusal: Refusal,
        timeout_seconds: float,
        headers: Mapping[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
    ) -> None:
        self.provider = provider
        self.title = title
        self._base_url = base_url.rstrip("/")
        self._refusal = refusal
        self._seconds = timeout_seconds
        self._client = _pooled(timeout_seconds, headers=dict(headers or {}), auth=basic_auth)
        self._anonymous = _pooled(timeout_seconds)

    @property
    def encrypted(self) -> bool:
        """Whether the vendor is spoken to over TLS; then its sockets must be, too."""
        return urlsplit(self._base_url).scheme == "https"

    async def aclose(self) -> None:
        await self._client.aclose()
        await self._anonymous.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        repeat: Repeat | None = None,
        limits: Limits = JSON_ANSWER,
        **request: Any,
    ) -> Answer:
        """One request; `request` takes httpx' `params`, `json`, `data`. Redirects are answers, not followed.

        Without `repeat`, GET and DELETE are harmless and all else is for the caller to repeat.

        Raises: ProviderUnavailable, ProviderUnclear (`Repeat.NEVER` only) and what the vendor's refusal says.
        """
        repeat = repeat or (Repeat.HARMLESS if method in {"GET", "DELETE"} else Repeat.BY_CALLER)
        url = self._base_url + path
        if repeat is not Repeat.HARMLESS:
            return self._accepted(await self._once(self._client, method, url, repeat, limits, request), repeat)
        async for attempt in stamina.retry_context(
            on=_backoff, attempts=_TRIES, timeout=None, wait_initial=0.1, wait_max=1.0, wait_jitter=0.1
        ):
            with attempt:
                return self._accepted(await self._once(self._client, method, url, repeat, limits, request), repeat)
        raise AssertionError("stamina lets the last error through")

    async def json(self, method: str, path: str, *, repeat: Repeat | None = None, **request: Any) -> Any:
        """The JSON of a successful answer.

        Raises: as `send`; an answer that is no JSON is ProviderUnavailable, or ProviderUnclear for `Repeat.NEVER`.
        """
        answer = await self.send(method, path, repeat=repeat, **request)
        if answer.status < _OK_BELOW:
            try:
                return json.loads(answer.content)
            except ValueError:
                pass
        raise self._unreadable(answer, repeat)

    async def object(
        self, method: str, path: str, *, repeat: Repeat | None = None, **request: Any
    ) -> dict[str, Any]:
        """As `json`, for answers that must be a JSON object."""
        body = await self.json(method, path, repeat=repeat, **request)
        if isinstance(body, dict):
            return body
        kind = ProviderUnclear if repeat is Repeat.NEVER else ProviderUnavailable
        raise kind(f"{self.title} answered with something unexpected. Try again later.", provider=self.provider)

    async def audio(self, path: str, *, otherwise: str) -> Audio:
        """The audio at `path`, wherever the vendor redirects to. Raises: ProviderMissing(otherwise)."""
        return await self.download(self._base_url + path, otherwise=otherwise)

    async def download(self, url: str, *, otherwise: str) -> Audio:
        """The audio at a web address. Our key goes to the vendor's own host only."""
        for _ in range(_HOPS):
            if urlsplit(url).scheme not in {"http", "https"}:
                break
            own = self._is_own(url)
            client = self._client if own else self._anonymous
            answer = await self._once(client, "GET", url, Repeat.BY_CALLER, AUDIO_ANSWER, {})
            if own:
                self._accepted(answer, Repeat.BY_CALLER)
            elif answer.status >= _ERROR_FROM:
                break
            if answer.status < _OK_BELOW:
                return self._audio_of(answer, otherwise)
            url = urljoin(url, answer.headers.get("location", ""))
        raise ProviderMissing(otherwise, provider=self.provider)

    def _audio_of(self, answer: Answer, otherwise: str) -> Audio:
        media_type = (
            str(answer.headers.get("content-type", "")).split(";")[0].strip() or "application/octet-stream"
        )
        if not answer.content:
            raise ProviderMissing(otherwise, provider=self.provider)
        return Audio(answer.content, media_type)

    async def _once(
        self,
        client: httpx.AsyncClient,
        method: str,
        url: str,
        repeat: Repeat,
        limits: Limits,
        request: Mapping[str, Any],
    ) -> Answer:
        try:
            async with asyncio.timeout(limits.seconds or self._seconds * _SLOW_FACTOR):
                built = client.build_request(method, url, timeout=_patience(client.timeout, limits), **request)
                return await self._exchange(client, built, limits)
        except _NOT_SENT as error:
            raise self._unreached(error) from None
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise self._lost(error, repeat) from None

    def _accepted(self, answer: Answer, repeat: Repeat) -> Answer:
        if answer.status >= _ERROR_FROM:
            raise self._refused(answer, repeat)
        return answer

    async def _exchange(self, client: httpx.AsyncClient, request: httpx.Request, limits: Limits) -> Answer:
        response = await client.send(request, stream=True)
        try:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > limits.max_bytes:
                    raise httpx.DecodingError("larger than allowed", request=request)
            return Answer(response.status_code, response.headers, bytes(content))
        finally:
            await response.aclose()

    def _unreached(self, error: Exception) -> ProviderUnavailable:
        return ProviderUnavailable(
            f"{self.title} cannot be reached ({type(error).__name__}). Check the network and try again.",
            provider=self.provider,
        )

    def _lost(self, error: Exception, repeat: Repeat) -> ProviderUnavailable:
        what = f"{self.title} was asked, but its answer did not arrive ({type(error).__name__})."
        if repeat is Repeat.NEVER:
            return ProviderUnclear(f"{what} It may have been carried out.", provider=self.provider)
        return ProviderUnavailable(f"{what} Try again.", provider=self.provider)

    def _refused(self, answer: Answer, repeat: Repeat) -> ProviderError:
        error = self._refusal(answer)
        if (
            repeat is Repeat.NEVER
            and answer.status >= _SERVER_ERROR_FROM
            and isinstance(error, ProviderUnavailable)
        ):
            return ProviderUnclear(
                f"{error.detail} The request may have been carried out.",
                provider=self.provider,
                provider_status=error.provider_status,
                provider_code=error.provider_code,
                raw=error.raw,
            )
        return error

    def _unreadable(self, answer: Answer, repeat: Repeat | None) -> ProviderUnavailable:
        kind = ProviderUnclear if repeat is Repeat.NEVER else ProviderUnavailable
        return kind(
            f"{self.title} answered {answer.status} with something that is not JSON. Check its base URL.",
            provider=self.provider,
            provider_status=answer.status,
            raw=answer.text[:2000],
        )

    def _is_own(self, url: str) -> bool:
        theirs, ours = urlsplit(url), urlsplit(self._base_url)
        return (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)


def _patience(usual: httpx.Timeout, limits: Limits) -> httpx.Timeout:
    """Audio may be made while it is asked for: then the first byte may take as long as all of it."""
    read = limits.seconds or usual.read
    return httpx.Timeout(connect=usual.connect, read=read, write=usual.write, pool=usual.pool)


def path(template: str, *ids: str) -> str:
    """`template` with each `{}` filled by an id, escaped so that it stays one path segment."""
    return template.format(*(quote(part, safe="") for part in ids))


def _pooled(seconds: float, **options: Any) -> httpx.AsyncClient:
    connect = min(_CONNECT_SECONDS, seconds)
    return httpx.AsyncClient(
        timeout=httpx.Timeout(connect=connect, read=seconds, write=seconds, pool=connect),
        # Idle connections are dropped before common servers drop them (5 s), so that no dial meets a dead one.
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=4.0),
        trust_env=False,
        follow_redirects=False,
        **options,
    )


def _backoff(error: Exception) -> bool | float:
    if not isinstance(error, ProviderUnavailable):
        return False
    if not error.retry_after_stated:
        return True
    return error.retry_after if error.retry_after <= _LONGEST_WAIT_SECONDS else False
