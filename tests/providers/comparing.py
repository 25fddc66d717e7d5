"""What of an agent did not come back as it went, said as dotted paths like those of the loss report."""

from dataclasses import fields

from switchboard.providers.agent_spec import AgentSpec, HttpTool, VoiceSettings

NOT_COMPARED = {"secrets", "platform_options"}


def changed(sent: AgentSpec, read: AgentSpec) -> set[str]:
    """Every path that differs. A None in what was sent says nothing."""
    found = set()
    for field in fields(AgentSpec):
        before, after = getattr(sent, field.name), getattr(read, field.name)
        if field.name in NOT_COMPARED or before is None or before == after:
            continue
        found |= set(_within(field.name, before, after))
    return found


def unexplained(paths: set[str], losses) -> set[str]:
    """Those that no loss names, itself or by what it is a part of."""
    told = [loss.field for loss in losses]
    return {path for path in paths if not any(path == one or path.startswith(f"{one}.") for one in told)}


def _within(name: str, before, after):
    if name == "tools":
        yield from _tools(before, after)
    elif name in {"inactivity", "voice_settings"} and after is not None:
        for part in before.__dataclass_fields__:
            wanted = getattr(before, part)
            silent = isinstance(before, VoiceSettings) and wanted is None
            if not silent and wanted != getattr(after, part):
                yield f"{name}.{part}"
    elif before != VoiceSettings():
        yield name


def _tools(before, after):
    there = {_name(tool): tool for tool in after}
    here = {_name(tool): tool for tool in before}
    for name in here.keys() ^ there.keys():
        yield f"tools.{name}"
    for name in here.keys() & there.keys():
        old, new = here[name], there[name]
        if not isinstance(old, HttpTool):
            if old != new:
                yield f"tools.{name}"
            continue
        for part in ("description", "method", "url"):
            if getattr(old, part) != getattr(new, part):
                yield f"tools.{name}.{part}"
        for part in ("parameters", "constants", "headers"):
            gone = set(getattr(old, part)) ^ set(getattr(new, part))
            for one in gone:
                yield f"tools.{name}.{part}.{one.name}"


def _name(tool) -> str:
    return tool.name if isinstance(tool, HttpTool) else tool.__struct_config__.tag
