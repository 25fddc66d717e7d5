"""The yardstick: the least that FastAPI on this server and this PostgreSQL can do for the same answers."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from fastapi import FastAPI, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from switchboard.agents.views import AgentView

_url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
_engine = create_async_engine(_url, pool_size=10, max_overflow=10)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with _engine.begin() as connection:
        await connection.execute(
            text("CREATE TABLE IF NOT EXISTS bare_calls (id bigserial PRIMARY KEY, body jsonb)")
        )
    yield
    await _engine.dispose()


app = FastAPI(lifespan=_lifespan)
_json = msgspec.json.Encoder()
_columns = ", ".join(AgentView.model_fields)
_AGENTS = text(f"SELECT {_columns} FROM agents WHERE status <> 'deleted' ORDER BY created_at DESC LIMIT 100")
_bytes = b""


class Call(BaseModel):
    agent_id: str
    to: str
    variables: dict[str, str] = {}


@app.put("/bytes")
async def learn(body: dict[str, str]) -> int:
    """What `/bytes` shall answer."""
    global _bytes  # noqa: PLW0603 -- the yardstick of a harness
    _bytes = body["text"].encode()
    return len(_bytes)


@app.get("/bytes")
async def same_bytes() -> Response:
    """The same bytes from memory: no database, no key."""
    return Response(_bytes, media_type="application/json")


@app.get("/agents")
async def agents() -> Response:
    """The same fields from the database: one plain query, no key."""
    async with _engine.connect() as connection:
        rows = await connection.execute(_AGENTS)
        return Response(_json.encode([dict(row) for row in rows.mappings()]), media_type="application/json")


@app.post("/calls", status_code=201)
async def calls(call: Call) -> Response:
    """Insert and commit."""
    async with _engine.begin() as connection:
        row = await connection.execute(
            text("INSERT INTO bare_calls (body) VALUES (:body) RETURNING id"), {"body": call.model_dump_json()}
        )
        return Response(_json.encode({"id": row.scalar_one(), **call.model_dump()}), media_type="application/json")
