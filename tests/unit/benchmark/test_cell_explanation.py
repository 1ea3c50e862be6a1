"""Whole cells explained: against the oracle, and by hand; exact parts and written parts both add up."""

import random
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import alignment, cell_explanation, cell_sentences
from services.benchmark.cell_columns import Suppression
from services.benchmark.cell_explanation import IN_ORDER, Change, Statistic
from services.benchmark.priced import PricedGap
from services.benchmark.series import PeriodSeries
from services.benchmark.standing import Reading
from services.benchmark.view import View
from services.catalogue import definitions
from tests import oracle_series
from tests.unit.benchmark import histories, method_histories
from tests.unit.benchmark.histories import FIGURES
from tests.unit.benchmark.method_histories import OLD
from tests.unit.benchmark.test_series import _again

OEK = definitions.of("dk-almen", "2024").key_figure["OEK-114"]
PUBLIC = Reading(True, "lower")


def _view(records: list[histories.Record], method: str) -> View:
    series = PeriodSeries(FIGURES)
    method_histories.apply(series, records)
    return series.freeze(method)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_every_cell_is_explained_as_the_oracle_does(seed: int) -> None:
    rng = random.Random(seed)
    records = method_histories.history(seed)
    cut = rng.randrange(30, len(records))
    known = [{r[3]["method"] for r in some if r[0] == "observation"} for some in (records[:cut], records)]
    method_a, method_b = (rng.choice(sorted(methods)) for methods in known)
    b = _view(records, method_b)
    a = alignment.aligned(_view(records[:cut], method_a), b)
    again = None if method_a == method_b else _again(a, b, records)
    mine, theirs = oracle_series.series(records[:cut], method_a), oracle_series.series(records, method_b)
    for row, figure in enumerate(FIGURES):
        for group in ("all", "type=A", "type=none"):
            said = cell_explanation.explain(a, b, row, group, PUBLIC, again, 100, 1)
            told = {change.statistic: change for change in said.changes}
            for statistic in IN_ORDER:
                naive = oracle_series.cell_change(mine, theirs, records, method_b, group, figure, statistic.name, 1000)
                change = told.get(statistic)
                assert (change is None) == (naive is None)
                if change is not None:
                    exact, shown, organisations = naive
                    assert (change.before_e9, change.after_e9) == (exact[0], exact[-1])
                    assert [p.value_e9 for p in change.parts] == _steps(exact)
                    assert [p.shown for p in change.parts] == _steps(shown)
                    assert [p.organisations for p in change.parts] == organisations
                    assert sum(p.value_e9 for p in change.parts) == change.after_e9 - change.before_e9
                    assert sum(p.shown for p in change.parts) == change.after_shown - change.before_shown


def _steps(values: list[int]) -> list[int]:
    return [y - x for x, y in pairwise(values)]


def _of(*values: int, first: int = 0, revision: int = 1) -> list[histories.Record]:
    """Units u<first>… with values in hundredths."""
    return [
        (
            "observation",
            f"u{n:02}",
            revision,
            {
                "holder": f"h{n}",
                "groups": ("all",),
                "withdrawn": False,
                "figures": dict.fromkeys(FIGURES, (value, 100)),
                "method": OLD,
            },
        )
        for n, value in enumerate(values, start=first)
    ]


def _median(before: list[histories.Record], after: list[histories.Record], decimals: int = 2) -> Change:
    a, b = _view(before, ""), _view(before + after, "")
    said = cell_explanation.explain(a, b, 0, "all", PUBLIC, None, 1, decimals)
    assert said.suppression is Suppression.UNSPECIFIED
    return said.changes[0]


def test_the_median_rose_by_corrections_and_by_those_who_joined() -> None:
    # 1 2 3 4 5 6: median 3.50. u02 corrects 3 to 5: 1 2 4 5 5 6: 4.50. 7 and 8 join: 1 2 4 5 5 6 7 8: 5.00.
    change = _median(_of(100, 200, 300, 400, 500, 600), [*_of(500, first=2, revision=2), *_of(700, 800, first=6)])
    assert (change.before_shown, change.after_shown) == (350, 500)
    assert [p.shown for p in change.parts] == [0, 0, 100, 50, 0, 0]
    assert [p.units for p in change.parts] == [0, 0, 1, 2, 0, 0]
    figure = OEK.model_copy(update={"show": OEK.show.model_copy(update={"decimals": 2})})
    name = figure.name
    assert cell_sentences.sentence(change, figure, "da") == (
        f"{name.da}: medianen steg 1,50 kr. pr. m² (3,50 → 5,00): rettelser +1,00 (u02), 2 nye +0,50 (u06, u07)."
    )
    assert cell_sentences.sentence(change, figure, "en") == (
        f"{name.en}: the median rose 1.50 DKK per m² (3.50 → 5.00): corrections +1.00 (u02), 2 joined +0.50 (u06, u07)."
    )


