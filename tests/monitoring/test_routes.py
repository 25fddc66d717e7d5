from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.harness import Harness

from switchboard.calls.model import Call, CallCost
from switchboard.providers.errors import ProviderMisconfigured, ProviderUnavailable
from switchboard.providers.normalised import Health

NOW = datetime.now(UTC)


async def call(switchboard: Harness, agent: dict, status: str, **fields) -> str:
    """A call as it would stand in the table."""
    ended = None if status in {"queued", "initiated", "ringing", "in-progress"} else NOW
    given = {
        "agent_id": agent["id"],
        "platform": agent["platform"],
        "carrier": "twilio",
        "direction": "outbound",
        "to_number": "+14155550100",
        "status": status,
        "stage": "over" if ended else "dialed",
        "variables": {},
        "created_at": NOW,
        "ended_at": ended,
        "cost_final": True,
        "has_recording": False,
        "raw": {},
    } | fields
    async with switchboard.parts.database.transaction() as session:
        row = Call(**given)
        session.add(row)
        await session.flush()
        return row.id


async def summary(switchboard: Harness, zone: str = "UTC") -> dict:
    answer = await switchboard.api.get("/api/v1/metrics/summary", params={"zone": zone})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_newcomer_sees_that_there_is_nothing_yet(switchboard):
    shown = await summary(switchboard)
    assert (shown["agents"], shown["calls_ever"], shown["live"]["total"]) == (0, False, 0)
    assert shown["today"]["answer_rate"] is None
    assert shown["today"]["duration_seconds"] == {"median": None, "p95": None}


async def test_live_calls_are_counted_by_platform_and_status(switchboard):
    agent = await switchboard.agent()
    await call(switchboard, agent, "ringing")
    await call(switchboard, agent, "in-progress", platform="elevenlabs", answered_at=NOW)
    await call(switchboard, agent, "completed", answered_at=NOW)
    live = (await summary(switchboard))["live"]
    assert live["by_platform"] == {"ultravox": 1, "elevenlabs": 1}
    assert live["by_status"] == {"ringing": 1, "in-progress": 1}


async def test_the_answer_rate_is_that_of_phone_calls_which_are_over(switchboard):
    agent = await switchboard.agent()
    await call(switchboard, agent, "completed", answered_at=NOW)
    await call(switchboard, agent, "completed", answered_at=NOW)
    await call(switchboard, agent, "no-answer", reason="no_answer")
    await call(switchboard, agent, "busy", reason="callee_busy")
    await call(switchboard, agent, "in-progress", answered_at=NOW)
    await call(switchboard, agent, "completed", answered_at=NOW, carrier="browser", direction="browser")
    today = (await summary(switchboard))["today"]
    assert (today["calls"], today["answered"], today["answer_rate"]) == (6, 4, 0.5)
    assert {"status": "busy", "reason": "callee_busy", "calls": 1} in today["by_reason"]


async def test_durations_and_times_to_answer_have_a_middle_and_a_slow_end(switchboard):
    agent = await switchboard.agent()
    for seconds in (10, 20, 90):
        await call(
            switchboard,
            agent,
            "completed",
            initiated_at=NOW - timedelta(seconds=seconds / 10),
            answered_at=NOW,
            duration_seconds=seconds,
        )
    today = (await summary(switchboard))["today"]
    assert today["duration_seconds"] == {"median": 20.0, "p95": 83.0}
    assert today["time_to_answer_seconds"]["median"] == 2.0


