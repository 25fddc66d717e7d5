"""Which conversations a list is asked for. Filters over what the sandbox has not (topics, tags) find nothing.

Source: ElevenLabs "List conversations" (fact sheet 3.1).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import ge, gt, le, lt
from typing import Any

from fastapi import Request

from switchboard.sandbox.elevenlabs import views
from switchboard.sandbox.elevenlabs.conversation import Conversation, Status
from switchboard.sandbox.elevenlabs.errors import one_of, refused
from switchboard.sandbox.elevenlabs.requests import choice, flag, integer
from switchboard.sandbox.elevenlabs.transcript import transcript

Test = Callable[[Conversation], bool]

_VERDICTS = ("success", "failure", "unknown")
_BEST_RATING = 5
_ABSENT = ("topic_ids", "tag_ids", "whatsapp_phone_number_ids", "parent_conversation_id")
_ONE: Mapping[str, Callable[[Conversation], Any]] = {
    "agent_id": lambda one: one.agent_id,
    "user_id": lambda one: one.user_id,
    "branch_id": lambda one: one.branch_id,
    "version_id": lambda one: one.version_id,
    "conversation_initiation_source": lambda one: one.origin.source,
}
_ANY_OF: Mapping[str, Callable[[Conversation], Any]] = {
    "main_languages": lambda one: one.config["agent"]["language"],
    "termination_reasons": views.termination,
    "phone_number_ids": lambda one: one.line and one.line.phone_number_id,
}
_NUMBERS: Mapping[str, tuple[Callable[[float, float], bool], Callable[[Conversation], float]]] = {
    "call_start_after_unix": (ge, lambda one: int(one.watch.started_at.timestamp())),
    "call_start_before_unix": (le, lambda one: int(one.watch.started_at.timestamp())),
    "call_duration_min_secs": (ge, lambda one: one.seconds),
    "call_duration_max_secs": (le, lambda one: one.seconds),
}
_BY_SIZE = {"gt": gt, "gte": ge, "lt": lt, "lte": le}
_OPERATORS = ("eq", "neq", *_BY_SIZE, "in")


def wanted(request: Request) -> Test:
    """Whether a conversation is asked for. Raises: ElevenLabsError 422, 400 for a filter that makes no sense."""
    tests = list(_tests(request))
    return lambda conversation: all(test(conversation) for test in tests)


def _tests(request: Request) -> Iterator[Test]:
    query = request.query_params
    yield from (_equals(_ONE[name], query[name]) for name in _ONE if name in query)
    yield from (_among(_ANY_OF[name], query.getlist(name)) for name in _ANY_OF if name in query)
    yield from (_sized(*_NUMBERS[name], integer(request, name, 0)) for name in _NUMBERS if name in query)
    if verdict := choice(request, "call_successful", _VERDICTS):
        yield lambda one: (one.analysis.successful if one.analysis else "unknown") == verdict
    if (text_only := flag(request, "text_only")) is not None:
        yield lambda one: one.text_only is text_only
    yield from _feedback_tests(request)
    yield from _outcome_tests(request)
    if any(name in query for name in _ABSENT):
        yield lambda _: False


def _feedback_tests(request: Request) -> Iterator[Test]:
    least = integer(request, "rating_min", 1, least=1, most=_BEST_RATING)
    most = integer(request, "rating_max", _BEST_RATING, least=1, most=_BEST_RATING)
    if {"rating_min", "rating_max"} & set(request.query_params):
        yield lambda one: one.feedback.rating is not None and least <= one.feedback.rating <= most
    if (has_comment := flag(request, "has_feedback_comment")) is not None:
        yield lambda one: bool(one.feedback.comment) is has_comment


def _outcome_tests(request: Request) -> Iterator[Test]:
    query = request.query_params
    excluded = query.getlist("exclude_statuses")
    for place, status in enumerate(excluded):
        one_of(("query", "exclude_statuses", place), status, tuple(one.value for one in Status))
    if excluded:
        yield lambda one: one.status.value not in excluded
    if words := (query.get("search") or "").casefold():
        yield lambda one: any(words in (turn["message"] or "").casefold() for turn in transcript(one))
    if tools := set(query.getlist("tool_names")):
        yield lambda one: tools <= set(views.tool_names(one))
    for term in query.getlist("evaluation_params"):
        yield _judged(term)
    for term in query.getlist("data_collection_params"):
        yield _compared(term, lambda one: {name: found.result for name, found in one.collected.items()})
    for term in query.getlist("dynamic_variable_params"):
        yield _compared(term, lambda one: one.variables)


def _equals(value: Callable[[Conversation], Any], given: str) -> Test:
    return lambda one: value(one) == given


def _among(value: Callable[[Conversation], Any], given: Sequence[str]) -> Test:
    return lambda one: value(one) in given


def _sized(fits: Callable[[float, float], bool], value: Callable[[Conversation], float], bound: int) -> Test:
    return lambda one: fits(value(one), bound)


def _judged(term: str) -> Test:
    """`criterion:result`."""
    name, _, result = term.rpartition(":")
    one_of(("query", "evaluation_params"), result, _VERDICTS)
    return lambda one: name in one.criteria and one.criteria[name].result == result


def _compared(term: str, values: Callable[[Conversation], Mapping[str, Any]]) -> Test:
    """`name:operator:value`; an empty value stands for one that is not there."""
    name, operator, given = (*term.split(":", 2), "", "")[:3]
    one_of(("query", "name:operator:value"), operator, _OPERATORS)
    if operator in _BY_SIZE:
        bound, fits = _number(given), _BY_SIZE[operator]
        if bound is None:
            raise refused(400, "invalid_parameters", f"{operator} needs a number, not '{given}'.")
        return lambda one: (size := _number(values(one).get(name))) is not None and fits(size, bound)
    if operator == "in":
        return lambda one: _told(values(one).get(name)) in given.split("|")
    return lambda one: (_told(values(one).get(name)) == given) is (operator == "eq")


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
