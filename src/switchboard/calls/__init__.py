"""Calls: from the request to ring one phone to the settled truth about what was said and what it cost."""
