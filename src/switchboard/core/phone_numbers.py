"""Telephone numbers: E.164 text in, E.164 text out, and which kinds we are willing to dial."""

import phonenumbers
from phonenumbers import PhoneNumberType

_NOT_DIALLED = {
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a shared-cost number",
    PhoneNumberType.PAGER: "a pager",
    PhoneNumberType.UAN: "a company's universal access number",
    PhoneNumberType.VOICEMAIL: "a voicemail access number",
}


def parse_e164(text: str) -> str:
    """The number in E.164 (`+14155550100`); spaces, dashes, dots and brackets are allowed.

    Raises: ValueError with a sentence that says what to do, for text that is no valid international
    number and for kinds that are not dialled (premium rate, shared cost, pager, UAN, voicemail access).
    """
    if not text.strip().startswith("+"):
        raise ValueError("Write the number with its country code, for example +14155550100.")
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        raise ValueError("This is not a telephone number. Write it like +14155550100.") from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError("No such number exists in its country's numbering plan. Check its digits.")
    kind = _NOT_DIALLED.get(phonenumbers.number_type(number))
    if kind:
        raise ValueError(f"This is {kind}, which Switchboard does not dial. Use an ordinary line.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
