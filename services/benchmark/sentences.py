"""An explanation as a sentence, in Danish and English. Ranks only: no amounts leave with it."""

from collections.abc import Mapping
from typing import Literal

from services.benchmark.explanation import Explanation, Part, Step
from services.catalogue.definitions import KeyFigure

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")

PLACES: Mapping[Language, str] = {
    "da": "{name}: nr. {before} → {after} af {units}",
    "en": "{name}: rank {before} → {after} of {units}",
}
JOINED = {"da": "{name}: nr. {after} af {units}, ny i {group}", "en": "{name}: rank {after} of {units}, new in {group}"}
GONE = {"da": "{name}: ikke længere i {group}", "en": "{name}: no longer in {group}"}
UNCHANGED = {"da": "ingen ændring", "en": "no change"}
STEPS: Mapping[Language, Mapping[Step, str]] = {
    "da": {
        Step.METHOD: "ændret metode {change}",
        Step.OWN_FIGURE: "egne tal {change}",
        Step.PEER_CORRECTIONS: "andres rettelser {change}",
        Step.JOINED: "{units} nye {change}",
        Step.LEFT: "{units} udgåede {change}",
        Step.MOVED_GROUP: "skift af gruppe {change}",
    },
    "en": {
        Step.METHOD: "method changed {change}",
        Step.OWN_FIGURE: "own figure {change}",
        Step.PEER_CORRECTIONS: "peers' corrections {change}",
        Step.JOINED: "{units} joined {change}",
        Step.LEFT: "{units} left {change}",
        Step.MOVED_GROUP: "moved group {change}",
    },
}
EVERYBODY: Mapping[Language, str] = {"da": "hele sektoren", "en": "the whole sector"}


def sentence(explanation: Explanation, figure: KeyFigure, language: Language) -> str:
    """The change of a unit's place and its causes, which add up to it. Causes that concern nobody are left out."""
    group = EVERYBODY[language] if explanation.group_after == "all" else explanation.group_after
    before, after = explanation.before, explanation.after
    name = figure.name.of(language)
    if after is None:
        return GONE[language].format(name=name, group=group) + "."
    if before is None:
        return JOINED[language].format(name=name, after=after.position, units=after.units, group=group) + "."
    place = PLACES[language].format(name=name, before=before.position, after=after.position, units=after.units)
    causes = [_cause(part, language) for part in explanation.parts if part.units or part.position]
    return f"{place}: {', '.join(causes) or UNCHANGED[language]}."


def _cause(part: Part, language: Language) -> str:
    return STEPS[language][part.step].format(change=signed(part.position), units=part.units)


def signed(change: int) -> str:
    """A change of rank with its sign, with a real minus.

    >>> signed(3), signed(-2), signed(0)
    ('+3', '−2', '0')
    """
    return f"+{change}" if change > 0 else f"−{-change}" if change < 0 else "0"
