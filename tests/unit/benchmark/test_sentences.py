"""An explanation as a sentence: what is said, in which order, with which signs."""

import pytest

from services.benchmark import sentences
from services.benchmark.explanation import Explanation, Part, Step
from services.benchmark.sentences import Language
from services.benchmark.standing import Standing
from services.catalogue import definitions

FIGURE = definitions.of("uk-tsm", "2024").key_figure["RP01"]


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
        (Explanation("all", "region=London", None, _at(3, 6), ()), "en", "rank 3 of 6, new in region=London."),
        (Explanation("all", "all", _at(3, 6), None, ()), "da", "ikke længere i hele sektoren."),
        (Explanation("all", "all", _at(3, 6), None, ()), "en", "no longer in the whole sector."),
    ],
)
def test_what_is_said(explanation: Explanation, language: Language, said: str) -> None:
    sentence = sentences.sentence(explanation, FIGURE, language)
    name, _, rest = sentence.partition(": ")
    assert name == FIGURE.name.of(language)
    assert rest == said


@pytest.mark.parametrize("changes", [MOVED, EVERYTHING, NOTHING])
def test_the_causes_said_add_up_to_the_change_said(changes: tuple[Part, ...]) -> None:
    total = sum(part.position for part in changes)
    sentence = sentences.sentence(Explanation("all", "all", _at(20, 60), _at(20 + total, 60), changes), FIGURE, "en")
    causes = sentence.rstrip(".").split(": ")[2].split(", ")
    signed = [cause.split()[-1].replace("−", "-") for cause in causes if cause != "no change"]
    assert sum(map(int, signed)) == total
