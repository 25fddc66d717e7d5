"""A TwiML interpreter: runs documents on an answered call, verb by verb.

Source: Twilio "TwiML for Programmable Voice". Verbs that are not imitated leave a note on the call.
"""

import xml.etree.ElementTree as ET

from switchboard.sandbox.twilio.calls import CallStatus, Script
from switchboard.sandbox.twilio.dialling import dial
from switchboard.sandbox.twilio.documents import Document, Documents
from switchboard.sandbox.twilio.gathering import gather
from switchboard.sandbox.twilio.record_verb import record
from switchboard.sandbox.twilio.saying import pause, play, say, words
from switchboard.sandbox.twilio.stage import Goto, Outcome, Stage, Step, Verb
from switchboard.sandbox.twilio.streams import Streams

_MAX_DOCUMENTS = 100
_NOT_IMITATED = frozenset({"Enqueue", "Leave", "Refer", "Pay", "Prompt", "Sms", "Echo", "Queue"})
_VERBS: dict[str, Verb] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Dial": dial,
    "Record": record,
}


class Playback:
    """Runs scripts on one call, with one party listening."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._documents = Documents(stage.call, stage.outgoing)
        self.streams = Streams(stage)
        self._verbs: dict[str, Verb] = {
            **_VERBS,
            "Connect": self.streams.connect,
            "Start": self.streams.start,
            "Stop": self.streams.stop,
            "Redirect": _redirect,
        }

    async def load(self, script: Script) -> Document | None:
        """The script's first document; None, with a note, if there is none."""
        return await self._documents.load(script)

    async def run(self, document: Document | None) -> None:
        """Until the document ends, hangs up, or the callee does. Raises what a stream's target raises."""
        for _ in range(_MAX_DOCUMENTS):
            if document is None:
                return
            next_document = await self._play(document)
            if next_document is None:
                return
            document = await self._documents.fetch(next_document.url, next_document.method, next_document.fields)
        self.stage.call.notes.append("too many documents in one call")

    def refusal(self, document: Document | None) -> CallStatus | None:
        """What an incoming call ends as that this document does not answer."""
        if document is None:
            return CallStatus.FAILED
        first = next(iter(document.root), None)
        if first is None or first.tag != "Reject":
            return None
        return CallStatus.BUSY if first.get("reason") == "busy" else CallStatus.NO_ANSWER

    async def close(self) -> None:
        """End what runs beside the documents."""
        await self.streams.close()

    async def _play(self, document: Document) -> Goto | None:
        self.stage.base = document.url
        for verb in document.root:
            outcome = await self._perform(verb)
            if isinstance(outcome, Goto):
                return outcome
            if outcome is Step.END:
                return None
        return None

    async def _perform(self, verb: ET.Element) -> Outcome:
        if verb.tag in ("Hangup", "Reject"):
            return Step.END
        perform = self._verbs.get(verb.tag)
        if perform:
            return await perform(self.stage, verb)
        if verb.tag in _NOT_IMITATED:
            self.stage.call.notes.append(f"<{verb.tag}> is not imitated")
        else:
            self.stage.call.warn(12200, f"<{verb.tag}> is no TwiML verb")
        return Step.NEXT


async def _redirect(stage: Stage, verb: ET.Element) -> Outcome:
    return stage.goto(words(verb), verb.get("method", "POST"))
