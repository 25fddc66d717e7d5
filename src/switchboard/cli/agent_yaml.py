"""An agent as a YAML file and back: stable order and format, without secrets and without ids of one server."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # ships no types

from switchboard.agents.variables import used
from switchboard.cli.errors import ExitCode, Failure

Record = dict[str, Any]
HIDDEN = "********"

DEFAULTS: Mapping[str, Any] = {
    "first_message": "",
    "first_speaker": "agent",
    "language": "en",
    "voice": None,
    "voice_settings": None,
    "model": None,
    "temperature": None,
    "max_duration_seconds": 600,
    "inactivity": None,
    "voicemail": {"action": "ignore", "message": ""},
    "recording": True,
    "variables": {},
    "tools": [],
    "evaluation": [],
    "data_collection": [],
    "tags": [],
    "platform_options": {},
    "fallback_voice": None,
    "twin": None,
}
"""Fields that a file need not name, with what they are then. Those of every file: platform, name, prompt.

`twin` is the API's `fallback_agent_id`, written as `platform/name`, since ids differ from server to server.
"""
REQUIRED = ("platform", "name", "prompt")
_PARTS: Mapping[str, Record] = {
    "voicemail": {"action": "ignore", "message": ""},
    "inactivity": {"message": "", "end_call": False},
    "voice_settings": {"speed": None, "stability": None, "similarity": None},
}
"""What the API fills in where an object is sent in part."""
_BARE = {"type": "string", "default": None}
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # untyped base
    """Texts of several lines as blocks, lists indented: what differs in a file is what differs in the agent."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002 -- the base's
        return super().increase_indent(flow, indentless=False)


def _text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def key_of(agent: Mapping[str, Any]) -> str:
    """What an agent is known by in files: `platform/name`."""
    return f"{agent['platform']}/{agent['name']}"


def as_file(agent: Mapping[str, Any], twin: str | None) -> Record:
    """What stands in the file of an agent of the API; what is as by default is left out."""
    fields = comparable({**agent, "twin": twin})
    for tool in fields["tools"]:
        for header in tool.get("headers") or ():
            header["value"] = "${" + _variable(f"{tool['name']}_{header['name']}") + "}"
    kept = {name: fields[name] for name in DEFAULTS if fields[name] != DEFAULTS[name]}
    return {name: agent[name] for name in REQUIRED} | kept


def comparable(agent: Mapping[str, Any]) -> Record:
    """The fields of an agent, of the API or of a file, so that equal agents are equal.

    Variables that the texts use anyway are left out, and secrets are hidden.
    """
    fields = {**DEFAULTS, **{name: agent[name] for name in (*REQUIRED, *DEFAULTS) if name in agent}}
    implied = set(used(fields))
    fields["variables"] = {
        name: value
        for name, value in _declared(fields["variables"]).items()
        if name not in implied or value != _BARE
    }
    for name, parts in _PARTS.items():
        if fields[name] is not None:
            fields[name] = {**parts, **fields[name]}
    fields["data_collection"] = [{"type": "string", **point} for point in fields["data_collection"]]
    fields["tools"] = [_tool(tool) for tool in fields["tools"]]
    return fields


def dumped(record: Record) -> str:
    text: str = yaml.dump(record, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text


def read(path: Path) -> Record:
    """The agent of a file. Raises: Failure that names the file and what is wrong in it."""
    try:
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise _wrong(path, f"It cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(record, dict):
        raise _wrong(path, "It must be a mapping with platform, name and prompt.")
    unknown = sorted(str(name) for name in record if name not in DEFAULTS and name not in REQUIRED)
    if unknown:
        raise _wrong(path, f"It has unknown fields: {', '.join(unknown)}.")
    missing = [name for name in REQUIRED if not isinstance(record.get(name), str)]
    if missing:
        raise _wrong(path, f"It lacks {', '.join(missing)}.")
    try:
        comparable(record)
    except (AttributeError, TypeError, KeyError, ValueError):
        raise _wrong(path, "Its lists and objects do not have the form that `export` writes.") from None
    return record


def with_secrets(record: Record, path: Path, *, new: bool) -> Record:
    """The record with `${NAME}` in headers filled in from the environment.

    A variable that is not set keeps the secret that is stored; a `new` agent has none yet.

    Raises: Failure that names the variables to set.
    """
    unset: list[str] = []

    def value(text: str) -> str:
        names = _REFERENCE.findall(text)
        left = [name for name in names if name not in os.environ]
        unset.extend(left)
        return HIDDEN if left else _REFERENCE.sub(lambda match: os.environ[match[1]], text)

    tools = [
        {**tool, "headers": [{**h, "value": value(str(h.get("value", HIDDEN)))} for h in tool["headers"]]}
        if tool.get("headers")
        else tool
        for tool in record.get("tools") or ()
    ]
    if unset and new:
        raise _wrong(path, f"Set the secrets of its tools: {', '.join(sorted(set(unset)))}.")
    return {**record, "tools": tools}


def _tool(tool: Mapping[str, Any]) -> Record:
    """Defaults left out, secrets hidden."""
    kept = {name: value for name, value in tool.items() if value != []}
    if "headers" in kept:
        kept["headers"] = [{"name": header["name"], "value": HIDDEN} for header in kept["headers"]]
    if "parameters" in kept:
        shown = ({k: v for k, v in one.items() if (k, v) not in _IMPLIED} for one in kept["parameters"])
        kept["parameters"] = list(shown)
    return {k: v for k, v in kept.items() if (k, v) != ("method", "GET")}


_IMPLIED = [("type", "string"), ("required", True), ("enum", [])]


def _declared(variables: Any) -> Record:
    """Every variable in its full form; files may use the short ones."""
    if isinstance(variables, list):
        return {str(name): dict(_BARE) for name in variables}
    return {str(name): _variable_of(value) for name, value in variables.items()}


def _variable_of(value: Any) -> Record:
    given = dict(value) if isinstance(value, dict) else {"default": value}
    kinds = {bool: "boolean", int: "number", float: "number"}
    return {"type": kinds.get(type(given.get("default")), "string"), "default": None, **given}


def _variable(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_")


def _wrong(path: Path, what: str) -> Failure:
    return Failure.local(ExitCode.USAGE, "A file is wrong", f"{path}: {what}", code="invalid-file")
