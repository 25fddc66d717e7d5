"""Twilio Programmable Voice, as carrier."""

from switchboard.providers.twilio.adapter import Twilio

__all__ = ["Twilio"]
