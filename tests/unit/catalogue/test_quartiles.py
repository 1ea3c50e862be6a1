"""The fences file: written and read back to the same numbers, every fault at once."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import quartiles
from services.catalogue.quartiles import FencesError, Quartiles

DECIMALS = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=12)


def _read(text: str, folder: Path) -> quartiles.Frozen:
    path = folder / "fences.toml"
    path.write_text(text, encoding="utf-8")
    return quartiles.load(path)


@given(st.lists(DECIMALS, min_size=3, max_size=3), st.text(max_size=20).filter(str.isprintable))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, three: list[Decimal], group: str
) -> None:
    q1, median, q3 = sorted(three)
    there = {"OEK-114": {group: Quartiles(units=12, q1=q1, median=median, q3=q3)}}
    text = quartiles.written("dk-almen", "2023", 'a "source"\\', there)
    frozen = _read(text, tmp_path_factory.mktemp("q"))
    assert frozen.quartiles == there
    assert frozen.source == 'a "source"\\'
    assert len(frozen.digest) == 64


def test_every_fault_at_once(tmp_path: Path) -> None:
    with pytest.raises(FencesError) as error:
        _read(
            'scheme = "dk-almen"\nperiod = "2023"\n[quartiles.X]\nall = { units = 0, q1 = 1, median = 2 }\n', tmp_path
        )
    assert error.value.faults == [
        "source: is missing; add it",
        "quartiles.X.all.units: Input should be greater than 0",
        "quartiles.X.all.q3: is missing; add it",
    ]


@pytest.mark.parametrize("numbers", ["q1 = 3, median = 2, q3 = 4", "q1 = 1, median = nan, q3 = 4"])
def test_quartiles_that_are_none(tmp_path: Path, numbers: str) -> None:
    with pytest.raises(FencesError):
        _read(f'scheme="s"\nperiod="2023"\nsource="x"\n[quartiles.X]\nall = {{ units = 9, {numbers} }}\n', tmp_path)


def test_what_is_not_toml(tmp_path: Path) -> None:
    with pytest.raises(FencesError, match="is not TOML"):
        _read("q1 ;", tmp_path)
