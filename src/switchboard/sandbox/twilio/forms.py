"""What a customer asks for: forms become orders, or a refusal with Twilio's code."""

import re
from collections.abc import Sequence
from typing import NoReturn

import phonenumbers

from switchboard.sandbox.phones.directory import Outcome, household
from switchboard.sandbox.twilio.accounts import Account, Application
from switchboard.sandbox.twilio.calls import CallOrder, RecordingOrder, Script
from switchboard.sandbox.twilio.errors import TwilioError
from switchboard.sandbox.twilio.form import Form
from switchboard.sandbox.twilio.machine_detection import detection

MAX_TWIML = 4_000
LONGEST_CALL = 86_400
_MAX_RINGING = 600
_LONGEST_ADDRESS = 255
_DIGITS = re.compile(r"[0-9A-DwW*#]{1,32}")
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_MAGIC_FROM = {"+15005550001": (21212, "The From phone number {} is not a valid phone number.")}
_MAGIC_TO = {
    "+15005550001": (21217, "The phone number you are attempting to call, {}, is not a valid phone number."),
    "+15005550002": (21214, "The phone number you are attempting to call, {}, can not be reached."),
    "+15005550003": (21215, "Account not authorized to call {}. Check your geographic permissions."),
    "+15005550004": (21216, "Account not allowed to call {}: the number is on the block list."),
}
_NOT_IMITATED = (
    "SipAuthUsername",
    "Byoc",
    "CallerId",
    "CallReason",
    "CallToken",
    "ClientNotificationUrl",
)


def call_order(form: Form, account: Account, seed: int) -> CallOrder:
    """What `POST Calls.json` asks for.

    Raises: TwilioError with the code of the first thing that is wrong: numbers first, then the script,
    then the rest. Source: Twilio "Calls resource", create parameters; "Test credentials" (magic numbers).
    """
    to, from_ = form.text("To"), form.text("From")
    callee = check_numbers(account, to, from_, seed)
    events, strange = _events(form.texts("StatusCallbackEvent"))
    unheeded = [f"{key} is not imitated" for key in _NOT_IMITATED if form.text(key) not in (None, "false")]
    unheeded += [f"StatusCallbackEvent {event!r} is not known" for event in strange]
    if form.text("SipAuthUsername") and not form.text("SipAuthPassword"):
        raise TwilioError(21225, "SipAuthUsername is not enough: send SipAuthPassword, too.")
    application = _application(form, account)
    script = application.script() if application else _script(form)
    machine = detection(form)
    if machine and machine.asynchronous and machine.tells is None:
        unheeded.append("21262: AsyncAmd without AsyncAmdStatusCallback tells the Call resource only")
    if script is None:
        raise TwilioError(21205, "Url parameter is required: send Url, Twiml or ApplicationSid.")
    return CallOrder(
        to=callee[0],
        from_=callee[1],
        script=script,
        # An application brings its own callback. Source: Twilio "Calls resource", ApplicationSid.
        callback=application.callback if application else form.address("StatusCallback"),
        events=events,
        timeout=form.whole("Timeout", 60, _MAX_RINGING),
        time_limit=form.whole("TimeLimit", 14_400, LONGEST_CALL),
        detection=machine,
        recording=_recording(form),
        digits=_digits(form),
        notes=tuple(unheeded),
    )


def check_numbers(account: Account, to: str | None, from_: str | None, seed: int) -> tuple[str, str]:
    """The two numbers in E.164, To first. Raises: TwilioError 21201, 21211-21217, 21210."""
    if to is None:
        raise TwilioError(21201, "No 'To' number is specified")
    if from_ is None:
        raise TwilioError(21213, "No 'From' number is specified")
    # Whoever calls an address instead of a number may call themselves anything. Source: "Calls resource", From.
    caller = from_ if _is_address(to) else _from_number(account, from_)
    callee = _to_number(to, seed)
    if callee == caller:
        raise TwilioError(21211, f"The 'To' number {to} is the 'From' number: a number cannot call itself.")
    return callee, caller


