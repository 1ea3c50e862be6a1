"""The invented sector lies where the published statistics lie, keeps its own sums, and is the same for the same seed."""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from services.catalogue import definitions
from services.cli import invented, simulate
from services.cli.invented_levels import ASSUMED, LEVELS
from services.cli.talk import Exit, Stop, Talk

FIRST = definitions.of("dk-almen", "2023")
TOLERANCE = 0.06  # of the published level, for the median of 6,000 departments
PUBLISHED = {  # key figure -> level as printed; sources stand in invented_levels.py
    "OEK-107": 49,
    "OEK-111": 17.8,
    "OEK-114": 84,
    "OEK-115": 32,
    "OEK-116": 105,
    "OEK-119": 8.1,
    "OEK-401": 44_300,
    "OEK-HUS": 899,
    "UDL-TID": 40,
    "ENE-VKR": 99,
}
ABROAD = {
    "UDL-RES": (2, 3),
    "DRI-TID": (75, 89),
    "TIL-ALT": (65, 79),
    "TIL-REN": (61, 73),
    "TIL-KLA": (34, 73),
}  # "roughly"


@pytest.fixture(scope="module")
def units() -> invented.Departments:
    return invented.departments(6000, np.random.default_rng(7))


@pytest.fixture(scope="module")
def amounts(units: invented.Departments) -> dict[str, invented.Whole]:
    return invented.year(units, FIRST, np.random.default_rng(8))


def _of(amounts: dict[str, invented.Whole], *names: str) -> invented.Floats:
    return np.sum([amounts[name] / 10 ** FIRST.data_point[name].scale for name in names], axis=0)


def _shown(amounts: dict[str, invented.Whole], name: str) -> invented.Floats:
    """A key figure of every unit, as it is shown; nan where there is nothing to divide by."""
    figure = FIRST.key_figure[name]
    numerator = _of(amounts, *figure.numerator) - (_of(amounts, *figure.less) if figure.less else 0)
    denominator = _of(amounts, *figure.denominator)
    return np.divide(
        numerator * figure.show.factor, denominator, where=denominator > 0, out=np.full(len(denominator), np.nan)
    )


@pytest.mark.parametrize(("name", "level"), PUBLISHED.items())
def test_medians_are_the_published_levels(amounts: dict[str, invented.Whole], name: str, level: float) -> None:
    assert np.nanmedian(_shown(amounts, name)) == pytest.approx(level, rel=TOLERANCE)


@pytest.mark.parametrize(("name", "bounds"), ABROAD.items())
def test_medians_lie_within_what_is_printed_abroad(
    amounts: dict[str, invented.Whole], name: str, bounds: tuple[float, float]
) -> None:
    assert bounds[0] < np.nanmedian(_shown(amounts, name)) < bounds[1]


def test_cleaning_is_55_percent_dearer_in_the_capital_and_mostly_between_40_and_120(
    units: invented.Departments, amounts: dict[str, invented.Whole]
) -> None:
    cleaning, region = _shown(amounts, "OEK-114"), np.array(units.attributes["region"])
    medians = {r: np.median(cleaning[region == r]) for r in ("Hovedstaden", "Syddanmark")}
    assert medians["Hovedstaden"] / medians["Syddanmark"] == pytest.approx(1.55, rel=TOLERANCE)
    assert ((cleaning > 40) & (cleaning < 120)).mean() > 0.8


def test_turnover_is_that_of_the_type_of_dwelling(
    units: invented.Departments, amounts: dict[str, invented.Whole]
) -> None:
    kinds, moved, homes = np.array(units.attributes["type"]), _of(amounts, "fraflytninger"), _of(amounts, "boliger")
    found = {kind: 100 * moved[kinds == kind].sum() / homes[kinds == kind].sum() for kind in ("family", "youth")}
    assert found == pytest.approx({"family": 10.4, "youth": 39.9}, rel=TOLERANCE)
    assert 100 * moved.sum() / homes.sum() == pytest.approx(13.1, rel=0.1)


def test_few_have_other_reserves_and_those_have_much(amounts: dict[str, invented.Whole]) -> None:
    reserves = _shown(amounts, "OEK-124")
    assert np.median(reserves) == 0
    assert (reserves > 0).mean() == pytest.approx(0.05, abs=0.01)
    assert reserves[reserves > 0].mean() == pytest.approx(230, rel=0.15)
    assert _of(amounts, "konto_124").sum() / _of(amounts, "bruttoareal").sum() == pytest.approx(29, rel=0.25)


