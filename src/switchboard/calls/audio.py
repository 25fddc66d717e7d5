"""A recording as an HTTP answer: whole, in parts (RFC 9110 §14), or as a file."""

import mimetypes
import re

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from switchboard.calls.recordings import Recording
from switchboard.core.errors import SwitchboardError

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_ENDINGS = {"audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/x-wav": ".wav"}


class RangeNotSatisfiable(SwitchboardError):
    """The asked part lies beyond the end."""

    status, slug = 416, "range-not-satisfiable"


def audio_response(recording: Recording, request: Request, file_name: str | None) -> Response:
    """The audio, or the one range that was asked for; other kinds of ranges are answered whole.

    Raises: RangeNotSatisfiable.
    """
    size = recording.size
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600" if recording.kept else "no-store",
    }
    if file_name is not None:
        ending = _ENDINGS.get(recording.media_type) or mimetypes.guess_extension(recording.media_type) or ""
        headers["Content-Disposition"] = f'attachment; filename="{file_name}{ending}"'
    status, (first, last) = 200, (0, size - 1)
    asked = _part(request.headers.get("range", ""), size)
    if asked is not None:
        status, (first, last) = 206, asked
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    headers["Content-Length"] = str(last + 1 - first)
    return StreamingResponse(recording.part(first, last), status, media_type=recording.media_type, headers=headers)


def _part(asked: str, size: int) -> tuple[int, int] | None:
    match = _RANGE.fullmatch(asked.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        first, last = max(0, size - int(match[2])), size - 1
    else:
        first, last = int(match[1]), min(size - 1, int(match[2] or size - 1))
    if first >= size or first > last:
        raise RangeNotSatisfiable(f"The recording has {size} bytes. Ask for a part within them.")
    return first, last
