"""A small TwiML interpreter: runs a document on an answered call, verb by verb.

Source: Twilio "TwiML for Programmable Voice". Verbs that are not imitated leave a note on the call.
"""

import random
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urljoin, urlsplit

from switchboard.sandbox.line import PhoneLeg, StreamEnd
from switchboard.sandbox.phones.overheard import Overheard
from switchboard.sandbox.twilio.accounts import new_sid
from switchboard.sandbox.twilio.calls import Call, CallbackAddress, Script, rfc2822
from switchboard.sandbox.twilio.outgoing import Fetched, NoDocumentError, Outgoing
from switchboard.sandbox.world import World

_WORDS_PER_SECOND = 2.5
_PLAY_SECONDS = 3.0
_MAX_DOCUMENTS = 100
_MAX_PARAMETER = 500
_SILENT_VERBS = frozenset(
    {"Start", "Stop", "Gather", "Dial", "Record", "Enqueue", "Leave", "Refer", "Pay", "Prompt"}
)


class _Step(Enum):
    NEXT = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Document:
    root: ET.Element
    url: str
    """What relative addresses in it are resolved against; empty for inline TwiML."""


class Playback:
    """Runs scripts on one call, with one person listening."""

    def __init__(
        self, world: World, call: Call, person: Overheard, outgoing: Outgoing, ids: random.Random
    ) -> None:
        self._world = world
        self._call = call
        self._person = person
        self._outgoing = outgoing
        self._ids = ids

    async def run(self, script: Script) -> None:
        """Until the document ends, hangs up, or the callee does. Raises what a stream's target raises."""
        document = await self._load(script)
        for _ in range(_MAX_DOCUMENTS):
            if document is None:
                return
            document = await self._play(document)
        self._note("too many documents in one call")

    async def _load(self, script: Script) -> _Document | None:
        if script.twiml is not None:
            return self._parsed(Fetched(script.twiml, ""))
        assert script.url is not None
        document = await self._fetched(script.url, script.method, {})
        if isinstance(document, _Document):
            return document
        if script.fallback_url is None:
            return None
        because = {"ErrorCode": str(document.code), "ErrorUrl": document.url}
        document = await self._fetched(script.fallback_url, script.fallback_method, because)
        return document if isinstance(document, _Document) else None

    async def _fetched(self, url: str, method: str, because: dict[str, str]) -> "_Document | NoDocumentError":
        told = because | ({"AnsweredBy": self._call.answered_by} if self._call.answered_by else {})
        try:
            fetched = await self._outgoing.fetch(self._call, url, method, told)
        except NoDocumentError as error:
            self._note(f"{error.code}: no TwiML from {error.url}")
            return error
        return self._parsed(fetched) or NoDocumentError(12100, url)

    def _parsed(self, fetched: Fetched) -> _Document | None:
        try:
            root = ET.fromstring(fetched.text)  # noqa: S314 -- 64 KB at most, and expat bounds entity growth
        except (ET.ParseError, ValueError) as error:
            self._note(f"12100: the TwiML is no XML: {error}")
            return None
        if root.tag != "Response":
            self._note(f"12100: the TwiML's root is {root.tag}, not Response")
            return None
        return _Document(root, fetched.url)

    async def _play(self, document: _Document) -> _Document | None:
        for verb in document.root:
            step = await self._perform(verb, document.url)
            if isinstance(step, _Document):
                return step
            if step is _Step.END:
                return None
        return None

    async def _perform(self, verb: ET.Element, base: str) -> "_Step | _Document":
        match verb.tag:
            case "Connect":
                return await self._connect(verb, base)
            case "Redirect":
                return await self._go(verb.text or "", verb.get("method", "POST"), base)
            case "Hangup" | "Reject":
                return _Step.END
            case "Say" | "Play" | "Pause":
                await self._pass_time(verb)
            case tag if tag in _SILENT_VERBS:
                self._note(f"<{tag}> is not imitated yet")
            case tag:
                self._note(f"12200: <{tag}> is no TwiML verb")
        return _Step.NEXT

    async def _pass_time(self, verb: ET.Element) -> None:
        text = " ".join("".join(verb.itertext()).split())
        if verb.tag == "Say":
            self._person.hears(text)
            await self._world.clock.sleep(len(text.split()) / _WORDS_PER_SECOND)
        elif verb.tag == "Pause":
            await self._world.clock.sleep(_seconds(verb.get("length")))
        else:
            await self._world.clock.sleep(_PLAY_SECONDS)

    async def _go(self, target: str, method: str, base: str) -> "_Step | _Document":
        url = urljoin(base, target.strip())
        if not url:
            self._note("11100: a relative address in inline TwiML leads nowhere")
            return _Step.END
        document = await self._fetched(url, method.upper(), {})
        return document if isinstance(document, _Document) else _Step.END

    async def _connect(self, verb: ET.Element, base: str) -> "_Step | _Document":
        stream = verb.find("Stream")
        if stream is None:
            self._note(f"<Connect> with {[noun.tag for noun in verb]} is not imitated yet")
            return _Step.NEXT
        if await self._stream(stream) is StreamEnd.CALLEE_HUNG_UP:
            return _Step.END
        action = verb.get("action")
        return await self._go(action, verb.get("method", "POST"), base) if action else _Step.NEXT

    async def _stream(self, stream: ET.Element) -> StreamEnd:
        url, stream_sid = stream.get("url", ""), new_sid("MZ", self._ids)
        target = self._world.exchange.find(url)
        if target is None or urlsplit(url).scheme not in ("ws", "wss"):
            self._note(f"31920: nobody answers the stream {url}")
            self._tell(stream, stream_sid, "stream-error", "31920")
            return StreamEnd.PLATFORM_CLOSED
        self._tell(stream, stream_sid, "stream-started")
        try:
            return await target.talk(self._leg(stream, stream_sid))
        finally:
            self._tell(stream, stream_sid, "stream-stopped")

    def _leg(self, stream: ET.Element, stream_sid: str) -> PhoneLeg:
        parameters = {one.get("name", ""): one.get("value", "") for one in stream.findall("Parameter")}
        for name, value in parameters.items():
            if len(name) + len(value) >= _MAX_PARAMETER:
                self._note(f"the stream's parameter {name} is too long")
        call = self._call
        return PhoneLeg(
            account_sid=call.account_sid,
            call_sid=call.sid,
            stream_sid=stream_sid,
            to=call.order.to,
            from_=call.order.from_,
            person=self._person,
            parameters=parameters,
        )

    def _tell(self, stream: ET.Element, stream_sid: str, event: str, error: str = "") -> None:
        url = stream.get("statusCallback")
        if not url:
            return
        fields = {
            "AccountSid": self._call.account_sid,
            "CallSid": self._call.sid,
            "StreamSid": stream_sid,
            "StreamName": stream.get("name", stream_sid),
            "StreamEvent": event,
            "Timestamp": rfc2822(self._call.watch.now()) or "",
        }
        address = CallbackAddress(url, stream.get("statusCallbackMethod", "POST").upper())
        self._outgoing.owe(self._call, address, fields | ({"StreamError": error} if error else {}))

    def _note(self, text: str) -> None:
        self._call.notes.append(text)


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isdigit() else 1.0
