"""Switchboard: one control plane for voice-AI phone agents on several platforms."""
