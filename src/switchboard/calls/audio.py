"""A recording as an HTTP answer: whole, in parts (RFC 9110 §14), or as a file."""

import mimetypes
import re

from starlette.requests import Request
from starlette.responses import Response

from switchboard.core.errors import SwitchboardError
from switchboard.providers.normalised import Audio

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_ENDINGS = {"audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/x-wav": ".wav"}


class RangeNotSatisfiable(SwitchboardError):
    """The asked part lies beyond the end."""

    status, slug = 416, "range-not-satisfiable"


def audio_response(audio: Audio, request: Request, file_name: str | None) -> Response:
    """The audio, or the one range that was asked for; other kinds of ranges are answered whole.

    Raises: RangeNotSatisfiable.
    """
    size = len(audio.content)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, max-age=3600"}
    if file_name is not None:
        ending = _ENDINGS.get(audio.media_type) or mimetypes.guess_extension(audio.media_type) or ""
        headers["Content-Disposition"] = f'attachment; filename="{file_name}{ending}"'
    part = _part(request.headers.get("range", ""), size)
    if part is None:
        return Response(audio.content, media_type=audio.media_type, headers=headers)
    first, last = part
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(audio.content[first : last + 1], 206, media_type=audio.media_type, headers=headers)


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
