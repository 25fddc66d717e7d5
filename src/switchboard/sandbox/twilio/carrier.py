"""The emulated carrier: accounts, and the calls that run on them."""

import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from switchboard.sandbox.phones.directory import Household, household
from switchboard.sandbox.twilio.accounts import Account, Accounts, OwnedNumber, new_sid
from switchboard.sandbox.twilio.calls import Call, CallbackAddress, CallOrder, Script
from switchboard.sandbox.twilio.driver import Driver, Office
from switchboard.sandbox.twilio.errors import TwilioError
from switchboard.sandbox.twilio.forms import check_numbers
from switchboard.sandbox.twilio.outgoing import Outgoing
from switchboard.sandbox.twilio.recordings import Shelf
from switchboard.sandbox.world import CarrierRefusal, World

USUAL_PACE = 1_000.0
"""Calls per second where nobody says otherwise; the real carrier's is 1."""


class TwilioCarrier:
    """What the REST routes, and platforms with imported numbers, dial through."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.ids = random.Random(world.random.getrandbits(64))  # noqa: S311 -- repeatable on purpose
        self.accounts = Accounts(self.ids)
        self.shelf = Shelf()
        self.calls_per_second = USUAL_PACE
        """How fast an account's calls are dialled; more wait in its queue."""
        self._outgoing = Outgoing(world.delivery)
        self._drivers: dict[str, Driver] = {}

    def reset(self) -> None:
        self.ids.seed(self._world.random.getrandbits(64))
        self.accounts.clear()
        self.shelf.clear()
        self.calls_per_second = USUAL_PACE
        self._drivers.clear()

    def dial(
        self, account: Account, order: CallOrder, on_end: Callable[[Mapping[str, str]], None] | None = None
    ) -> Call:
        """Put a call into the queue; everything else happens in its own task."""
        call = self._call(account, order, household(order.to, self._world.seed))
        call.on_end = on_end
        call.queue_milliseconds = self._wait(account)
        self._start(account, call)
        return call

    def receive(self, account: Account, owned: OwnedNumber, from_: str) -> Call:
        """Let somebody of the town call one of the account's numbers."""
        application = account.applications.get(owned.voice_application_sid or "")
        script = application.script() if application else owned.script()
        tells = application.callback if application else _address(owned)
        order = CallOrder(owned.phone_number, from_, script, tells)
        call = self._call(account, order, household(from_, self._world.seed))
        call.direction = "inbound"
        self._start(account, call)
        return call

    def driver(self, call: Call) -> Driver | None:
        """The call's driver while it is not over."""
        return self._drivers.get(call.sid)

    def _call(self, account: Account, order: CallOrder, home: Household) -> Call:
        owned = account.number(order.from_) or account.number(order.to)
        return Call(
            sid=new_sid("CA", self.ids),
            account_sid=account.sid,
            token=account.token,
            phone_number_sid=owned.sid if owned else None,
            order=order,
            household=home,
            watch=self._world.clock.stopwatch(),
            callback=order.callback,
        )

    def _wait(self, account: Account) -> int:
        """Milliseconds until the account's next turn to dial. Source: Twilio "Calls per second"."""
        now = self._world.clock.elapsed()
        turn = max(now, account.next_turn)
        account.next_turn = turn + 1 / self.calls_per_second
        return round((turn - now) * 1000)

    def redirect(self, call: Call, script: Script) -> None:
        """Run another script on a live call. Raises: TwilioError 21220 when it is not in progress."""
        driver = self._drivers.get(call.sid)
        if driver is None or call.is_over or call.is_waiting:
            raise TwilioError(21220, "Call is not in-progress. Cannot redirect.")
        driver.redirect(script)

    def limit(self, call: Call, seconds: int) -> None:
        """Let a call last so long, counted from its answer."""
        driver = self._drivers.get(call.sid)
        if driver:
            driver.limit(seconds)

    def place(
        self,
        *,
        account_sid: str,
        auth_token: str,
        to: str,
        from_: str,
        twiml: str,
        on_end: Callable[[Mapping[str, str]], None] | None = None,
        ringing_seconds: int | None = None,
    ) -> str:
        """See `world.Carrier`."""
        try:
            account = self.accounts.open(account_sid, auth_token)
            callee, caller = check_numbers(account, to, from_, self._world.seed)
        except TwilioError as error:
            raise CarrierRefusal(error.code, error.message) from error
        order = CallOrder(callee, caller, Script(twiml))
        return self.dial(account, replace(order, timeout=ringing_seconds or order.timeout), on_end).sid

    def wire(self, *, account_sid: str, auth_token: str, number: str, url: str) -> bool:
        """See `world.Carrier`."""
        try:
            owned = self.accounts.open(account_sid, auth_token).number(number)
        except TwilioError as error:
            raise CarrierRefusal(error.code, error.message) from error
        if owned is not None:
            owned.voice_url, owned.voice_method = url, "POST"
        return owned is not None

    def hang_up(self, call_sid: str) -> None:
        """See `world.Carrier`."""
        driver = self._drivers.get(call_sid)
        if driver:
            driver.hang_up()

    def number_of(self, call_sid: str) -> str | None:
        """See `world.Carrier`."""
        call = self.accounts.call(call_sid)
        return call.order.to if call else None

    def told(self, most: int) -> list[dict[str, Any]]:
        """The latest calls of all accounts, newest first, as the control API shows them."""
        return [_told(call) for call in self.accounts.latest_calls(most)]

    def _start(self, account: Account, call: Call) -> None:
        remember = partial(self.accounts.remember, account)
        remember(call)
        office = Office(self._outgoing, self.shelf, self.ids, remember, account.owns)
        driver = self._drivers[call.sid] = Driver(self._world, call, office)
        driver.start().add_done_callback(lambda _: self._drivers.pop(call.sid, None))


def _address(owned: OwnedNumber) -> CallbackAddress | None:
    if not owned.status_callback:
        return None
    return CallbackAddress(owned.status_callback, owned.status_callback_method)


def _told(call: Call) -> dict[str, Any]:
    return {
        **call.as_json(),
        "carrier_status": str(call.status),
        "person": asdict(call.household.resident),
        "transcript": [asdict(said) for said in call.said],
        "notes": list(call.notes),
        "media": "words" if call.media_note else "sound",
        "media_note": call.media_note,
    }
