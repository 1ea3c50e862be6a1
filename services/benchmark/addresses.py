"""Arrays of many groups in one call of a kernel: by their addresses, as there are as many arrays as groups. Who hands them over
holds the arrays meanwhile.
"""

from collections.abc import Iterable
from typing import Any

import numba
import numpy as np
from numba import extending
from numpy.typing import NDArray

from services.kernels import kernel, within

_numba: Any = numba
_types: Any = _numba.types
_intrinsic: Any = extending.intrinsic
_carray: Any = _numba.carray


def _pointer_to(kind: Any) -> Any:
    """An address as one of such numbers, within a kernel."""

    def typed(_: Any, address: Any) -> Any:
        return _types.CPointer(kind)(_types.int64), made

    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return _intrinsic(typed)


_columns, _flags = _pointer_to(_types.int32), _pointer_to(_types.boolean)


@within
def order_at(address: int, figures: int, many: int) -> Any:
    """The order of a group of so many members, F x n."""
    return _carray(_columns(address), (figures, many))


@within
def flags_at(address: int, many: int) -> Any:
    """So many flags."""
    return _carray(_flags(address), (many,))


@kernel("int64(int32[:, ::1])")
def _of_order(order: Any) -> int:
    return int(order.ctypes.data)


@kernel("int64(boolean[::1])")
def _of_flags(flags: Any) -> int:
    return int(flags.ctypes.data)


def of_orders(orders: Iterable[NDArray[np.int32]]) -> NDArray[np.int64]:
    """Where orders are."""
    return np.array([_of_order(order) for order in orders], dtype=np.int64)


def of_flags(flags: Iterable[NDArray[np.bool_]]) -> NDArray[np.int64]:
    """Where flags are."""
    return np.array([_of_flags(one) for one in flags], dtype=np.int64)