def test_parts_that_would_be_rounded_apart_still_add_up() -> None:
    # Medians 3.50, 4.50 and 5.00 in no decimals: 4 (half to even), 4, 5.
    change = _median(_of(100, 200, 300, 400, 500, 600), [*_of(500, first=2, revision=2), *_of(700, 800, first=6)], 0)
    assert (change.before_shown, change.after_shown) == (4, 5)
    assert [p.shown for p in change.parts] == [0, 0, 0, 1, 0, 0]
    assert [p.value_e9 for p in change.parts] == [0, 0, 10**9, 5 * 10**8, 0, 0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-3000, 9000), min_size=6, max_size=12), st.lists(st.integers(-3000, 9000), max_size=9))
def test_what_is_written_adds_up(before: list[int], joined: list[int]) -> None:
    change = _median(_of(*before), _of(*joined, first=len(before)), decimals=1)
    figure = OEK.model_copy(update={"show": OEK.show.model_copy(update={"decimals": 1})})
    for language in ("da", "en"):
        said = cell_sentences.sentence(change, figure, language).rstrip(".")  # type: ignore[arg-type]
        place, _, causes = said.partition("): ") if "→" in said else said.rpartition(": ")
        numbers = [re.search(r"[+−]?[0-9.,]+( \(|$)", cause) for cause in re.split(r", (?=[a-z0-9])", causes)]
        assert numbers
        written = [
            int(re.sub("[^0-9-]", "", part.replace("−", "-")) or 0) for part in re.findall(r"[+−][0-9.,]+", causes)
        ]
        assert sum(written) == change.after_shown - change.before_shown, (place, causes)


def test_what_is_not_public_or_too_small_is_not_explained() -> None:
    records = _of(*range(100, 1300, 100))
    a, b = _view(records, ""), _view(records + _of(900, revision=2), "")
    hidden = cell_explanation.explain(a, b, 0, "all", PUBLIC._replace(public=False), None, 1, 1)
    assert hidden == cell_explanation.CellExplanation(0, 0, (), Suppression.NOT_RELEASED)
    few = cell_explanation.explain(a, b, 0, "all", PUBLIC._replace(fewest=13), None, 1, 1)
    assert few == cell_explanation.CellExplanation(0, 0, (), Suppression.TOO_FEW)
    said = cell_explanation.explain(a, b, 0, "all", PUBLIC._replace(mean_meaningful=False), None, 1, 1)
    assert [c.statistic for c in said.changes] == [Statistic.MEDIAN, Statistic.Q1, Statistic.Q3]


def test_more_organisations_than_a_sentence_bears_stand_in_the_data_alone() -> None:
    change = _median(_of(100, 200, 300, 400, 500, 600), _of(700, 800, 900, 1000, first=6))
    assert change.parts[3].organisations == ("u06", "u07", "u08", "u09")
    assert cell_sentences.sentence(change, OEK, "en").endswith("(35.0 → 55.0): 4 joined +20.0.")


@pytest.mark.parametrize(
    ("gap", "da", "en"),
    [
        (
            PricedGap(1_840_000_000, 120_000),
            "På niveau med medianen: 184.000 kr. om året, 12 kr. pr. bolig pr. måned.",
            "At the median's level: 184,000 kr. a year, 12 kr. per dwelling and month.",
        ),
        (
            PricedGap(-5_000_000, -14_500),
            "Under medianen: 500 kr. om året, 1,45 kr. pr. bolig pr. måned.",
            "Below the median: 500 kr. a year, 1.45 kr. per dwelling and month.",
        ),
        (PricedGap(70_000, None), "På niveau med medianen: 7 kr. om året.", "At the median's level: 7 kr. a year."),
        (PricedGap(0, 0), "I ligger på medianen.", "You are at the median."),
    ],
)
def test_a_gap_in_money(gap: PricedGap, da: str, en: str) -> None:
    assert cell_sentences.priced(gap, "kr.", "da") == da
    assert cell_sentences.priced(gap, "kr.", "en") == en
