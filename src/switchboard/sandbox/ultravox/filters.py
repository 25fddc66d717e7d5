"""Which calls a list or a usage figure is about. Source: Ultravox "Calls", filters (fact sheet 3.4)."""

from datetime import UTC, datetime, time

from starlette.datastructures import QueryParams

from switchboard.sandbox.ultravox import voices
from switchboard.sandbox.ultravox.call import Call
from switchboard.sandbox.ultravox.errors import bad_request
from switchboard.sandbox.ultravox.requests import seconds


def fits(call: Call, query: QueryParams) -> bool:
    """Raises: UltravoxError 400 for a filter that cannot be read."""
    agents, voice = query.getlist("agentIds"), query.get("voiceId")
    return (
        (not agents or call.agent_id in agents)
        and (not voice or _speaks(call, voice))
        and _is_within(call.watch.started_at, query)
        and ("durationMin" not in query or call.talked_seconds >= seconds(query["durationMin"], "durationMin"))
        and ("durationMax" not in query or call.talked_seconds <= seconds(query["durationMax"], "durationMax"))
        and all(
            call.metadata.get(key.removeprefix("metadata.")) == value
            for key, value in query.multi_items()
            if key.startswith("metadata.")
        )
        and (query.get("search") or "").casefold() in f"{call.summary or ''} {call.agent_name or ''}".casefold()
    )


def _speaks(call: Call, voice: str) -> bool:
    speaker = voices.find(str(call.config.get("voice") or ""))
    return speaker is not None and speaker == voices.find(voice)


def moment(given: str | None, otherwise: datetime, *, last: bool) -> datetime:
    """A date without time is the start, or with `last` the end of that day, in UTC."""
    if not given:
        return otherwise
    try:
        read = datetime.fromisoformat(given)
        if len(given) == len("2026-01-31") and last:
            read = datetime.combine(read, time.max)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise bad_request(f"{given} is no ISO 8601 date.") from error


def _is_within(created: datetime, query: QueryParams) -> bool:
    begins, ends = _time_of_day(query.get("timeOfDayStart")), _time_of_day(query.get("timeOfDayEnd"))
    at = created.time()
    return (
        moment(query.get("fromDate"), created, last=False) <= created
        and created <= moment(query.get("toDate"), created, last=True)
        and (begins is None or begins <= at)
        and (ends is None or at <= ends)
    )


def _time_of_day(given: str | None) -> time | None:
    try:
        return time.fromisoformat(given).replace(tzinfo=None) if given else None
    except ValueError as error:
        raise bad_request(f"{given} is no time of day.") from error
