"""Numbers in, sentence out, in both languages."""

import pytest

from services.benchmark.explanation import Explanation, Part, Step
from services.benchmark.sentences import sentence
from services.benchmark.standing import Standing
from services.catalogue import definitions

FIGURE = definitions.of("uk-tsm", "2024").key_figure["RP01"]
NAME = {"da": "Boliger under Decent Homes-standarden", "en": "Homes below the Decent Homes Standard"}


def _standing(position: int, units: int) -> Standing:
    return Standing(position, units, 1, 0, 2, 0, (1, 2))


def _explained(
    before: int | None, after: int | None, units: int = 63, group: str = "all", **steps: tuple[int, int]
) -> Explanation:
    parts = tuple(
        Part(step, *(steps.get(step.name.lower(), (0, 0))[:1]), 0, 0, 0, steps.get(step.name.lower(), (0, 0))[1])
        for step in Step
    )
    first, last = (None if p is None else _standing(p, units) for p in (before, after))
    return Explanation(group, group, first, last, parts if first and last else ())


@pytest.mark.parametrize(
    ("explained", "da", "en"),
    [
        (
            _explained(12, 17, peer_corrections=(3, 4), joined=(2, 5)),
            "nr. 12 → 17 af 63: andres rettelser +3, 5 nye +2.",
            "rank 12 → 17 of 63: peers' corrections +3, 5 joined +2.",
        ),
        (_explained(12, 9, own_figure=(-3, 1)), "nr. 12 → 9 af 63: egne tal −3.", "rank 12 → 9 of 63: own figure −3."),
        (_explained(4, 4), "nr. 4 → 4 af 63: ingen ændring.", "rank 4 → 4 of 63: no change."),
        (
            _explained(8, 6, left=(-1, 2), moved_group=(-1, 1)),
            "nr. 8 → 6 af 63: 2 udgåede −1, skift af gruppe −1.",
            "rank 8 → 6 of 63: 2 left −1, moved group −1.",
        ),
        (_explained(None, 3), "nr. 3 af 63, ny i hele sektoren.", "rank 3 of 63, new in the whole sector."),
        (_explained(3, None, group="org_type=PRP"), "ikke længere i org_type=PRP.", "no longer in org_type=PRP."),
    ],
)
def test_a_change_in_words(explained: Explanation, da: str, en: str) -> None:
    for language, words in (("da", da), ("en", en)):
        said = sentence(explained, FIGURE, language)  # type: ignore[arg-type]
        assert said.startswith(NAME[language])
        assert said.removeprefix(NAME[language]).lstrip(": ") == words
