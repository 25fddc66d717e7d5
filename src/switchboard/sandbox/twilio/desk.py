"""What every REST route does: who asks, for which call, and how an answer looks."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from switchboard.sandbox.twilio.accounts import Account
from switchboard.sandbox.twilio.calls import API_VERSION, Call
from switchboard.sandbox.twilio.carrier import TwilioCarrier
from switchboard.sandbox.twilio.errors import TwilioError, not_found, told_with_every_answer
from switchboard.sandbox.twilio.twiml import Playback
from switchboard.sandbox.world import World

ACCOUNT = f"/{API_VERSION}/Accounts/{{account_sid}}"
CREATED = 201
_GONE = 204


class Desk:
    """Shared by the routes of one carrier."""

    def __init__(self, world: World, carrier: TwilioCarrier) -> None:
        self.world = world
        self.carrier = carrier

    def account(self, request: Request) -> Account:
        """Whose credentials these are. Raises: TwilioError 20003, 20404."""
        self.carrier.shelf.base_url = str(request.base_url).rstrip("/")
        authorization = request.headers.get("authorization")
        path_sid = request.path_params["account_sid"]
        return self.carrier.accounts.authenticate(authorization, path_sid, request.url.path)

    def call(self, request: Request) -> tuple[Account, Call]:
        """The account and its call that the path names. Raises: TwilioError 20003, 20404."""
        account = self.account(request)
        call = account.calls.get(request.path_params["sid"])
        if call is None:
            raise not_found(request.url.path)
        return account, call

    def playback(self, call: Call) -> Playback:
        """What is played on a call in progress. Raises: TwilioError 21220."""
        driver = self.carrier.driver(call)
        if driver is None or driver.playback is None or call.is_waiting or call.is_over:
            raise TwilioError(21220, "The call is not in-progress.")
        return driver.playback

    def answer(self, body: Mapping[str, Any], status: int = 200) -> Response:
        return JSONResponse(body, status, told_with_every_answer())

    def gone(self) -> Response:
        return Response(status_code=_GONE, headers=told_with_every_answer())
