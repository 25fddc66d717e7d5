"""Which sentence of a prompt fits what was heard: shared stems and ideas, weighed by how rare they are."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from switchboard.sandbox.conversation.spoken import Line

_ENOUGH = 0.22
"""Share of the question's weight that a sentence must cover to count as an answer."""
_IDEA_WEIGHT = 1.5
_UNKNOWN_WEIGHT = 0.7
"""Words that no sentence has are often misheard ones."""
_FOR_FIGURES = 0.05
_AS_GOOD = 0.6
"""Share of the best line's score from which another one answers the question, too."""
_SHORTEST_MISHEARD = 4
_LONG = 7
_SIMILAR_KEPT = 2000


class Index:
    """The lines of one prompt, ready to be asked. One index may serve many conversations."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)
        self._seen = Counter(term for line in lines for term in line.terms)
        self._by_length: dict[int, list[str]] = {}
        for term in self._seen:
            if not term.startswith("#") and not term.isdigit():
                self._by_length.setdefault(len(term), []).append(term)
        self._similar: dict[str, str] = {}

    def fitting(self, asked: Iterable[str]) -> list[Line]:
        """Lines that answer, best first; of equals one with figures for a price, else the first. Empty: none."""
        wanted = self._understood(asked)
        scores = [(self._share(wanted, line.terms), line) for line in self.lines]
        good = [(score + self._figures(wanted, line), line) for score, line in scores if score >= _ENOUGH]
        good.sort(key=lambda pair: -pair[0])
        return [line for score, line in good if score >= _AS_GOOD * good[0][0]]

    def best(self, asked: Iterable[str]) -> float:
        """The share of the question's weight that the best line covers, 0 to 1."""
        wanted = self._understood(asked)
        return max((self._share(wanted, line.terms) for line in self.lines), default=0.0)

    def share(self, asked: Iterable[str], meaning: frozenset[str]) -> float:
        """The share of the question's weight that other words cover, 0 to 1."""
        return self._share(set(asked), meaning)

    def _share(self, wanted: set[str], known: frozenset[str]) -> float:
        shared = wanted & known
        if not shared:
            return 0.0
        return sum(map(self._weight, shared)) / sum(map(self._weight, wanted))

    def _figures(self, wanted: set[str], line: Line) -> float:
        """Whoever asks for a price wants to hear a number."""
        return _FOR_FIGURES if "#price" in wanted and any(map(str.isdigit, line.text)) else 0.0

    def _weight(self, term: str) -> float:
        seen = self._seen[term]
        rarity = math.log(1.5 + len(self.lines) / (1 + seen)) * (1 if seen else _UNKNOWN_WEIGHT)
        return rarity * (_IDEA_WEIGHT if term.startswith("#") else 1.0)

    def _understood(self, asked: Iterable[str]) -> set[str]:
        """With words that nothing knows taken for the most similar one of the prompt: ears mistake words."""
        return {term if term in self._seen else self._most_similar(term) for term in asked}

    def _most_similar(self, term: str) -> str:
        if term.startswith("#") or len(term) < _SHORTEST_MISHEARD or term.isdigit():
            return term
        if term not in self._similar:
            if len(self._similar) >= _SIMILAR_KEPT:
                self._similar.clear()
            self._similar[term] = self._search(term)
        return self._similar[term]

    def _search(self, term: str) -> str:
        most = 2 if len(term) >= _LONG else 1
        near = (
            (distance, known)
            for length in range(len(term) - most, len(term) + most + 1)
            for known in self._by_length.get(length, ())
            if len(known) >= _SHORTEST_MISHEARD
            and (len(term) >= _LONG or known[0] == term[0])
            and (distance := _distance(term, known, most)) <= most
        )
        return min(near, default=(0, term))[1]


def _distance(one: str, other: str, most: int) -> int:
    """Letters to change, add or leave out; more than `most` is told as one more."""
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        before, row[0] = row[0], index
        for place, known in enumerate(other, 1):
            cost = min(row[place] + 1, row[place - 1] + 1, before + (letter != known))
            before, row[place] = row[place], cost
        if min(row) > most:
            return most + 1
    return row[-1]
