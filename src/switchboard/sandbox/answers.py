"""Reading what customers' own servers answer."""

import httpx


async def beginning(answer: httpx.Response, most: int) -> bytes:
    """The first `most` bytes of an answer that is being streamed; the rest is not fetched."""
    content = bytearray()
    async for piece in answer.aiter_bytes():
        content += piece[: most - len(content)]
        if len(content) >= most:
            break
    return bytes(content)
