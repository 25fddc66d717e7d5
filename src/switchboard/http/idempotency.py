"""Idempotency keys: a POST that is sent twice under one key happens once.

Follows the IETF draft "The Idempotency-Key HTTP Header Field": the same key with another body is 422.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated

from fastapi import Header
from procrastinate import Blueprint, JobContext
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from switchboard.core.errors import FieldError, InvalidInput
from switchboard.http.json import JsonResponse
from switchboard.persistence.base import Base
from switchboard.persistence.database import Database

KEPT_FOR = timedelta(hours=24)

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Any text that is new for each intent. A repeat within 24 hours gets the first answer again.",
        examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
    ),
]
"""Declare as `idempotency_key: IdempotencyKey = None`."""


class IdempotencyKeyReused(InvalidInput):
    """The idempotency key belongs to another request."""

    slug = "idempotency-key-reused"


class StoredRequest(Base):
    """One claimed key; `status` and `body` are the answer that a repeat gets."""

    __tablename__ = "idempotency_keys"

    owner: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What the first request under the key was answered."""

    status: int
    body: bytes

    def response(self) -> JsonResponse:
        """The first answer again, marked as a repeat."""
        return JsonResponse(self.body, status_code=self.status, headers={"Idempotent-Replayed": "true"})


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same request."""
    return sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


async def claim(session: AsyncSession, *, owner: str, key: str, fingerprint: str) -> StoredAnswer | None:
    """Claim `key` for this transaction, or return the answer that it already has.

    A concurrent twin waits here for the first one's commit. None: the key is ours; do the work and `keep` its
    answer in the same transaction.

    Raises: IdempotencyKeyReused when the key was used for a different request.
    """
    values = {"owner": owner, "key": key, "fingerprint": fingerprint, "status": None, "body": None}
    claimed = await session.scalar(
        insert(StoredRequest)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["owner", "key"],
            set_=values | {"created_at": func.now()},
            where=StoredRequest.created_at < func.now() - KEPT_FOR,
        )
        .returning(StoredRequest.key)
    )
    if claimed is not None:
        return None
    stored = (
        await session.execute(
            select(StoredRequest.fingerprint, StoredRequest.status, StoredRequest.body).where(
                StoredRequest.owner == owner, StoredRequest.key == key
            )
        )
    ).one()
    if stored.fingerprint != fingerprint:
        problem = "This key was used for a different request. Take a new key for a new request."
        raise IdempotencyKeyReused(problem, [FieldError("Idempotency-Key", problem)])
    assert stored.status is not None, "claim() and keep() belong in one transaction"
    return StoredAnswer(stored.status, stored.body)


async def keep(session: AsyncSession, *, owner: str, key: str, status: int, body: bytes) -> None:
    """Store the answer for repeats, in the transaction that claimed the key."""
    await session.execute(
        update(StoredRequest)
        .where(StoredRequest.owner == owner, StoredRequest.key == key)
        .values(status=status, body=body)
    )


async def forget_expired(session: AsyncSession) -> None:
    """Delete the keys that are older than `KEPT_FOR`."""
    await session.execute(delete(StoredRequest).where(StoredRequest.created_at < func.now() - KEPT_FOR))


async def forget_idempotency_keys(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks receive their time
    """Every hour, drop what no repeat can ask for any more. Needs `database` in the worker's context."""
    database: Database = context.additional_context["database"]
    async with database.transaction() as session:
        await forget_expired(session)


def blueprint() -> Blueprint:
    """The task `http:forget_idempotency_keys`."""
    tasks = Blueprint()
    forgetting = tasks.task(
        name="forget_idempotency_keys", pass_context=True, queue="jobs", queueing_lock="http:idempotency"
    )(forget_idempotency_keys)
    tasks.periodic(cron="17 * * * *")(forgetting)
    return tasks