async def test_spend_is_told_by_provider_and_is_final_only_when_all_of_it_is(switchboard):
    agent = await switchboard.agent()
    one = await call(switchboard, agent, "completed", cost_micros=61_000, cost_currency="USD")
    two = await call(switchboard, agent, "completed", cost_micros=5_000, cost_currency="USD")
    async with switchboard.parts.database.transaction() as session:
        for of, micros, final in ((one, 50_000, True), (two, 5_000, False)):
            line = {"provider": "ultravox", "item": "platform", "currency": "USD"}
            session.add(CallCost(call_id=of, micros=micros, final=final, **line))
        session.add(
            CallCost(call_id=one, provider="twilio", item="carrier", micros=11_000, currency="USD", final=True)
        )
    spend = (await summary(switchboard))["today"]["spend"]
    assert {"provider": "ultravox", "amount": "0.055", "currency": "USD", "final": False} in spend
    assert {"provider": "twilio", "amount": "0.011", "currency": "USD", "final": True} in spend


async def test_a_day_begins_at_midnight_where_the_person_is(switchboard):
    agent = await switchboard.agent()
    shown = await summary(switchboard, "Pacific/Kiritimati")
    began = datetime.fromisoformat(shown["day_began_at"])
    assert began.utcoffset() == timedelta(hours=14)
    await call(switchboard, agent, "completed", created_at=began - timedelta(minutes=1))
    await call(switchboard, agent, "completed", created_at=began + timedelta(seconds=1))
    assert (await summary(switchboard, "Pacific/Kiritimati"))["today"]["calls"] == 1


async def test_an_unknown_zone_is_refused_with_what_to_send(switchboard):
    answer = await switchboard.api.get("/api/v1/metrics/summary", params={"zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "zone"
    assert "Europe/Madrid" in answer.json()["detail"]


async def test_what_went_wrong_lately_is_told_with_its_reason(switchboard):
    agent = await switchboard.agent()
    switchboard.ultravox.fail_next(ProviderMisconfigured("The key is wrong.", provider="ultravox"))
    call_id = await switchboard.place(agent=agent)
    await switchboard.work()
    newest = (await summary(switchboard))["problems"][0]
    assert (newest["kind"], newest["call_id"], newest["platform"]) == ("call.failed", call_id, "ultravox")
    assert len(newest["text"]) > 10


async def test_a_series_has_a_bucket_for_every_hour_even_without_calls(switchboard):
    agent = await switchboard.agent()
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    await call(
        switchboard, agent, "completed", answered_at=NOW, duration_seconds=40, cost_micros=7, cost_currency="USD"
    )
    await call(switchboard, agent, "failed")
    await call(switchboard, agent, "completed", platform="elevenlabs", created_at=hour - timedelta(hours=2))
    asked = {"from": (hour - timedelta(hours=3)).isoformat(), "to": (hour + timedelta(hours=1)).isoformat()}
    answer = await switchboard.api.get("/api/v1/metrics/calls", params=asked | {"bucket": "hour"})
    buckets = answer.json()
    assert [bucket["calls"] for bucket in buckets] == [0, 1, 0, 2]
    assert buckets[-1] | {"starts_at": ""} == {
        "starts_at": "",
        "calls": 2,
        "answered": 1,
        "failed": 1,
        "talk_seconds": 40,
        "spend": {"USD": "0.000007"},
    }
    only = await switchboard.api.get(
        "/api/v1/metrics/calls", params=asked | {"bucket": "hour", "platform": "elevenlabs"}
    )
    assert sum(bucket["calls"] for bucket in only.json()) == 1


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("1990-01-01T00:00:00Z", None),
        (None, "0001-01-02T00:00:00Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-02T00:00:00Z"),
        ("9999-12-31T00:00:00Z", "9999-12-31T23:59:59-14:00"),
    ],
)
async def test_a_series_that_is_empty_or_endless_is_refused(switchboard, since, until):
    asked = {name: at for name, at in (("from", since), ("to", until)) if at}
    answer = await switchboard.api.get("/api/v1/metrics/calls", params=asked | {"zone": "America/New_York"})
    assert answer.status_code == 422


async def test_a_zone_is_known_to_the_database_or_refused(switchboard):
    for zone in ("localtime", "Factory", "posixrules", "UTC", "Europe/Kyiv"):
        answer = await switchboard.api.get("/api/v1/metrics/calls", params={"zone": zone})
        assert answer.status_code in {200, 422}, zone


