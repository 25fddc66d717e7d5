"""What the parts of the sandbox share: clock, seed, line exchange, callback delivery."""

import random
from dataclasses import dataclass, field

from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.delivery import Delivery
from switchboard.sandbox.line import Exchange


@dataclass(slots=True)
class World:
    """One sandbox. Same seed, same ids and same talk."""

    seed: int = 1
    clock: SandboxClock = field(default_factory=SandboxClock)
    exchange: Exchange = field(default_factory=Exchange)
    delivery: Delivery = field(init=False)
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.delivery = Delivery(self.clock)
        self.random = random.Random(self.seed)  # noqa: S311 -- repeatable on purpose
