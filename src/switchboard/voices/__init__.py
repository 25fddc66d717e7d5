"""Voices of the platforms."""
