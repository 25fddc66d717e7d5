"""What the sandbox covers, told by its own routes."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.routing import APIWebSocketRoute, iter_route_contexts

from switchboard.sandbox.app import VENDORS
from switchboard.sandbox.assembly import routed
from switchboard.sandbox.conversation.callee import callee
from switchboard.sandbox.recorder import Recorder
from switchboard.sandbox.vendors import provider_of
from switchboard.sandbox.world import World

SOCKET = "WEBSOCKET"
_PARAMETER = re.compile(r"\{(\w+)\}")


class Operation(NamedTuple):
    """One method on one path; sockets have the method `WEBSOCKET`."""

    method: str
    path: str

    @property
    def owner(self) -> str:
        """The vendor, or `control`."""
        return provider_of(self.path) or "control"


def operations() -> list[Operation]:
    """Everything that is answered, in the order of owners and paths."""
    return sorted(_operations(_app()), key=lambda one: (one.owner, one.path, one.method))


def openapi() -> dict[str, Any]:
    """An OpenAPI 3.1 document of every route, tagged by its owner; sockets stand under `x-websockets`."""
    app = _app()
    document = app.openapi()
    paths: dict[str, dict[str, Any]] = document["paths"]
    sockets = []
    for operation in sorted(_operations(app)):
        if operation.method == SOCKET:
            sockets.append({"path": operation.path, "tags": [operation.owner]})
            continue
        told = paths.setdefault(operation.path, {}).setdefault(operation.method.lower(), _plain(operation))
        told["tags"] = [operation.owner]
    return document | {"x-websockets": sockets}


def _plain(operation: Operation) -> dict[str, Any]:
    """A route that reads its request by itself: forms with repeated keys have no model."""
    names = _PARAMETER.findall(operation.path)
    return {
        "operationId": f"{operation.method} {operation.path}",
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ],
        "responses": {"default": {"description": "As the vendor answers."}},
    }


def _app() -> FastAPI:
    world = World()
    world.people = callee
    return routed(world, VENDORS, Recorder())


def _operations(app: FastAPI) -> Iterator[Operation]:
    for route in iter_route_contexts(app.routes):
        if route.path is None:
            continue
        if isinstance(route.original_route, APIWebSocketRoute):
            yield Operation(SOCKET, route.path)
        for method in (route.methods or set()) - {"HEAD"}:
            yield Operation(method, route.path)
