"""An OpenAI-compatible endpoint that may think for the agents.

Source: OpenAI "Create chat completion", which other servers imitate.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from switchboard.sandbox.json_text import parsed

_TIMEOUT = 15.0
_AT_ONCE = 20
_LONGEST_ANSWER = 256 * 1024
_log = logging.getLogger(__name__)


class LanguageModelSettings(BaseSettings):
    """`SWITCHBOARD_SANDBOX_LLM_URL`, `_MODEL`, `_KEY`; without URL and model agents think by themselves."""

    model_config = SettingsConfigDict(
        env_prefix="SWITCHBOARD_SANDBOX_LLM_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    url: str | None = None
    """Such as `http://localhost:11434/v1`."""
    model: str | None = None
    key: SecretStr | None = None


class NoAnswerError(Exception):
    """The endpoint is not there, too slow, refuses, or answers something else."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A function that the model wants called."""

    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says, wants, and how both stand in the history (`message`)."""

    text: str
    wishes: tuple[Wish, ...]
    message: Mapping[str, Any]


class LanguageModel:
    """One endpoint for all conversations; at most twenty questions at once, 15 s each (real time)."""

    def __init__(self, url: str, model: str, key: str = "") -> None:
        base = url.rstrip("/")
        self._url = base if base.endswith("/chat/completions") else f"{base}/chat/completions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http: httpx.AsyncClient | None = None
        self._has_warned = False

    async def answer(self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]) -> Answer:
        """The next message of a conversation. Raises: NoAnswerError."""
        body = {"model": self._model, "messages": list(messages), "temperature": 0}
        if tools:
            body["tools"] = list(tools)
        try:
            async with asyncio.timeout(_TIMEOUT):
                return _answer(await self._ask(body))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise NoAnswerError(f"{type(error).__name__}: {error}") from error

    def warn(self, error: NoAnswerError) -> None:
        """Tell the operator, the first time."""
        if not self._has_warned:
            self._has_warned = True
            told = "The language model at %s does not answer (%s). Agents think by themselves."
            _log.warning(told, self._url, error)

    async def close(self) -> None:
        if self._http:
            await self._http.aclose()

    async def _ask(self, body: Mapping[str, Any]) -> bytes:
        if self._http is None:
            limits = httpx.Limits(max_connections=_AT_ONCE)
            self._http = httpx.AsyncClient(timeout=_TIMEOUT, limits=limits, headers=self._headers)
        received = bytearray()
        async with self._http.stream("POST", self._url, json=body) as response:
            response.raise_for_status()
            async for piece in response.aiter_bytes():
                received += piece
                if len(received) > _LONGEST_ANSWER:
                    raise NoAnswerError("The answer is longer than 256 KiB.")
        return bytes(received)


def _answer(body: bytes) -> Answer:
    try:
        message = parsed(body)["choices"][0]["message"]
        wishes = tuple(_wish(call) for call in message.get("tool_calls") or [])
        text = str(message.get("content") or "")
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise NoAnswerError(f"not a chat completion: {error!r}") from error
    kept = {"role": "assistant", "content": text}
    return Answer(text, wishes, kept | ({"tool_calls": message["tool_calls"]} if wishes else {}))


def _wish(call: Mapping[str, Any]) -> Wish:
    function = call["function"]
    arguments = parsed(function.get("arguments") or "{}")
    if not isinstance(arguments, dict):
        raise TypeError("arguments are no object")
    return Wish(str(call["id"]), str(function["name"]), arguments)


def from_settings(settings: LanguageModelSettings) -> LanguageModel | None:
    """None unless URL and model are set."""
    if not settings.url or not settings.model:
        return None
    return LanguageModel(settings.url, settings.model, settings.key.get_secret_value() if settings.key else "")
