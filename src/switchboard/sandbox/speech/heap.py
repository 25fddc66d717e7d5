"""What the models leave behind: memory that they freed and that the C library keeps for later."""

import ctypes
import sys


def give_back() -> None:
    """Return freed memory to the system, within milliseconds; nothing where the C library has no such thing.

    Small blocks that live on would keep hundreds of megabytes of large ones in place that were freed.
    Source: malloc_trim(3), GNU C library.
    """
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
