"""News that providers sent by themselves, stored by the inbox, taken into the calls they are about."""

import msgspec
import structlog

from switchboard.calls.model import Call
from switchboard.calls.record import CallRecord
from switchboard.calls.repository import Calls
from switchboard.calls.strays import close_stray
from switchboard.inbox.model import InboxMessage
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
            unknown = call.carrier_id is None
            call = await self._record.hear_carrier(call.id, heard)
            if unknown:
                await close_stray(self._record, self._providers.carrier(call.carrier), call, heard)
        await self._inbox.processed(message_id)

    async def from_platform(self, message_id: str) -> None:
        """A webhook: a hint to fetch the session now instead of at the next poll."""
        message = await self._inbox.unprocessed(message_id)
        if message is None:
            return
        async with self._record.database.transaction() as session:
            call = await self._call_of(Calls(session), message)
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

    async def _call_of(self, calls: Calls, message: InboxMessage) -> Call | None:
        """By the session's id, else by our own id, which the platform returns with what it tells."""
        call = await calls.by_session_id(message.session_id) if message.session_id else None
        if call is None and message.call_id:
            call = await calls.find(message.call_id)
        return call
