"""The scrubbed payloads beside this file."""

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def recording(name: str) -> Any:
    """`recording("twilio/call_queued")`."""
    return json.loads((_HERE / f"{name}.json").read_text())
