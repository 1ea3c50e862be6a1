"""An explanation as a sentence: what is said, in which order, with which signs."""

import pytest

from services.benchmark.explanation import Explanation, Part, Step
from services.benchmark.standing import Standing
from services.catalogue import definitions, sentences
from services.catalogue.sentences import Language, Measure

TSM = definitions.of("uk-tsm", "2024")
FIGURE = TSM.key_figure["RP01"]


def _at(position: int, units: int) -> Standing:
    return Standing(position, units, 0, 0, 0, None, (1, 2))


def _parts(*changes: tuple[int, int]) -> tuple[Part, ...]:
    """Per step (change of position, units concerned)."""
    return tuple(Part(step, position, 0, 0, 0, units) for step, (position, units) in zip(Step, changes, strict=True))


MOVED = _parts((0, 0), (0, 0), (3, 2), (2, 5), (0, 0), (0, 0))
EVERYTHING = _parts((1, 1), (-4, 1), (0, 3), (1, 1), (-1, 2), (2, 1))
NOTHING = _parts(*[(0, 0)] * 6)


@pytest.mark.parametrize(
    ("explanation", "language", "said"),
    [
        (
            Explanation("all", "all", _at(12, 58), _at(17, 63), MOVED),
            "da",
            "nr. 12 → 17 af 63: andres rettelser +3, 5 nye +2.",
        ),
        (
            Explanation("all", "all", _at(12, 58), _at(17, 63), MOVED),
            "en",
            "rank 12 → 17 of 63: peers' corrections +3, 5 joined +2.",
        ),
        (
            Explanation("all", "all", _at(9, 12), _at(8, 11), EVERYTHING),
            "da",
            "nr. 9 → 8 af 11: ændret metode +1, egne tal −4, andres rettelser 0, 1 nye +1, 2 udgåede −1, skift af gruppe +2.",
        ),
        (Explanation("all", "all", _at(3, 6), _at(3, 6), NOTHING), "da", "nr. 3 → 3 af 6: ingen ændring."),
        (Explanation("all", "all", _at(3, 6), _at(3, 6), NOTHING), "en", "rank 3 → 3 of 6: no change."),
        (Explanation("all", "all", None, _at(3, 6), ()), "da", "nr. 3 af 6, ny i hele sektoren."),
        (Explanation("all", "region=London", None, _at(3, 6), ()), "en", "rank 3 of 6, new in the group “London”."),
        (
            Explanation("all", "org_type=LARP;size_band=<5,000", None, _at(3, 6), ()),
            "da",
            "nr. 3 af 6, ny i gruppen »Kommune, under 5.000 boliger«.",
        ),
        (Explanation("all", "all", _at(3, 6), None, ()), "da", "ikke længere i hele sektoren."),
        (Explanation("all", "all", _at(3, 6), None, ()), "en", "no longer in the whole sector."),
    ],
)
def test_what_is_said(explanation: Explanation, language: Language, said: str) -> None:
    sentence = sentences.sentence(explanation, FIGURE, TSM, language)
    name, _, rest = sentence.partition(": ")
    assert name == FIGURE.name.of(language)
    assert rest == said


@pytest.mark.parametrize("changes", [MOVED, EVERYTHING, NOTHING])
def test_the_causes_said_add_up_to_the_change_said(changes: tuple[Part, ...]) -> None:
    total = sum(part.position for part in changes)
    sentence = sentences.sentence(
        Explanation("all", "all", _at(20, 60), _at(20 + total, 60), changes), FIGURE, TSM, "en"
    )
    causes = sentence.rstrip(".").split(": ")[2].split(", ")
    signed = [cause.split()[-1].replace("−", "-") for cause in causes if cause != "no change"]
    assert sum(map(int, signed)) == total


def _full(position: int, percentile_e4: int, quartile: int, gap_e9: int | None) -> Standing:
    return Standing(position, 40, 0, percentile_e4, quartile, gap_e9, (1, 2))


# Percentiles 33.34 → 33.36 → 33.46: one decimal 33.3, 33.4, 33.5. Gaps 0.0124 → 0.0125 → -0.0009 of a share: in per cent.
WALKED = (
    Part(Step.METHOD, 0, 0, 0, 0, 0),
    Part(Step.OWN_FIGURE, 0, 200, 0, 100_000, 1),
    Part(Step.PEER_CORRECTIONS, -1, 1000, 1, -13_400_000, 2),
    Part(Step.JOINED, 0, 0, 0, 0, 0),
    Part(Step.LEFT, 0, 0, 0, 0, 0),
    Part(Step.MOVED_GROUP, 0, 0, 0, 0, 0),
)
TURNED = Explanation("all", "all", _full(9, 333_400, 2, 12_400_000), _full(8, 334_600, 3, -900_000), WALKED)


@pytest.mark.parametrize(
    ("measure", "da", "en"),
    [
        (
            Measure.PERCENTILE,
            "percentil 33,3 → 33,5: egne tal +0,1, andres rettelser +0,1.",
            "percentile 33.3 → 33.5: own figure +0.1, peers' corrections +0.1.",
        ),
        (
            Measure.QUARTILE,
            "kvartil 2 → 3: egne tal 0, andres rettelser +1.",
            "quartile 2 → 3: own figure 0, peers' corrections +1.",
        ),
        (
            Measure.GAP,
            "afstand til medianen +1,2 → −0,1 procentpoint: egne tal 0, andres rettelser −1,3.",
            "gap to the median +1.2 → −0.1 percentage points: own figure 0, peers' corrections −1.3.",
        ),
    ],
)
def test_other_measures_are_said_with_their_unit_and_add_up(measure: Measure, da: str, en: str) -> None:
    for language, said in (("da", da), ("en", en)):
        told = sentences.sentence(TURNED, FIGURE, TSM, language, measure)  # type: ignore[arg-type]
        assert told.partition(": ")[2] == said


def test_a_measure_that_is_not_shown_is_not_said() -> None:
    hidden = Explanation("all", "all", _full(9, 0, 0, None), _full(8, 0, 3, 5), WALKED)
    assert sentences.sentence(hidden, FIGURE, TSM, "da", Measure.QUARTILE).endswith(": for få enheder til en kvartil.")
    assert sentences.sentence(hidden, FIGURE, TSM, "en", Measure.GAP).endswith(": too few units for a median.")
