"""ElevenLabs Agents, as platform."""

from switchboard.providers.elevenlabs.adapter import ElevenLabs

__all__ = ["ElevenLabs"]
