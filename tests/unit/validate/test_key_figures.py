"""Key figures from amounts: sums in a common scale, exact, with hand-computed numbers."""

from pathlib import Path

import pytest

from services.catalogue import definitions
from services.catalogue.vocabulary import Catalogue
from services.validate import rules
from services.validate.key_figures import LARGEST, Absence, Amount, Pair, compute
from services.validate.verdicts import Delivery

SOUND = (definitions.FOLDER / "uk-tsm" / "2024.toml").read_text()


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """RP01 with two data points of different scales above the line: whole homes and homes in tenths."""
    changed = SOUND.replace('numerator = ["RP01.numerator"]', 'numerator = ["RP01.numerator", "tenths"]')
    changed = changed.replace('"RP01.numerator" = 163,', '"RP01.numerator" = 163, "tenths" = 0.5,').replace(
        "gives = 8.4", "gives = 8.5"
    )
    changed += '\n[data_point.tenths]\ntext = { da = "x", en = "x" }\nunit = { da = "x", en = "x" }\nscale = 1\n'
    path: Path = tmp_path_factory.mktemp("catalogue") / "2024.toml"
    path.write_text(changed)
    return definitions.load(path)


N, T, D = "RP01.numerator", "tenths", "RP01.denominator"


@pytest.mark.parametrize(
    ("amounts", "result"),
    [
        ({N: 3, T: 5, D: 10}, Pair(35, 100)),  # 3 + 0.5 of 10, in tenths
        ({N: 0, T: 0, D: 10}, Pair(0, 100)),
        ({N: 3, T: 5, D: 0}, Absence.UNDEFINED),
        ({N: 3, D: 10}, Absence.ABSENT),
        ({N: 3, T: Absence.NOT_REQUIRED, D: 10}, Absence.NOT_REQUIRED),
        ({N: Absence.BLANK, T: Absence.EXCLUDED, D: 0}, Absence.EXCLUDED),
        ({N: Absence.NOT_REQUIRED, T: Absence.EXCLUDED, D: 1}, Absence.EXCLUDED),
        ({N: Absence.BLANK, T: Absence.NOT_REQUIRED, D: 1}, Absence.NOT_REQUIRED),
        ({N: Absence.BLANK}, Absence.BLANK),
        ({}, Absence.ABSENT),
    ],
)
def test_parts_are_summed_in_the_finest_scale(catalogue: Catalogue, amounts: dict[str, Amount], result: object) -> None:
    assert compute(amounts, "RP01", catalogue) == result


def test_a_sum_that_outgrows_the_common_scale_is_refused_though_each_part_is_small_enough(catalogue: Catalogue) -> None:
    found = rules.assess(Delivery({N: 1, T: 0, D: LARGEST - 1}, {}), catalogue)
    assert next(f.result for f in found.figures if f.key_figure == "RP01") is Absence.REFUSED
    assert [f.code for f in found.findings if f.key_figure == "RP01"] == ["NT-2005"]
