"""Signatures, tokens and secrets. Knows nothing of domains."""
