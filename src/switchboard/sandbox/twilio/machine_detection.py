"""Whether a machine picked up: what is asked for, and what is found out.

Source: Twilio "Answering Machine Detection".
"""

from dataclasses import dataclass

from switchboard.sandbox.phones.directory import Household
from switchboard.sandbox.phones.residents import Manner
from switchboard.sandbox.twilio.calls import MachineDetection
from switchboard.sandbox.twilio.errors import TwilioError
from switchboard.sandbox.twilio.form import Form

_HUMAN_AFTER = 3.0
_MACHINE_AFTER = 4.0
_GREETING_ENDS_AFTER = 9.0
_BAD = 21234
_THRESHOLDS = (
    ("MachineDetectionSpeechThreshold", 2400, 1000, 6000),
    ("MachineDetectionSpeechEndThreshold", 1200, 500, 5000),
)
"""Milliseconds: usual, least and most. They are checked and change nothing: nobody here is hard to tell."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`answered_by` is known so many sandbox seconds after the call was answered."""

    after: float
    answered_by: str


def verdict(wanted: MachineDetection, home: Household) -> Verdict:
    """What is found out about a household; `unknown` where nothing is within the time-out."""
    if home.is_machine:
        found = (_GREETING_ENDS_AFTER, "machine_end_beep") if wanted.waits else (_MACHINE_AFTER, "machine_start")
    elif home.resident.manner is Manner.SILENT:
        found = (wanted.silence, "unknown")
    else:
        found = (_HUMAN_AFTER, "human")
    return Verdict(*found) if found[0] <= wanted.timeout else Verdict(wanted.timeout, "unknown")


def detection(form: Form) -> MachineDetection | None:
    """What `POST Calls.json` asks for. Raises: TwilioError 21234."""
    mode = form.text("MachineDetection")
    if mode is None or mode == "None" or form.text("SendDigits"):
        return None
    if mode not in ("Enable", "DetectMessageEnd"):
        raise TwilioError(_BAD, f"Invalid MachineDetection {mode}: must be Enable or DetectMessageEnd")
    for key, usual, least, most in _THRESHOLDS:
        form.whole(key, usual, most, least=least, code=_BAD)
    return MachineDetection(
        waits=mode == "DetectMessageEnd",
        asynchronous=(form.text("AsyncAmd") or "").lower() == "true",
        tells=form.address("AsyncAmdStatusCallback"),
        timeout=form.whole("MachineDetectionTimeout", 30, 59, least=3, code=_BAD),
        silence=form.whole("MachineDetectionSilenceTimeout", 5000, 10_000, least=2000, code=_BAD) / 1000,
    )
