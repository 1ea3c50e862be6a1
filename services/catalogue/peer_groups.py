"""Which peer groups a unit belongs to: its profile in the catalogue's own spelling, then the steps of the ladder."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from services.catalogue.definitions import Attribute, Catalogue, fold

EVERYBODY = "all"
WHOLE = {"da": "hele sektoren", "en": "the whole sector"}
SOME = {"da": "gruppen »{values}«", "en": "the group “{values}”"}


@dataclass(frozen=True)
class Placement:
    """A unit's groups in ladder order, wide to narrow, and what of its profile could not be read.

    values    attribute -> canonical value, only those that are known
    unknown   (attribute, value as sent) that the catalogue does not know: the unit is in no group of that attribute
    """

    groups: tuple[str, ...]
    values: Mapping[str, str]
    unknown: tuple[tuple[str, str], ...]


def place(attributes: Mapping[str, str], catalogue: Catalogue) -> Placement:
    """Place a unit by its profile as sent. An attribute that is not there, or empty, gives no group of it.

    A unit that carries a token such as "Merged during year" has no profile and belongs to everybody's group alone.
    """
    return _place(tuple(sorted((a, v) for a, v in attributes.items() if a in catalogue.attribute)), catalogue)


def name(step: tuple[str, ...], values: Mapping[str, str]) -> str:
    """The name of a peer group: `all`, or attribute=value pairs in the order of the ladder's step.

    >>> name(("org_type", "region"), {"region": "London", "org_type": "PRP"})
    'org_type=PRP;region=London'
    """
    return ";".join(f"{attribute}={values[attribute]}" for attribute in step) or EVERYBODY


def words(group: str, catalogue: Catalogue, language: str) -> str:
    """A peer group as a sentence names it: by what its values are called, a value of digits alone behind its attribute.

    What the catalogue at hand does not know stands as it is.
    """
    if group == EVERYBODY:
        return WHOLE[language]
    pairs = (pair.partition("=") for pair in group.split(";"))
    return SOME[language].format(values=", ".join(_called(a, v, catalogue, language) for a, _, v in pairs))


def order(group: str, catalogue: Catalogue) -> tuple[int, str]:
    """Sorts peer groups in ladder order, within a step by name."""
    attributes = () if group == EVERYBODY else tuple(pair.partition("=")[0] for pair in group.split(";"))
    step = catalogue.ladder.index(attributes) if attributes in catalogue.ladder else len(catalogue.ladder)
    return step, group


def _called(attribute: str, value: str, catalogue: Catalogue, language: str) -> str:
    known = catalogue.attribute.get(attribute)
    if known is None or value not in known.value:
        return f"{attribute}={value}"
    called = known.value[value].name.of(language)
    return called if any(c.isalpha() for c in called) else f"{known.name.of(language)} {called}"


@functools.lru_cache(maxsize=4096)
def _place(attributes: tuple[tuple[str, str], ...], catalogue: Catalogue) -> Placement:
    sent = {a: v for a, v in attributes if v.strip()}
    spellings = _spellings(catalogue)
    if any(fold(v) in spellings[a].nothing for a, v in sent.items()):
        return Placement((EVERYBODY,), {}, ())
    values, unknown = {}, []
    for attribute, value in sent.items():
        known = spellings[attribute].canonical.get(fold(value))
        if known is None:
            unknown.append((attribute, value))
        else:
            values[attribute] = known
    rule = catalogue.nationally
    skip = rule.skip if rule and values.get(rule.attribute) in rule.values else None
    steps = [step for step in catalogue.ladder if skip not in step and all(a in values for a in step)]
    groups = tuple(name(step, values) for step in steps)
    return Placement(groups, values, tuple(unknown))


@dataclass(frozen=True)
class _Spellings:
    """Of one attribute, folded: each known spelling -> its value, and the tokens that stand for no profile."""

    canonical: Mapping[str, str]
    nothing: frozenset[str]


@functools.lru_cache(maxsize=64)
def _spellings(catalogue: Catalogue) -> Mapping[str, _Spellings]:
    return {
        name: _Spellings(_canonical(a), frozenset(map(fold, a.no_profile))) for name, a in catalogue.attribute.items()
    }


def _canonical(attribute: Attribute) -> dict[str, str]:
    """The first value in the catalogue's order has a spelling that several claim."""
    found: dict[str, str] = {}
    for canonical, entry in attribute.value.items():
        for spelling in (canonical, *entry.synonyms):
            found.setdefault(fold(spelling), canonical)
    return found
