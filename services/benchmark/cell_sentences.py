"""Changes of whole cells, and gaps in money, as sentences in Danish and English. What is written adds up."""

from collections.abc import Mapping

from services.benchmark.cell_explanation import CellPart, Change, Statistic
from services.benchmark.explanation import Step
from services.benchmark.priced import PricedGap
from services.benchmark.released import Shown
from services.benchmark.standing import E4
from services.catalogue.definitions import KeyFigure
from services.catalogue.numerals import rounded, signed, written
from services.catalogue.sentences import UNCHANGED, Language, change_unit

NAMED = 3  # organisations of one step that a sentence names; the data names them all
WHAT: Mapping[Language, Mapping[Statistic, str]] = {
    "da": {
        Statistic.MEDIAN: "medianen",
        Statistic.POOLED: "det samlede tal",
        Statistic.Q1: "nedre kvartil",
        Statistic.Q3: "øvre kvartil",
    },
    "en": {
        Statistic.MEDIAN: "the median",
        Statistic.POOLED: "the pooled ratio",
        Statistic.Q1: "the lower quartile",
        Statistic.Q3: "the upper quartile",
    },
}
ROSE = {
    "da": "{name}: {what} steg {change} {unit} ({before} → {after})",
    "en": "{name}: {what} rose {change} {unit} ({before} → {after})",
}
FELL = {
    "da": "{name}: {what} faldt {change} {unit} ({before} → {after})",
    "en": "{name}: {what} fell {change} {unit} ({before} → {after})",
}
STAYED = {"da": "{name}: {what} er stadig {after} {shown}", "en": "{name}: {what} is still {after} {shown}"}
STEPS: Mapping[Language, Mapping[Step, str]] = {
    "da": {
        Step.METHOD: "ændret metode {change}",
        Step.PEER_CORRECTIONS: "rettelser {change}",
        Step.JOINED: "{units} nye {change}",
        Step.LEFT: "{units} udgåede {change}",
        Step.MOVED_GROUP: "skift af gruppe {change}",
    },
    "en": {
        Step.METHOD: "method changed {change}",
        Step.PEER_CORRECTIONS: "corrections {change}",
        Step.JOINED: "{units} joined {change}",
        Step.LEFT: "{units} left {change}",
        Step.MOVED_GROUP: "moved group {change}",
    },
}
BETWEEN_RELEASES = {
    "da": "{place} fra frigivelse {before} til {after}, {units_before} → {units_after} enheder. "
    "Årsagerne vises ikke, for tallet er ikke offentligt.",
    "en": "{place} from release {before} to {after}, {units_before} → {units_after} units. "
    "The causes are not shown: the figure is not public.",
}
SAME_RELEASE = {"da": "{place}: stadig frigivelse {number}.", "en": "{place}: still release {number}."}
PRICED = {
    "da": (
        "I ligger på medianen.",
        "På niveau med medianen: {year} {money} om året{month}.",
        "Under medianen: {year} {money} om året{month}.",
    ),
    "en": (
        "You are at the median.",
        "At the median's level: {year} {money} a year{month}.",
        "Below the median: {year} {money} a year{month}.",
    ),
}
MONTHLY = {"da": ", {amount} {money} pr. bolig pr. måned", "en": ", {amount} {money} per dwelling and month"}


def sentence(change: Change, figure: KeyFigure, language: Language) -> str:
    """How a statistic changed and why. Causes that concern nobody are left out; few organisations are named."""
    causes = [_cause(part, figure.show.decimals, language) for part in change.parts if part.units or part.shown]
    return f"{_place(change, figure, language)}: {', '.join(causes) or UNCHANGED[language]}."


def released(change: Change, figure: KeyFigure, language: Language, before: Shown, after: Shown) -> str:
    """How a released number changed from one release to another. Why is not told."""
    place = _place(change, figure, language)
    if before.number == after.number:
        return SAME_RELEASE[language].format(place=place, number=after.number)
    units = [written(shown.numbers.units, 0, language) for shown in (before, after)]
    numbers = {"before": before.number, "after": after.number, "units_before": units[0], "units_after": units[1]}
    return BETWEEN_RELEASES[language].format(place=place, **numbers)


def _place(change: Change, figure: KeyFigure, language: Language) -> str:
    decimals, moved = figure.show.decimals, change.after_shown - change.before_shown
    return (ROSE if moved > 0 else FELL if moved else STAYED)[language].format(
        name=figure.name.of(language),
        what=WHAT[language][change.statistic],
        change=written(abs(moved), decimals, language),
        unit=change_unit(figure, language),
        shown=figure.show.unit.of(language),
        before=written(change.before_shown, decimals, language),
        after=written(change.after_shown, decimals, language),
    )


def priced(gap: PricedGap, money: str, language: Language) -> str:
    """A gap in money. `money`: the unit of account, such as kr."""
    at, above, below = PRICED[language]
    month = ""
    if gap.per_dwelling_month_e4 is not None:
        decimals = 0 if abs(gap.per_dwelling_month_e4) >= 10 * E4 else 2
        amount = written(rounded(abs(gap.per_dwelling_month_e4) * 10**decimals, E4), decimals, language)
        month = MONTHLY[language].format(amount=amount, money=money)
    if gap.per_year_e4 == 0:
        return at
    year = written(rounded(abs(gap.per_year_e4), E4), 0, language)
    return (above if gap.per_year_e4 > 0 else below).format(year=year, money=money, month=month)


def _cause(part: CellPart, decimals: int, language: Language) -> str:
    said = STEPS[language][part.step].format(
        change=signed(part.shown, decimals, language), units=written(part.units, 0, language)
    )
    named = part.organisations if part.step is not Step.METHOD and len(part.organisations) <= NAMED else ()
    return f"{said} ({', '.join(named)})" if named else said
