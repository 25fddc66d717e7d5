"""Money as whole millionths of a currency unit, so that sums are exact and columns are integers."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MICROS = 1_000_000


def to_micros(amount: Decimal | str | float) -> int:
    """Millionths of a unit, rounded half up. A float is read by its shortest decimal form."""
    return int((Decimal(str(amount)) * MICROS).to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217 code)."""

    micros: int
    currency: str = "USD"

    @property
    def amount(self) -> str:
        """Decimal text with at least two and at most six places: `0.05`, `0.0561`."""
        text = f"{Decimal(self.micros) / MICROS:.6f}"
        whole, places = text.split(".")
        return f"{whole}.{places.rstrip('0').ljust(2, '0')}"
