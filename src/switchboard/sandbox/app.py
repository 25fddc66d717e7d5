"""The whole sandbox: all three vendors, and the people of the town."""

import secrets

from starlette.types import ASGIApp

from switchboard.sandbox.assembly import assemble
from switchboard.sandbox.conversation.callee import callee
from switchboard.sandbox.elevenlabs import routes as elevenlabs
from switchboard.sandbox.script import Script
from switchboard.sandbox.telephone import routes as telephone
from switchboard.sandbox.twilio import routes as twilio
from switchboard.sandbox.ultravox import routes as ultravox
from switchboard.sandbox.world import World

VENDORS = (twilio.router, ultravox.router, elevenlabs.router, lambda world: telephone.router(world.telephone))


def create_app(world: World | None = None, script: Script | None = None) -> ASGIApp:
    """The ASGI program. Without a world it makes one with a seed of its own."""
    world = world or World(seed=secrets.randbelow(2**31))
    world.people = world.people or callee
    return assemble(world, VENDORS, script)
