"""Ports for programs that must be told theirs before they start."""

import random
import socket
from contextlib import suppress

_BELOW_THE_SYSTEMS_OWN = range(20_000, 32_000)  # from 32768 on, any outgoing connection may take one meanwhile


def free_port() -> int:
    while True:
        port = random.choice(_BELOW_THE_SYSTEMS_OWN)
        with suppress(OSError), socket.socket() as free:
            free.bind(("127.0.0.1", port))
            return port
