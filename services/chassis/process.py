"""How a service's process gets on with its machine and with other processes."""

import contextlib
import ctypes
import gc
import os
from pathlib import Path

_TRIM, _PAD, _MAP = -1, -2, -3  # glibc's mallopt: M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD
_LARGE = 32 * 1024**2  # bytes; glibc keeps no larger blocks by itself
_GROUP = Path("/proc/self/autogroup")  # where Linux shares the processors out among sessions first; absent elsewhere


def give_way(to_others: int) -> None:
    """Let other processes go first where there is more to do than processors can: 0 not at all, 19 whenever they can.

    For a process that has no threads yet: each takes it over. A session that is the process's own gives way as well.
    """
    if not to_others:
        return
    os.nice(to_others)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):  # no such thing here, or none of ours: the process's own number holds
            _GROUP.write_text(str(to_others))


def look_for_garbage_rarely() -> None:
    """Leave what was loaded at the start out of garbage collection, and let a batch pass before it looks for cycles.

    A micro-batch makes some ten thousand objects that all live until it is applied; looking at them every 700 objects, as
    Python does by itself, was a quarter of the transport's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def keep_what_is_given_back() -> None:
    """Let memory that is given back be used again without asking the kernel, as glibc does once a large block was given back.

    What a publication needs for a moment is a few megabytes each time, and every page the kernel gives costs as much as
    reckoning with what stands on it.
    """
    with contextlib.suppress(AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MAP, _LARGE)
        mallopt(_TRIM, 2 * _LARGE)
        mallopt(_PAD, 2 * _LARGE)  # what a thread has beyond its first 64 MB goes else as soon as it is free
