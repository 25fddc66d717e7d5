"""Which sentence of a prompt fits what was heard: shared stems and ideas, weighed by how rare they are."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from switchboard.sandbox.conversation.spoken import Line

_ENOUGH = 0.22
"""Share of the question's weight that a sentence must cover to count as an answer."""
_IDEA_WEIGHT = 1.5


class Index:
    """The lines of one prompt, ready to be asked."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = list(lines)
        self._seen = Counter(term for line in lines for term in line.terms)

    def fitting(self, asked: Iterable[str]) -> list[Line]:
        """Lines that answer, best first; ties keep the prompt's order. Empty: nothing fits."""
        wanted = set(asked)
        scores = [(self._score(line, wanted), line) for line in self.lines]
        good = [(score, line) for score, line in scores if score >= _ENOUGH]
        return [line for _, line in sorted(good, key=lambda pair: -pair[0])]

    def _score(self, line: Line, wanted: set[str]) -> float:
        total = sum(self._weight(term) for term in wanted)
        shared = sum(self._weight(term) for term in wanted & line.terms)
        return shared / total if shared else 0.0

    def _weight(self, term: str) -> float:
        rarity = math.log(1.5 + len(self.lines) / (1 + self._seen[term]))
        return rarity * (_IDEA_WEIGHT if term.startswith("#") else 1.0)
