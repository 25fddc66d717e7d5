"""What the verbs of one call share, and what a verb may lead to."""

import random
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from urllib.parse import urljoin

from switchboard.sandbox.twilio.calls import Call
from switchboard.sandbox.twilio.keypad import Keypad
from switchboard.sandbox.twilio.numerals import whole
from switchboard.sandbox.twilio.outgoing import Outgoing
from switchboard.sandbox.twilio.party import Party
from switchboard.sandbox.twilio.recorder import CallRecorder
from switchboard.sandbox.world import World


class Step(Enum):
    """The next verb, or the end of the call."""

    NEXT = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Goto:
    """Another document takes over, asked for with these fields besides the call's own."""

    url: str
    method: str = "POST"
    fields: Mapping[str, str] = field(default_factory=dict)


Outcome = Step | Goto
Verb = Callable[["Stage", ET.Element], Awaitable[Outcome]]


@dataclass(slots=True)
class Stage:
    """One call on which a document is played. `base`: the document's address, empty for inline TwiML."""

    world: World
    call: Call
    party: Party
    outgoing: Outgoing
    ids: random.Random
    recorder: CallRecorder
    remember: Callable[[Call], None]
    """Keeps a call that a verb makes."""
    owns: Callable[[str], bool]
    """Whether a number is the account's."""
    keypad: Keypad = field(default_factory=Keypad)
    base: str = ""

    def action(self, verb: ET.Element, fields: Mapping[str, str], default: str = "") -> Outcome:
        """Where the verb's `action` leads; the next verb when it has none."""
        target = (verb.get("action") or default).strip()
        return self.goto(target, verb.get("method", "POST"), fields) if target else Step.NEXT

    def goto(self, target: str, method: str, fields: Mapping[str, str] | None = None) -> Outcome:
        """A document at an address that may be relative to this one's."""
        url = urljoin(self.base, target)
        if not url or (not self.base and "://" not in target):
            self.call.warn(11100, "a relative address in inline TwiML leads nowhere")
            return Step.END
        return Goto(url, method.upper(), fields or {})

    def count(self, verb: ET.Element, attribute: str, default: int, most: int = 86_400) -> int:
        """A whole number of an attribute; one that cannot be read is the default, with a warning."""
        text = verb.get(attribute)
        if text is None:
            return default
        number = whole(text)
        if number is not None and number <= most:
            return number
        self.call.warn(12200, f"<{verb.tag}> {attribute}={text[:40]!r} is out of range")
        return default
