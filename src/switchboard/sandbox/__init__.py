"""The emulated vendors and a town of people with telephones: its own ASGI program on its own port.

It imports nothing of the product but `core`, and the product imports nothing of it: both agree with the
vendors' documents, never with each other.
"""
