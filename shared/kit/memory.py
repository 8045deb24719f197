"""Small memory for an app's process, once everything that it needs is loaded."""

import ctypes
import gc

YOUNG_OBJECTS = 20_000
"""Allocations between two looks of the garbage collector; Python's 700 come several times in a request."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 1024 * 1024


def settle_memory() -> None:
    """Leave what is there out of the garbage collector's rounds, and have the C library give freed memory back.

    By itself glibc holds the 19 MiB of a password's hash for ever, once in each thread that made one.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # glibc; musl gives back by itself
        for setting, value in ((M_MMAP_THRESHOLD, LARGE_BYTES), (M_TRIM_THRESHOLD, LARGE_BYTES), (M_ARENA_MAX, 1)):
            library.mallopt(setting, value)
        library.malloc_trim(0)
