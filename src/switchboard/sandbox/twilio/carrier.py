"""The emulated carrier: accounts, and the calls that run on them."""

import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from switchboard.sandbox.phones.directory import household
from switchboard.sandbox.twilio.accounts import Account, Accounts, new_sid
from switchboard.sandbox.twilio.calls import Call, CallOrder, Script
from switchboard.sandbox.twilio.driver import Driver
from switchboard.sandbox.twilio.errors import TwilioError
from switchboard.sandbox.twilio.forms import check_numbers
from switchboard.sandbox.twilio.outgoing import Outgoing
from switchboard.sandbox.world import CarrierRefusal, World


class TwilioCarrier:
    """What the REST routes, and platforms with imported numbers, dial through."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.ids = random.Random(world.random.getrandbits(64))  # noqa: S311 -- repeatable on purpose
        self.accounts = Accounts(self.ids)
        self._outgoing = Outgoing(world.delivery, self.ids)
        self._drivers: dict[str, Driver] = {}

    def reset(self) -> None:
        self.ids.seed(self._world.random.getrandbits(64))
        self.accounts.clear()
        self._drivers.clear()

    def dial(
        self, account: Account, order: CallOrder, on_end: Callable[[Mapping[str, str]], None] | None = None
    ) -> Call:
        """Put a call into the queue; everything else happens in its own task."""
        owned = account.number(order.from_)
        assert owned is not None
        home = household(order.to, self._world.seed)
        call = Call(
            sid=new_sid("CA", self.ids),
            account_sid=account.sid,
            token=account.token,
            phone_number_sid=owned.sid,
            order=order,
            household=home,
            watch=self._world.clock.stopwatch(),
            callback=order.callback,
            on_end=on_end,
        )
        account.remember(call)
        self._start(call)
        return call

    def redirect(self, call: Call, script: Script) -> None:
        """Run another script on a live call. Raises: TwilioError 21220 when it is not in progress."""
        driver = self._drivers.get(call.sid)
        if driver is None or call.is_over or call.is_waiting:
            raise TwilioError(21220, "Call is not in-progress. Cannot redirect.")
        driver.redirect(script)

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

    def hang_up(self, call_sid: str) -> None:
        """See `world.Carrier`."""
        driver = self._drivers.get(call_sid)
        if driver:
            driver.hang_up()

    def told(self) -> list[dict[str, Any]]:
        """All calls of all accounts, newest first, as the control API shows them."""
        calls = [call for account in self.accounts.all() for call in account.calls.values()]
        calls.sort(key=lambda call: call.watch.started_at, reverse=True)
        return [_told(call) for call in calls]

    def _start(self, call: Call) -> None:
        driver = self._drivers[call.sid] = Driver(self._world, call, self._outgoing, self.ids)
        driver.start().add_done_callback(lambda _: self._drivers.pop(call.sid, None))


def _told(call: Call) -> dict[str, Any]:
    return {
        **call.as_json(),
        "carrier_status": str(call.status),
        "person": asdict(call.household.resident),
        "transcript": [asdict(said) for said in call.said],
        "notes": call.notes,
        "media": "words" if call.media_note else "sound",
        "media_note": call.media_note,
    }
