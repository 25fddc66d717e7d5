"""What the service refuses in `selectedTools`. Source: Ultravox "Tools" (fact sheet 1.3, 4.6)."""

import re
from typing import Any

from switchboard.sandbox.ultravox.errors import bad_request

BUILT_IN = ("queryCorpus", "leaveVoicemail", "hangUp", "playDtmfSounds", "coldTransfer", "warmTransfer")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_WAYS = ("toolId", "toolName", "temporaryTool")
_LOCATIONS = tuple(f"PARAMETER_LOCATION_{place}" for place in ("QUERY", "PATH", "HEADER", "BODY"))


def check(selected: Any) -> None:
    """Raises: UltravoxError 400."""
    if selected is None:
        return
    if not isinstance(selected, list) or not all(isinstance(tool, dict) for tool in selected):
        raise bad_request("selectedTools must be a list of objects.")
    names = [_check_one(tool) for tool in selected]
    twice = next((name for name in names if name is not None and names.count(name) > 1), None)
    if twice:
        raise bad_request(f"Tool names must be unique within a call: {twice}")


def _check_one(tool: dict[str, Any]) -> str | None:
    """The name that the model knows it by; None where only the tool's id is given."""
    ways = [way for way in _WAYS if tool.get(way)]
    if len(ways) != 1:
        raise bad_request("A selected tool must have exactly one of toolId, toolName and temporaryTool.")
    if ways == ["toolName"] and tool["toolName"] not in BUILT_IN:
        raise bad_request(f"Tool not found: {tool['toolName']}")
    name = tool.get("nameOverride") or tool.get("toolName")
    if ways == ["temporaryTool"]:
        name = tool.get("nameOverride") or _check_definition(tool["temporaryTool"])
    if name is not None and not _NAME.fullmatch(str(name)):
        raise bad_request("Tool names must match ^[a-zA-Z0-9_-]{1,64}$.")
    return name


def _check_definition(definition: Any) -> Any:
    if not isinstance(definition, dict) or not definition.get("modelToolName"):
        raise bad_request("temporaryTool.modelToolName is required.")
    url = str((definition.get("http") or {}).get("baseUrlPattern") or "https://")
    if not url.startswith("https://") or "?" in url:
        raise bad_request("baseUrlPattern must be an HTTPS URL without a query string.")
    for kind in ("dynamicParameters", "staticParameters", "automaticParameters"):
        for parameter in definition.get(kind) or []:
            if not parameter.get("name") or parameter.get("location") not in _LOCATIONS:
                raise bad_request(f"{kind} need a name and a location.")
    return definition["modelToolName"]
