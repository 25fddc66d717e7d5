"""News that providers sent by themselves, stored by the inbox, taken into the calls they are about."""

import msgspec
import structlog

from switchboard.calls.record import CallRecord
from switchboard.calls.repository import Calls
from switchboard.inbox.service import Inbox
from switchboard.providers.errors import ProviderMissing
from switchboard.providers.normalised import CarrierCall
from switchboard.providers.registry import Providers

log = structlog.get_logger(__name__)


class CallSignals:
    """One method per kind of sender; each message is taken in once, however often it is delivered."""

    def __init__(self, *, record: CallRecord, providers: Providers, inbox: Inbox) -> None:
        self._record = record
        self._providers = providers
        self._inbox = inbox

    async def from_carrier(self, message_id: str) -> None:
        """A status callback: it carries all that there is to know."""
        message = await self._inbox.unprocessed(message_id)
        if message is None:
            return
        heard = msgspec.convert(message.signal, CarrierCall)
        async with self._record.database.transaction() as session:
            call = await Calls(session).find(message.call_id) if message.call_id else None
        if call is None:
            log.warning("inbox.no_such_call", provider=message.provider, call_id=message.call_id)
        else:
            await self._record.hear_carrier(call.id, heard)
        await self._inbox.processed(message_id)

    async def from_platform(self, message_id: str) -> None:
        """A webhook: a hint to fetch the session now instead of at the next poll."""
        message = await self._inbox.unprocessed(message_id)
        if message is None:
            return
        async with self._record.database.transaction() as session:
            call = await Calls(session).by_session_id(message.session_id) if message.session_id else None
        if call is not None and call.session_id is not None and call.settled_at is None:
            try:
                report = await self._providers.platform(call.platform).fetch_session(call.session_id)
            except ProviderMissing:
                report = None
            if report is not None:
                await self._record.hear_platform(call.id, report)
            if call.current.final:
                await self._record.start("calls:settle", call.id)
        await self._inbox.processed(message_id)
