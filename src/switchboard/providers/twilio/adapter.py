"""Twilio as our carrier. Source: Twilio REST API 2010-04-01."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from switchboard.providers.errors import ProviderMissing, ProviderRejected, ProviderUnclear
from switchboard.providers.http import Repeat, VendorClient, path
from switchboard.providers.normalised import Capability, CarrierCall, CarrierSignal, DialOrder
from switchboard.providers.twilio import webhooks, wire
from switchboard.providers.twilio.errors import NAME, NOT_IN_PROGRESS, refusal

_PAGES = 10
_CAPABILITIES = (
    Capability("dial", available=True),
    Capability(
        "idempotent_dial",
        available=False,
        reason="Twilio has no idempotency key for calls: an unclear dial is looked up, never repeated.",
    ),
)


class Twilio:
    """The Carrier port over Twilio's REST API. `aclose()` frees its connections."""

    name: str = NAME
    capabilities: Sequence[Capability] = _CAPABILITIES

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        base_url: str,
        phone_number: str | None = None,
        timeout_seconds: float = 15.0,
    ) -> None:
        self.default_number = phone_number
        self._auth_token = auth_token
        self._root = path("/2010-04-01/Accounts/{}", account_sid)
        self._client = VendorClient(
            NAME,
            "Twilio",
            base_url,
            refusal=refusal,
            timeout_seconds=timeout_seconds,
            basic_auth=(account_sid, auth_token),
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def dial(self, order: DialOrder) -> CarrierCall:
        form = wire.dial_form(order)
        body = await self._client.object("POST", f"{self._root}/Calls.json", data=form, repeat=Repeat.NEVER)
        if not body.get("sid"):
            raise ProviderUnclear("Twilio answered without naming a call. It may ring.", provider=NAME, raw=body)
        return wire.call(body)

    async def hang_up(self, carrier_id: str) -> None:
        try:
            await self._client.send(
                "POST",
                self._call_path(carrier_id),
                # `canceled` does nothing once the phone is answered; `completed` ends a call in any state.
                data={"Status": "completed"},
                repeat=Repeat.HARMLESS,
            )
        except ProviderMissing:
            return
        except ProviderRejected as rejected:
            if rejected.extras.get("reason") != NOT_IN_PROGRESS:
                raise

    async def fetch(self, carrier_id: str) -> CarrierCall:
        return wire.call(await self._client.object("GET", self._call_path(carrier_id)))

    async def find(self, *, to: str, from_: str, since: datetime) -> list[CarrierCall]:
        # StartTime filters by day and leaves out calls that are still queued, so we filter by creation.
        earliest = since.replace(microsecond=0)
        found = []
        async for page in self._pages("Calls.json", "calls", {"To": to, "From": from_, "PageSize": 100}):
            calls = [wire.call(item) for item in page]
            recent = [call for call in calls if call.created_at is None or call.created_at >= earliest]
            found += recent
            if not recent:
                break
        return sorted(found, key=lambda call: call.created_at or earliest, reverse=True)

    async def numbers(self) -> list[str]:
        pages = self._pages("IncomingPhoneNumbers.json", "incoming_phone_numbers", {"PageSize": 100})
        return [str(item["phone_number"]) async for page in pages for item in page]

    async def check(self) -> None:
        # The Account resource refuses restricted keys; this one is readable with every key that can call.
        await self._client.object("GET", f"{self._root}/IncomingPhoneNumbers.json", params={"PageSize": 1})

    def read_callback(self, *, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> CarrierSignal:
        return webhooks.read(self._auth_token, url=url, headers=headers, form=form)

    def _call_path(self, carrier_id: str) -> str:
        return self._root + path("/Calls/{}.json", carrier_id)

    async def _pages(self, resource: str, key: str, params: dict[str, Any]) -> AsyncIterator[list[dict[str, Any]]]:
        """Pages of a list, at most ten; the next page's address is relative to the host."""
        body = await self._client.object("GET", f"{self._root}/{resource}", params=params)
        for _ in range(_PAGES):
            yield list(body.get(key) or [])
            following = str(body.get("next_page_uri") or "")
            if not following.startswith(self._root + "/"):
                return
            body = await self._client.object("GET", following)