def test_vacancy_loss_is_a_few_departments(amounts: dict[str, invented.Whole]) -> None:
    loss = _shown(amounts, "OEK-129")
    assert loss.mean() == pytest.approx(5.4, rel=0.1)
    assert (loss > loss.mean()).mean() == pytest.approx(0.17, abs=0.02)
    assert loss.max() < FIRST.key_figure["OEK-129"].hard.range[1]  # type: ignore[union-attr]


def test_size_heat_and_seven_accounts_are_those_published(
    units: invented.Departments, amounts: dict[str, invented.Whole]
) -> None:
    assert _of(amounts, "boliger").mean() == pytest.approx(600_000 / 6_700, rel=TOLERANCE)
    assert _of(amounts, "bruttoareal").sum() / _of(amounts, "boliger").sum() == pytest.approx(75.9, rel=TOLERANCE)
    heat, built = _shown(amounts, "ENE-VAR"), np.array(units.attributes["built"])
    assert 55 < np.median(heat[built == "1990-"]) < 140 < np.median(heat[built == "1946-1969"]) < 265
    low, high = np.quantile(_shown(amounts, "OEK-7K"), [0.01, 0.99])
    assert (low > 8_000, high < 35_000) == (True, True)
    assert np.nanmean(_shown(amounts, "UDL-LED")) < 10


def test_sums_are_their_parts_and_parts_no_larger_than_the_whole(amounts: dict[str, invented.Whole]) -> None:
    for name, point in FIRST.data_point.items():
        if point.sum_of:
            assert (amounts[name] == sum(amounts[part] for part in point.sum_of)).all(), name
        if point.at_most:
            whole = amounts[point.at_most] * 10**point.scale // 10 ** FIRST.data_point[point.at_most].scale
            assert (amounts[name] <= whole).all(), name
    assert all(column.min() >= 0 for column in amounts.values())


def test_every_figure_can_be_computed_for_nearly_everybody(amounts: dict[str, invented.Whole]) -> None:
    for name in FIRST.key_figures:
        least = 0.25 if name == "UDL-LED3" else 0.9  # nobody vacant, nothing to be long vacant
        assert np.isfinite(_shown(amounts, name)).mean() > least, name


def test_every_level_says_who_published_it_or_that_it_is_assumed() -> None:
    figures = {name: set(FIRST.key_figure[name].numerator) for name in PUBLISHED | ABROAD}
    published = {name for name, level in LEVELS.items() if level.source != ASSUMED}
    for name, parts in figures.items():
        assert parts & (published | {"konto_2011"}), name  # the rent is drawn as one sum
    assert len(published) < len(LEVELS)


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for folder, seed in (("a", 3), ("b", 3), ("c", 4)):
        simulate.write("dk-almen", 40, 2, seed, tmp_path / folder, Talk(quiet=True))
    files = {
        f: [(tmp_path / f / n).read_bytes() for n in ("units.csv", "submissions.csv", "planted.csv")] for f in "abc"
    }
    assert files["a"] == files["b"]
    assert all(x != y for x, y in zip(files["a"], files["c"], strict=True))
    assert "nobody's figures" in (tmp_path / "a" / "README.md").read_text()


def test_numbers_are_written_exactly(units: invented.Departments, amounts: dict[str, invented.Whole]) -> None:
    texts = invented.texts(amounts, units, FIRST)
    for name in ("bruttoareal", "konto_114", "ledige"):
        scale = FIRST.data_point[name].scale
        assert [Fraction(str(t)) * 10**scale for t in texts[name][:50]] == amounts[name][:50].tolist()
    assert set(np.array(texts["konto_107"])[~units.settled]) == {"ikke relevant"}


@pytest.mark.parametrize(
    ("scheme", "units", "years", "said"),
    [
        ("uk-tsm", 10, 1, "--scheme is dk-almen"),
        ("dk-almen", 0, 1, "--units is 1 to 100000, not 0"),
        ("dk-almen", 10, 4, "--years is 1 to 3: dk-almen has definitions for 2023, 2024, 2025; not 4"),
    ],
)
def test_a_wrong_wish_is_answered_in_words(tmp_path: Path, scheme: str, units: int, years: int, said: str) -> None:
    with pytest.raises(Stop, match=re.escape(said)) as stop:
        simulate.write(scheme, units, years, 1, tmp_path, Talk(quiet=True))
    assert stop.value.code is Exit.USAGE


def test_a_file_that_cannot_be_the_one_that_is_meant_is_named(tmp_path: Path) -> None:
    simulate.write("dk-almen", 5, 1, 1, tmp_path, Talk(quiet=True))
    with pytest.raises(Stop, match="cannot be read"):
        simulate.score(tmp_path, tmp_path / "assessments.csv", Talk())
    with pytest.raises(Stop, match=r"units.csv lacks the column scheme, period, .*; it is another file than is meant"):
        simulate.score(tmp_path, tmp_path / "units.csv", Talk())
