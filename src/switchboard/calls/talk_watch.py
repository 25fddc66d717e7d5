"""A conversation in the browser, seen from a worker: its turns are told, and it ends if its process died."""

from dataclasses import dataclass

from switchboard.calls.model import Call
from switchboard.calls.record import CallRecord
from switchboard.calls.settings import CallSettings
from switchboard.providers.errors import ProviderMissing
from switchboard.providers.normalised import SessionReport
from switchboard.providers.registry import Providers


@dataclass(slots=True)
class Watch:
    """What one follower remembers between two looks at a call."""

    carrier_due: float = 0.0
    seen: SessionReport | None = None
    lingering_since: float | None = None
    missing_since: float | None = None
    answered_since: float | None = None
    silence_told: bool = False

    def is_silent(self, report: SessionReport, now: float, patience: float) -> bool:
        """Whether the agent of an answered call has kept silent for too long; true once."""
        self.answered_since = self.answered_since or now
        if self.silence_told or report.state.over or any(turn.role == "agent" for turn in report.turns):
            return False
        self.silence_told = now - self.answered_since >= patience
        return self.silence_told

    def is_news(self, report: SessionReport) -> bool:
        """Whether it tells more than the last one that was."""
        before, self.seen = self.seen, report
        return before is None or (report.turns, report.state) != (before.turns, before.state)


async def look_at_talk(
    record: CallRecord, providers: Providers, settings: CallSettings, call: Call, watch: Watch
) -> None:
    """One look. Whoever holds the conversation ends it as a rule; this is for when nobody does any more."""
    if call.session_id is None or call.answered_at is None:
        return
    platform = providers.platform(call.platform)
    reason, over = None, False
    try:
        report = await platform.fetch_session(call.session_id)
    except ProviderMissing:
        over = True
    else:
        reason, over = report.end_reason, report.state.over
        if watch.is_news(report):
            await record.hear_platform(call.id, report)
    now = record.clock.monotonic()
    watch.lingering_since = (watch.lingering_since or now) if over else None
    if watch.lingering_since is not None and now - watch.lingering_since >= settings.linger_seconds:
        await record.talked(call.id, reason=reason, detail=None)
    elif (record.clock.now() - call.answered_at).total_seconds() > (call.time_limit_seconds or 0):
        await platform.end_session(call.session_id)
        await record.talked(call.id, reason="max_duration", detail=None)
