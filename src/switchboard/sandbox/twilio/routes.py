"""Twilio's REST API, as much of it as a phone agent needs."""

from fastapi import APIRouter

from switchboard.sandbox.twilio import (
    account_routes,
    call_routes,
    control_routes,
    number_routes,
    recording_routes,
    stream_routes,
)
from switchboard.sandbox.twilio.carrier import TwilioCarrier
from switchboard.sandbox.twilio.desk import Desk
from switchboard.sandbox.world import World


def router(world: World) -> APIRouter:
    """All routes; makes the carrier and connects it to the world."""
    carrier = TwilioCarrier(world)
    world.connect_carrier(carrier)
    world.on_reset(carrier.reset)
    desk = Desk(world, carrier)
    routes = APIRouter()
    for part in (
        account_routes,
        call_routes,
        number_routes,
        recording_routes,
        stream_routes,
        control_routes,
    ):
        part.add(routes, desk)
    return routes
