"""The innermost loops: compiled by numba when they are first imported, and read from a cache afterwards. Pure.

Each kernel says its arguments' types, so that nothing is compiled while a service works and other arrays than these are refused.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy.ma  # noqa: F401 - numba asks for it at the first array that may not be written: here, and not while a service works

_config: Any = numba.config
Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def kernel(signature: str) -> Callable[[Kernel], Kernel]:
    """A kernel of these types. Floats are IEEE doubles, each rounded once; a division by 0 gives what IEEE says.

    Other threads of the process go on meanwhile: what it is given is not to be changed by them.
    """

    def compiled(function: Kernel) -> Kernel:
        if _CACHED:
            _config.CACHE_DIR = str(_FOLDER / _digest(_constants(function, set())))
        made: Any = numba.njit(signature, cache=_CACHED, error_model="numpy", nogil=True)
        return made(function)  # type: ignore[no-any-return]

    return compiled


def within(function: Kernel) -> Kernel:
    """What kernels call; compiled with each of them, of whatever types they have.

    An array that is cut out of another, or taken out of a tuple, is counted up and down, which in an innermost loop costs as much
    as what is done there: rows are told by number, and what a loop needs is taken out before it.
    """
    inner: Any = numba.njit(error_model="numpy")
    return inner(function)  # type: ignore[no-any-return]


def _cache() -> Path:
    """Where the kernels of this very text are kept: each is compiled together with those it calls, whatever file they are in."""
    own, name = Path(__file__), __name__.encode()
    texts = ((path, path.read_bytes()) for path in sorted(own.parent.rglob("*.py")))
    folder = Path(_config.CACHE_DIR or "~/.cache/noegletal/kernels").expanduser()  # NUMBA_CACHE_DIR, if it is set
    return folder / _digest(text for path, text in texts if path == own or name in text)


def _digest(parts: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def _constants(function: Any, met: set[Any]) -> Iterator[bytes]:
    """What a kernel, and those it calls, take from their modules by value: it is compiled in, and may be said in other files."""
    for name in sorted(function.__code__.co_names):
        value = function.__globals__.get(name)
        called = getattr(value, "py_func", None)
        if called is not None and called not in met:
            met.add(called)
            yield from _constants(called, met)
        elif isinstance(value, (int, float, str, tuple)):
            yield f"{function.__qualname__}.{name}={value!r};".encode()


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


_FOLDER = _cache()
_CACHED = _is_writable(_FOLDER)  # else they are compiled anew by every process, a minute long
