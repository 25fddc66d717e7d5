import pytest
from limits.errors import StorageError
from tests.edge_app import ADMIN, client_of, edge_app

from switchboard.core.errors import TooManyRequests
from switchboard.http.rate_limit import RateLimiter, RateLimitSettings


async def test_a_caller_over_the_limit_is_told_when_to_go_on():
    limiter = RateLimiter(RateLimitSettings(rate="3/minute"))
    assert [(await limiter.spend("a")).remaining for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooManyRequests) as refused:
        await limiter.spend("a")
    assert 1 <= refused.value.retry_after <= 60
    assert (await limiter.spend("b")).remaining == 2


async def test_off_means_no_limit():
    limiter = RateLimiter(RateLimitSettings(rate="off"))
    assert [await limiter.spend("a") for _ in range(10)] == [None] * 10


async def test_a_storage_that_fails_lets_requests_pass(monkeypatch):
    limiter = RateLimiter(RateLimitSettings(rate="1/minute"))

    async def fail(*_):
        raise StorageError(OSError("gone"))

    monkeypatch.setattr(limiter._strategy, "hit", fail)  # noqa: SLF001 -- stands in for a lost Redis
    assert await limiter.spend("a") is None


async def test_answers_tell_the_allowance_and_429_says_when(database_url):
    app = edge_app(database_url, rate="2/minute")
    async with app.router.lifespan_context(app), client_of(app) as client:
        client.headers["X-API-Key"] = ADMIN
        first, _, third = [await client.get("/api/v1/me") for _ in range(3)]
    assert first.headers["RateLimit-Policy"] == '"default";q=2;w=60'
    assert first.headers["RateLimit"].startswith('"default";r=1;t=')
    assert third.status_code == 429
    assert 1 <= int(third.headers["Retry-After"]) <= 60
    assert third.headers["RateLimit"].startswith('"default";r=0;t=')
