"""Ultravox Realtime, as platform."""

from switchboard.providers.ultravox.adapter import Ultravox

__all__ = ["Ultravox"]
