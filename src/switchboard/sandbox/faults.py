"""What is made to go wrong: answers, connections and callbacks, chosen by provider, method and path."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from switchboard.sandbox.fault_orders import SOCKET, CallbackFault, FaultOrder, SocketFault
from switchboard.sandbox.memory import forget_oldest
from switchboard.sandbox.vendors import Provider, spends

MOST_FAULTS = 1_000


class TooManyFaultsError(Exception):
    """So many are in force that one more would slow down every request."""


@dataclass(slots=True)
class Fault:
    """An order in force. `left` is None for one without a count."""

    id: str
    order: FaultOrder
    left: int | None
    applied: int = 0

    def fits(self, provider: str, method: str, path: str) -> bool:
        order = self.order
        return (
            self.left != 0
            and order.provider in (None, provider)
            and order.method in (None, method)
            and (order.path is None or fnmatchcase(path, order.path))
        )

    def as_json(self) -> dict[str, Any]:
        order = self.order.model_dump(exclude_defaults=True)
        return {"id": self.id, **order, "left": self.left, "applied": self.applied}


@dataclass(slots=True)
class Faults:
    """All faults in force, oldest first; the first that fits a request is applied to it."""

    chance: random.Random
    _faults: dict[str, Fault] = field(default_factory=dict)
    _made: int = 0

    def add(self, order: FaultOrder) -> Fault:
        """Raises: TooManyFaultsError. Those that are used up make room."""
        forget_oldest(self._faults, lambda fault: fault.left == 0, MOST_FAULTS - 1)
        if len(self._faults) >= MOST_FAULTS:
            raise TooManyFaultsError
        self._made += 1
        fault = Fault(f"fault_{self._made}", order, order.count)
        self._faults[fault.id] = fault
        return fault

    def all(self) -> list[Fault]:
        return list(self._faults.values())

    def remove(self, fault_id: str) -> bool:
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        self._faults.clear()

    def reset(self, seed: int) -> None:
        """As new: no faults, ids and chances from the beginning."""
        self._faults.clear()
        self._made = 0
        self.chance.seed(seed)

    def for_request(self, provider: Provider, method: str, path: str) -> Fault | None:
        def fits(order: FaultOrder) -> bool:
            if order.quota is not None:
                return spends(provider, method, path)
            return order.callbacks is None and order.socket is None

        return self._take(provider, method, path, fits)

    def for_socket(self, provider: Provider, path: str) -> tuple[str, SocketFault] | None:
        """The fault's id and what happens to a socket opened at `path`."""
        fault = self._take(provider, SOCKET, path, lambda order: order.socket is not None or order.outage)
        if fault is None:
            return None
        return fault.id, fault.order.socket or SocketFault(refuse=503)

    def for_callback(self, provider: str, method: str, url: str) -> CallbackFault | None:
        fault = self._take(provider, method, url, lambda order: order.callbacks is not None)
        return fault.order.callbacks if fault else None

    def _take(self, provider: str, method: str, path: str, kind: Callable[[FaultOrder], bool]) -> Fault | None:
        for fault in self._faults.values():
            if not kind(fault.order) or not fault.fits(provider, method, path):
                continue
            if self.chance.random() >= fault.order.probability:
                continue
            fault.applied += 1
            if fault.left is not None:
                fault.left -= 1
            return fault
        return None
