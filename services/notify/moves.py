"""Standings that moved, as a message: what changed, by which causes, and what the gap to the median costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.notify.sentences import LANGUAGES, Given, Kroner, Phrase, Sentence, Spoken
from services.notify.thresholds import Threshold
from services.notify.wording import About, Item, Said

Better = Literal["higher", "lower", "none"]


@dataclass(frozen=True)
class Moved:
    """One standing that moved.

    text      the explanation as the event carries it, by language
    facts     before, after and the parts between, as data: places and counts, no amounts
    quartile  after the change, 1-4, 4 = the best, or highest where nothing is better; 0 = too few to say, or not there
    kroner    what the gap to the median comes to a year; above 0 where the unit's ratio is above it; None where not priced
    money     the unit of account, by language
    """

    about: About
    period: str
    text: Mapping[str, str]
    facts: Mapping[str, Any]
    quartile: int
    better: Better
    kroner: int | None = None
    money: Mapping[str, str] | None = None


def standing_changed(unit_id: str, period: str, moved: Sequence[Moved], *, own_submission: bool) -> Said:
    """Which standings of a unit moved and why."""
    why = "why.own" if own_submission else "why.others"
    named = {"unit": unit_id, "period": period}
    return Said(
        Phrase("moved.subject", named), Phrase(why), (), [_item(one, _told(one)) for one in _changed_first(moved)]
    )


def landing(moved: Sequence[Moved]) -> list[Item]:
    """Where a unit stands after its own submission, with the cause and the quarter in words."""
    return [_item(one, _with_quarter(one)) for one in _changed_first(moved)]


@dataclass(frozen=True)
class Crossed:
    """A quarter or a threshold that was passed and is sure.

    before, after   sides: a quarter 1-4 where no limit was set, else 0 outside or below, 1 inside or at or above
    limit           what the subscription asked for; None: every quarter
    shown           the unit a value is shown in, by language
    """

    moved: Moved
    before: int
    after: int
    limit: Threshold | None = None
    shown: Mapping[str, str] | None = None


def quartile_changed(crossed: Sequence[Crossed]) -> Said:
    """Quarters, or one threshold, that were passed by units' figures, gathered."""
    first = crossed[0]
    own = first.limit is not None and first.limit.measure != "quartile"
    why = Phrase("why.limit", {"limit": _limit(first)}) if own else Phrase("why.quarter")
    named: dict[str, Given] = {"unit": first.moved.about.unit_id, "period": first.moved.period, "count": len(crossed)}
    subject = Phrase("quartile.subject", named)
    return Said(subject, why, (), [_item(one.moved, _crossing(one), _sides(one)) for one in crossed])


def quarter(quartile: int, better: Better) -> Phrase:
    """A quarter in words; never good or bad where nothing is better."""
    return Phrase(f"quarter.{'plain' if better == 'none' else 'judged'}.{quartile}")


def _changed_first(moved: Sequence[Moved]) -> list[Moved]:
    """Of many, those that stand where they stood come last."""
    return sorted(moved, key=lambda one: stands(one.facts))


def stands(facts: Mapping[str, Any]) -> bool:
    """Whether a standing is told of that is where it was."""
    return "before" in facts and not facts.get("parts")


def _told(one: Moved) -> Sentence:
    return Spoken({language: one.text.get(language) or one.about.key_figure for language in LANGUAGES})


def _with_quarter(one: Moved) -> Sentence:
    told = _told(one)
    return Phrase("landing", {"told": told, "quarter": quarter(one.quartile, one.better)}) if one.quartile else told


def _crossing(one: Crossed) -> Phrase:
    about: dict[str, Given] = {
        "unit": one.moved.about.unit_id,
        "period": one.moved.period,
        "told": _told(one.moved),
    }
    if one.limit is None:
        sides = {"before": quarter(one.before, one.moved.better), "after": quarter(one.after, one.moved.better)}
        return Phrase("crossed.quarter", about | sides)
    way = ("left", "entered") if one.limit.measure == "quartile" else ("down", "up")
    return Phrase(f"crossed.{way[one.after]}", {**about, "limit": _limit(one)})


def _limit(one: Crossed) -> Phrase:
    """A threshold as it is said."""
    assert one.limit is not None
    if one.limit.measure == "quartile":
        return quarter(int(one.limit.limit), one.moved.better)
    shown = {"shown": Spoken(one.shown)} if one.shown else {}
    return Phrase(f"limit.{one.limit.measure}", {"limit": one.limit.limit, **shown})


def _sides(one: Crossed) -> Mapping[str, Any]:
    name = "quartile" if one.limit is None else "inside"
    return {f"{name}_before": one.before, f"{name}_after": one.after}


def _item(one: Moved, says: Sentence, more: Mapping[str, Any] | None = None) -> Item:
    facts = {
        "key_figure": one.about.key_figure,
        "unit_id": one.about.unit_id,
        "peer_group": one.about.peer_group,
        "period": one.period,
        **one.facts,
        **(more or {}),
    }
    priced = None
    if one.kroner is not None and one.money is not None:
        way = "level" if one.kroner == 0 else "above" if one.kroner > 0 else "below"
        priced = Phrase(f"priced.{way}", {"amount": Kroner(abs(one.kroner), one.money)})
    return Item(one.about, says, facts, priced, one.kroner)