def new_script(form: Form) -> Script | None:
    """What a live call shall do next, None when the form does not say. Raises: TwilioError 20001, 21205."""
    if form.text("Url") and form.text("Twiml"):
        raise TwilioError(20001, "Url and Twiml are mutually exclusive.")
    return _script(form)


def _from_number(account: Account, text: str) -> str:
    number = e164(text)
    if number in _MAGIC_FROM:
        _refuse(_MAGIC_FROM[number], text)
    if number is None:
        raise TwilioError(21212, f"The From phone number {text} is not a valid phone number.")
    if account.number(number) is None:
        raise TwilioError(
            21210,
            f"The source phone number provided, {text}, is not yet verified for your account. "
            "You may only make calls from phone numbers that you've verified or purchased from Twilio.",
        )
    return number


def _to_number(text: str, seed: int) -> str:
    if _is_address(text):
        if len(text) > _LONGEST_ADDRESS or not text.partition(":")[2]:
            raise TwilioError(21217, f"The address {text[:40]} is not valid.")
        return text
    number = e164(text)
    if number is None:
        raise TwilioError(21211, f"The phone number you are attempting to call, {text}, is not valid.")
    if number in _MAGIC_TO:
        _refuse(_MAGIC_TO[number], text)
    if not is_callable(number, seed):
        _refuse(_MAGIC_TO["+15005550001"], text)
    return number


def is_callable(number: str, seed: int) -> bool:
    """Whether a number in E.164 belongs to anybody."""
    valid = phonenumbers.is_valid_number(phonenumbers.parse(number))
    return valid and household(number, seed).outcome is not Outcome.INVALID


def _is_address(text: str) -> bool:
    return text.startswith(("sip:", "client:"))


def _refuse(reason: tuple[int, str], text: str) -> NoReturn:
    raise TwilioError(reason[0], reason[1].format(text))


def e164(text: str) -> str | None:
    number = re.sub(r"[\s().-]", "", text)
    return number if _E164.fullmatch(number) else None


def _script(form: Form) -> Script | None:
    url, twiml = form.url("Url", 21205), form.text("Twiml")
    if url:
        fallback = form.url("FallbackUrl")
        return Script(None, url, form.method("Method"), fallback, form.method("FallbackMethod"))
    if twiml and len(twiml) > MAX_TWIML:
        raise TwilioError(32018, f"Twiml must be at most {MAX_TWIML} characters long.")
    return Script(twiml) if twiml else None


def _application(form: Form, account: Account) -> Application | None:
    sid = form.text("ApplicationSid")
    if sid is None or form.text("Url") or form.text("Twiml"):
        return None
    application = account.applications.get(sid)
    if application is None:
        raise TwilioError(21218, f"Invalid ApplicationSid {sid}: this account has no such application.")
    return application


def _recording(form: Form) -> RecordingOrder | None:
    if form.text("Record") not in ("true", "True"):
        return None
    return recording_order(form, "OutboundAPI")


def recording_order(form: Form, source: str) -> RecordingOrder:
    """How a call is to be recorded. Events come as repeated keys or separated by spaces. Raises: TwilioError."""
    events = {event for text in form.texts("RecordingStatusCallbackEvent") for event in text.split()}
    track = form.text("RecordingTrack") or "both"
    if track not in ("inbound", "outbound", "both"):
        raise TwilioError(20001, f"Invalid RecordingTrack {track}: must be inbound, outbound or both")
    return RecordingOrder(
        source,
        2 if form.text("RecordingChannels") == "dual" else 1,
        track,
        form.address("RecordingStatusCallback"),
        frozenset(events) or frozenset({"completed"}),
    )


def _digits(form: Form) -> str:
    digits = form.text("SendDigits") or ""
    if digits and not _DIGITS.fullmatch(digits):
        raise TwilioError(20001, f"Invalid SendDigits {digits}: up to 32 of 0-9, A-D, #, *, w and W")
    return digits


def _events(wanted: Sequence[str]) -> tuple[frozenset[str], list[str]]:
    known = _EVENTS.intersection(wanted)
    return known or frozenset({"completed"}), [event for event in wanted if event not in _EVENTS]
