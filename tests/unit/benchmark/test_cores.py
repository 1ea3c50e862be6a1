"""Work that cores share: all of it is done, once, and what fails is heard of."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.benchmark import cores


@given(st.lists(st.integers(1, 50), max_size=20), st.integers(1, 6), st.integers(0, 300))
def test_every_item_is_in_one_part(weights: list[int], many_cores: int, much: int) -> None:
    done, parts = list[int](), list[slice]()

    def work(some: slice) -> None:
        parts.append(some)
        done.extend(range(some.start, some.stop))

    with patch.object(cores, "CORES", many_cores):
        cores.share(work, np.cumsum(np.array(weights, dtype=np.int64)), much)
    assert sorted(done) == [*range(len(weights))]
    assert len(parts) <= (many_cores if sum(weights) >= max(much, 1) else 1)


def test_what_is_raised_in_a_part_is_raised() -> None:
    def work(some: slice) -> None:
        if some.start > 0:
            raise ValueError("no")

    with patch.object(cores, "CORES", 2), pytest.raises(ValueError, match="no"):
        cores.share(work, np.arange(1, 9), 1)
