"""The tools that the service brings itself. Source: Ultravox "Built-in tools" (fact sheet 4.6)."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from switchboard.sandbox.ultravox.tools import StoredTool

_SINCE = datetime(2024, 6, 1, tzinfo=UTC)


def _parameter(name: str, description: str, kind: str = "string", *, required: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "location": "PARAMETER_LOCATION_BODY",
        "schema": {"type": kind, "description": description},
        "required": required,
    }


def _tool(name: str, description: str, *parameters: dict[str, Any]) -> StoredTool:
    definition = {"modelToolName": name, "description": description, "dynamicParameters": list(parameters)}
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"ultravox-tool:{name}"))
    return StoredTool(identity, name, _SINCE, definition, ownership="public")


BUILT_IN: Mapping[str, StoredTool] = {
    tool.tool_id: tool
    for tool in (
        _tool(
            "queryCorpus",
            "Look something up in a corpus of documents.",
            _parameter("query", "What to look for."),
            _parameter("corpus_id", "The corpus to search."),
            _parameter("max_results", "How many passages at most.", "integer", required=False),
        ),
        _tool(
            "leaveVoicemail", "Leave a message on a machine and hang up.", _parameter("message", "What to say.")
        ),
        _tool("hangUp", "End the call.", _parameter("reason", "Why the call ends.", required=False)),
        _tool("playDtmfSounds", "Press keys of the telephone.", _parameter("digits", "The keys to press.")),
        _tool("coldTransfer", "Hand the caller over to somebody else.", _parameter("target", "Whom to dial.")),
        _tool("warmTransfer", "Introduce the caller to a human operator.", _parameter("target", "Whom to dial.")),
    )
}
"""By tool id; the same ids on every machine."""
