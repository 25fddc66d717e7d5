"""The append-only log of what happened, how to follow it, and its stream over HTTP."""
