"""How a client command fails: one problem to tell, one exit code for scripts."""

from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

Problem = dict[str, Any]


class ExitCode(IntEnum):
    """Stable; docs/reference/cli.md lists the same (a test compares)."""

    OK = 0
    NOT_COMPLETED = 1
    USAGE = 2
    UNREACHABLE = 3
    NOT_ALLOWED = 4
    NOT_FOUND = 5
    REFUSED = 6
    UNAVAILABLE = 7
    CHANGES = 8
    INTERRUPTED = 130


class Failure(Exception):
    """A command cannot go on. `problem` is the API's problem+json, or one of the same shape made here."""

    def __init__(self, exit_code: ExitCode, problem: Problem) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title")))
        self.exit_code = exit_code
        self.problem = problem

    @classmethod
    def local(cls, exit_code: ExitCode, title: str, detail: str, *, code: str) -> "Failure":
        """Something that went wrong on this side of the line, so that no server could describe it."""
        return cls(exit_code, {"type": "about:blank", "title": title, "detail": detail, "code": code})

    @classmethod
    def answered(cls, answer: "httpx.Response") -> "Failure":
        """The server's refusal. Its body must have been read."""
        return cls(_exit_code(answer.status_code), _problem(answer))


_EXIT_CODES = {
    401: ExitCode.NOT_ALLOWED,
    403: ExitCode.NOT_ALLOWED,
    404: ExitCode.NOT_FOUND,
    429: ExitCode.UNAVAILABLE,
}
_LONGEST_FOREIGN_TEXT = 200


def _exit_code(status: int) -> ExitCode:
    refused = 400 <= status < 500  # noqa: PLR2004 -- HTTP's classes
    return _EXIT_CODES.get(status, ExitCode.REFUSED if refused else ExitCode.UNAVAILABLE)


def _problem(answer: "httpx.Response") -> Problem:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if isinstance(body, dict) and "title" in body:
        return body
    # A proxy, or another program on this port: repeat what it says, which is all there is.
    said = " ".join(answer.text.split())[:_LONGEST_FOREIGN_TEXT] or "It gave no reason."
    return {
        "type": "about:blank",
        "title": f"The server answered HTTP {answer.status_code}",
        "status": answer.status_code,
        "detail": f"{answer.request.url.copy_with(query=None)} does not answer like Switchboard. It said: {said}",
        "code": "unexpected-answer",
    }
