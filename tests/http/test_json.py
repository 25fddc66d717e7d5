from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import BaseModel, SecretStr

from switchboard.http.json import JsonResponse, encode


@dataclass(slots=True)
class Shape:
    at: datetime
    amount: Decimal


class Model(BaseModel):
    at: datetime


NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_times_are_utc_with_z_and_decimals_are_text():
    assert encode(Shape(NINE, Decimal("0.10"))) == b'{"at":"2026-11-22T09:00:00Z","amount":"0.10"}'


def test_pydantic_models_are_taken_alone_and_in_lists():
    assert encode([Model(at=NINE)]) == b'[{"at":"2026-11-22T09:00:00Z"}]'


def test_a_secret_is_never_encoded():
    with pytest.raises(TypeError):
        encode({"key": SecretStr("hush")})


def test_ready_bytes_are_sent_as_they_are():
    assert JsonResponse(b'{"a":1}').body == b'{"a":1}'
