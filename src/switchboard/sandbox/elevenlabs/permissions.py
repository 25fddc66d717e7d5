"""Keys that may do only some things: those that contain `scoped:` and permissions joined by `+`.

`sk_scoped:convai_read+voices_read` reads agents and voices, nothing else. Source: ElevenLabs "API keys"
(fact sheet 1.2, 1.3).
"""

import re

from switchboard.sandbox.elevenlabs.errors import ElevenLabsError

_SCOPED = re.compile(r"scoped:([a-z_]+(?:\+[a-z_]+)*)")
_GROUPS = (
    ("/v1/convai", "convai"),
    ("/v1/text-to-speech", "text_to_speech"),
    ("/v1/voices", "voices"),
    ("/v2/voices", "voices"),
    ("/v1/models", "models"),
    ("/v1/user", "user"),
    ("/v1/workspace", "workspace"),
)
_UNDIVIDED = "text_to_speech"


def check(key: str, method: str, path: str) -> None:
    """Raises: ElevenLabsError 401 `missing_permissions` when a scoped key lacks what this request needs."""
    scopes = _SCOPED.search(key)
    needed = needed_for(method, path)
    if scopes is None or needed is None or needed in scopes[1].split("+"):
        return
    message = f"The API key you used is missing the permission {needed} to execute this operation."
    detail = {"type": "authentication_error", "code": "unauthorized", "message": message}
    raise ElevenLabsError(401, detail | {"status": "missing_permissions"})


def needed_for(method: str, path: str) -> str | None:
    """The permission for a request, such as `convai_write`; None where any key will do."""
    group = next((group for prefix, group in _GROUPS if path == prefix or path.startswith(f"{prefix}/")), None)
    if group is None or group == _UNDIVIDED:
        return group
    return f"{group}_{'read' if method in ('GET', 'HEAD') else 'write'}"
