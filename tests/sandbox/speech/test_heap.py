import ctypes
import re
from pathlib import Path

from switchboard.sandbox.speech import heap

BLOCK, BLOCKS = 64 * 1024, 1000


def test_memory_that_was_freed_below_something_that_lives_on_goes_back_to_the_system():
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = (
        ctypes.c_void_p,
        [ctypes.c_size_t],
        [ctypes.c_void_p],
    )
    blocks = [libc.malloc(BLOCK) for _ in range(BLOCKS)]
    for block in blocks:
        ctypes.memset(block, 1, BLOCK)
    for number, block in enumerate(blocks):
        if number % 100:
            libc.free(block)
    freed = resident()
    heap.give_back()
    assert freed - resident() > 0.8 * BLOCK * BLOCKS
    for block in blocks[::100]:
        libc.free(block)


def resident() -> int:
    """Bytes."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(re.findall(r"VmRSS:\s+(\d+)", status)[0])
