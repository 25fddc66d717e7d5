"""Logging: an event name and fields, JSON for machines, columns on a terminal.

structlog writes by itself; what libraries send to the standard `logging` is put through the same processors.
"""

import logging
import sys
from collections.abc import MutableMapping, Sequence
from typing import Any, Literal, TextIO

import msgspec
import structlog
from pydantic import BaseModel

from switchboard.core.redaction import means_secret, redacted

Level = Literal["debug", "info", "warning", "error"]

_HIDDEN = "[hidden]"
_LIBRARY_LEVELS = {
    "uvicorn": logging.INFO,
    "uvicorn.access": logging.CRITICAL,  # our own `http.request` says more
    "procrastinate": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "asyncio": logging.WARNING,
    "psycopg": logging.WARNING,
}


class LogSettings(BaseModel):
    """How much is logged, and how."""

    level: Level = "info"
    json_lines: bool | None = None
    """None: JSON unless standard error is a terminal."""
    pii: bool = False
    """Whether fields with a `pii` segment (numbers, names, what was said) are written."""


def configure_logging(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Set up structlog and the standard library's logging for this process; may be called again."""
    out = stream or sys.stderr
    as_json = settings.json_lines if settings.json_lines is not None else not out.isatty()
    shared = _shared_processors(settings)
    threshold = getattr(logging, settings.level.upper())
    structlog.configure(
        processors=[*shared, *_rendering(as_json)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    _configure_standard_logging(out, threshold, shared, _rendering(as_json))


def drop_pii(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove fields one of whose `_`-separated segments is `pii`: `pii_number`, `callee_pii`."""
    for key in [key for key in event if "pii" in key and "pii" in key.split("_")]:
        del event[key]
    return event


def hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank fields, also nested ones, whose names say that they are secret."""
    for key, value in event.items():
        if means_secret(key):
            event[key] = _HIDDEN
        elif isinstance(value, (dict, list)):
            event[key] = redacted(value, _HIDDEN)
    return event


def _shared_processors(settings: LogSettings) -> list[structlog.typing.Processor]:
    chain: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    return chain if settings.pii else [*chain, drop_pii]


def _rendering(as_json: bool) -> list[structlog.typing.Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_dumps)]
    # Rich tracebacks show local variables, secrets among them, and take the loop seconds to draw.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def _dumps(event: Any, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def _configure_standard_logging(
    out: TextIO, threshold: int, shared: Sequence[structlog.typing.Processor], rendering: Sequence[Any]
) -> None:
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(threshold)
    for name, level in _LIBRARY_LEVELS.items():
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(max(level, threshold))
