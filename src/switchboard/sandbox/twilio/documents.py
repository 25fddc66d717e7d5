"""TwiML documents: where they come from, and what is wrong with them."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass

from switchboard.sandbox.twilio.calls import Call, Script
from switchboard.sandbox.twilio.outgoing import Fetched, NoDocumentError, Outgoing


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document."""

    root: ET.Element
    url: str
    """What relative addresses in it are resolved against; empty for inline TwiML."""


class Documents:
    """Fetches and parses for one call; what goes wrong is noted in its debugger."""

    def __init__(self, call: Call, outgoing: Outgoing) -> None:
        self._call = call
        self._outgoing = outgoing
        self._script = Script()
        """Where the call's documents come from now."""

    async def load(self, script: Script) -> Document | None:
        """The script's document; None if neither it nor its fallback can be had."""
        self._script = script
        if script.twiml is not None:
            return self._parsed(Fetched(script.twiml, ""))
        assert script.url is not None
        return await self.fetch(script.url, script.method, {})

    async def fetch(self, url: str, method: str, fields: Mapping[str, str]) -> Document | None:
        """The document at `url`, asked with the call's fields and these, or the script's fallback.

        Source: Twilio "Availability and reliability", fallback URLs: they serve every document of the call.
        """
        document, script = await self._asked(url, method, fields), self._script
        if isinstance(document, NoDocumentError) and script.fallback_url is not None:
            because = {"ErrorCode": str(document.code), "ErrorUrl": document.url}
            document = await self._asked(script.fallback_url, script.fallback_method, because)
        return document if isinstance(document, Document) else None

    async def _asked(self, url: str, method: str, fields: Mapping[str, str]) -> Document | NoDocumentError:
        told = dict(fields) | ({"AnsweredBy": self._call.answered_by} if self._call.answered_by else {})
        try:
            fetched = await self._outgoing.fetch(self._call, url, method, told)
        except NoDocumentError as error:
            self._call.warn(error.code, f"no TwiML from {error.url}")
            return error
        return self._parsed(fetched) or NoDocumentError(12100, url)

    def _parsed(self, fetched: Fetched) -> Document | None:
        try:
            root = ET.fromstring(fetched.text)  # noqa: S314 -- 64 KB at most, and expat bounds entity growth
        except (ET.ParseError, ValueError) as error:
            self._call.warn(12100, f"the TwiML is no XML: {error}")
            return None
        if root.tag != "Response":
            self._call.warn(12100, f"the TwiML's root is {root.tag}, not Response")
            return None
        return Document(root, fetched.url)