async def test_agents_are_listed_by_how_busy_they_are(switchboard):
    quiet, busy = await switchboard.agent(name="Quiet"), await switchboard.agent(name="Busy")
    await call(switchboard, quiet, "completed", answered_at=NOW, successful="success", duration_seconds=9)
    for _ in range(2):
        await call(switchboard, busy, "failed")
    shown = (await switchboard.api.get("/api/v1/metrics/agents")).json()
    assert [(one["name"], one["calls"], one["failed"], one["successful"]) for one in shown] == [
        ("Busy", 2, 2, 0),
        ("Quiet", 1, 0, 1),
    ]


async def test_what_an_agent_cost_is_told_by_currency(switchboard):
    agent = await switchboard.agent()
    for micros, currency in ((10_000, "USD"), (20_000, "USD"), (5_000, "EUR")):
        await call(switchboard, agent, "completed", cost_micros=micros, cost_currency=currency)
    (shown,) = (await switchboard.api.get("/api/v1/metrics/agents")).json()
    assert shown["spend"] == {"USD": "0.03", "EUR": "0.005"}


async def test_every_provider_is_shown_with_what_it_can_do(switchboard):
    shown = {one["name"]: one for one in (await switchboard.api.get("/api/v1/platforms")).json()}
    assert list(shown) == ["elevenlabs", "ultravox", "twilio"]
    assert shown["twilio"]["kind"] == "carrier"
    assert shown["twilio"]["numbers"]
    assert all(set(one) == {"name", "available", "reason"} for one in shown["ultravox"]["capabilities"])


async def test_a_carrier_that_is_down_is_not_asked_for_its_numbers_by_every_page(switchboard, monkeypatch):
    asked = []

    async def down():
        asked.append(1)
        raise ProviderUnavailable("Nobody answers.", provider="twilio")

    overview = switchboard.parts.overview
    monkeypatch.setattr(switchboard.carrier, "numbers", down)
    monkeypatch.setattr(overview, "_numbers", {})
    for _ in range(3):
        shown = {one["name"]: one for one in (await switchboard.api.get("/api/v1/platforms")).json()}
        assert shown["twilio"]["numbers"] == [switchboard.carrier.default_number]
    assert len(asked) == 1


async def test_an_outage_is_shown_and_remembered_when_it_is_over(switchboard):
    switchboard.ultravox.fail_next(ProviderUnavailable("Nobody answers.", provider="ultravox"))
    await switchboard.parts.health.probe_all()
    alerts = (await switchboard.api.get("/api/v1/alerts")).json()
    assert [one["provider"] for one in alerts if one["code"] == "provider-unreachable"] == ["ultravox"]
    await switchboard.parts.health.probe_all()
    shown = {one["name"]: one for one in (await switchboard.api.get("/api/v1/platforms")).json()}["ultravox"]
    assert shown["state"] == Health.OK
    assert shown["last_error"]["text"]
    alerts = (await switchboard.api.get("/api/v1/alerts")).json()
    assert all(one["code"] != "provider-unreachable" for one in alerts)


async def test_quotas_are_told_for_every_platform(switchboard):
    shown = {one["provider"]: one for one in (await switchboard.api.get("/api/v1/quota")).json()}
    assert set(shown) == {"elevenlabs", "ultravox"}
    assert all(one["left"] is not None or one["note"] for one in shown.values())


async def test_figures_need_their_scope(switchboard):
    made = await switchboard.api.post("/api/v1/keys", json={"name": "no figures", "scopes": ["calls:read"]})
    async with httpx.AsyncClient(
        transport=switchboard.api._transport,  # noqa: SLF001 -- the same application, another key
        base_url="http://switchboard.test",
        headers={"X-API-Key": made.json()["secret"]},
    ) as other:
        for path in ("metrics/summary", "metrics/calls", "metrics/agents", "quota", "platforms", "alerts"):
            assert (await other.get(f"/api/v1/{path}")).status_code == 403
