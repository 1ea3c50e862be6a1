"""What is wrong with a catalogue file, in words for whoever edits it: each fault with its place, and every one at once.

Pure: works on the file's content, so that one entry's wrong shape does not hide what is wrong with another.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from string import Formatter
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.catalogue import codes
from services.catalogue.vocabulary import Attribute, Catalogue, DataPoint, KeyFigure, fold

Content = Mapping[str, Any]  # as the TOML says it
Entry = TypeVar("Entry", bound=BaseModel)

FILLED_IN = {"value", "position"}  # what the wording of a finding is given
SEPARATORS = (";", "=")  # between the parts of a peer group's name
ADVICE = {
    "extra_forbidden": "is no word of the catalogue; remove it or correct its spelling",
    "missing": "is missing; add it",
    "string_too_short": "is empty; write it",
    "too_short": "is empty; name at least one",
}


def shape_faults(error: ValidationError) -> list[str]:
    """Unknown and missing keys, wrong kinds of values, languages and sources that are not there."""
    return [f"{'.'.join(map(str, e['loc']))}: {_advice(e['type'], e['msg'], e.get('ctx', {}))}" for e in error.errors()]


def _advice(kind: str, message: str, context: Mapping[str, Any]) -> str:
    if kind == "literal_error":
        return f"cannot be that; write {context['expected']}"
    return ADVICE.get(kind, message)


def inconsistencies(content: Content) -> list[str]:
    """What no single entry shows: references into nothing, doubtful spellings, examples that do not compute.

    Entries whose shape is wrong are passed over here; shape_faults has them.
    """
    data_points, key_figures = _sound(content, "data_point", DataPoint), _sound(content, "key_figure", KeyFigure)
    faults = [*_envelope(content), *_ladder(content), *_calendar(content)]
    for name, attribute in _sound(content, "attribute", Attribute).items():
        faults += [f"attribute.{name}: {fault}" for fault in _spellings(attribute)]
    used = {other for point in data_points.values() for other in _related(point)}
    used |= {name for name, point in data_points.items() if _related(point)}  # asked for, to check another by
    for name, point in data_points.items():
        faults += [f"data_point.{name}: {fault}" for fault in _relations(name, point, _names(content))]
    faults += [*_nationally(content), *_attributes_of_factors(content)]
    dwellings = content.get("dwellings")
    if isinstance(dwellings, str) and dwellings and dwellings not in _names(content):
        faults.append(f"dwellings: {dwellings} is no data point")
    for name in _names(content, "key_figure"):
        parts = _parts(content["key_figure"][name])
        used |= set(parts)
        faults += [f"key_figure.{name}: {p} is no data point" for p in parts if p not in _names(content)]
    for name, figure in key_figures.items():
        faults += [f"key_figure.{name}.normalise: {fault}" for fault in _unpinned(figure, content)]
        faults += [f"key_figure.{name}.finding: {fault}" for fault in _placeholders(figure)]
        faults += [f"key_figure.{name}.{fault}" for fault in _bounds(figure)]
        if all(p in data_points for p in figure.parts):
            faults += [f"key_figure.{name}.example: {fault}" for fault in _example(figure, data_points)]
    return faults + [f"data_point.{n}: no key figure uses it; remove it" for n in _names(content) if n not in used]


def _calendar(content: Content) -> Iterator[str]:
    """Releases are few, and go from provisional to final, each once; kinds of another name are a fault of shape."""
    kinds, order = content.get("releases"), ("provisional", "revised", "final")
    if isinstance(kinds, list) and len(kinds) > len(order):
        said = codes.words("NT-3032", {"asked": str(len(kinds)), "most": str(len(order))})
        yield f"releases: NT-3032 {said['en']}"
        return
    places = [order.index(kind) for kind in kinds if kind in order] if isinstance(kinds, list) else []
    if places != sorted(set(places)):
        yield f"releases: out of order or twice; write each at most once, as in {', '.join(order)}"


def _sound(content: Content, section: str, model: type[Entry]) -> dict[str, Entry]:
    """The entries of a section that have the right shape."""
    entries, sound = content.get(section), {}
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        try:
            sound[name] = model.model_validate(entry)
        except ValidationError:
            continue
    return sound


def _names(content: Content, section: str = "data_point") -> list[str]:
    """Every entry of a section, whatever its shape."""
    entries = content.get(section)
    return list(entries) if isinstance(entries, dict) else []


def _parts(figure: Any) -> list[str]:
    """The data points a key figure names, whatever its shape."""
    sides = [figure.get(side) for side in ("numerator", "less", "denominator")] if isinstance(figure, dict) else []
    return [p for side in sides if isinstance(side, list) for p in side if isinstance(p, str)]


def _envelope(content: Content) -> Iterator[str]:
    yield from (f"{name}: {ADVICE['extra_forbidden']}" for name in ("digest", "factors") if name in content)
    for token in _names(content, "missing"):
        if token != token.strip():
            yield f"missing: {token!r} begins or ends with a space and is never met; remove the space"
        if token.lstrip("-").replace(".", "", 1).isdecimal():
            yield f"missing: {token!r} is a number; a number is never missing"


def _ladder(content: Content) -> Iterator[str]:
    ladder = content.get("ladder")
    steps = [s for s in ladder if isinstance(s, list)] if isinstance(ladder, list) else [[]]
    for step in steps:
        yield from (f"ladder: {a} is no attribute" for a in step if a not in _names(content, "attribute"))
        if steps.count(step) > 1:
            yield f"ladder: step {step} stands more than once; remove one"
    if [] not in steps:
        yield "ladder: no step [] for everybody"


def _spellings(attribute: Attribute) -> Iterator[str]:
    spelled = [*attribute.no_profile, *(s for v, value in attribute.value.items() for s in (v, *value.synonyms))]
    folded = [fold(s) for s in spelled]
    for spelling, same in zip(spelled, folded, strict=True):
        if folded.count(same) > 1:
            yield f"{spelling!r} is spelled twice, if case, spaces and separators do not count; remove one"
    for value in attribute.value:
        if any(separator in value for separator in SEPARATORS):
            yield f"{value!r} holds ; or =, which separate the parts of a group's name; spell it otherwise"


def _related(point: DataPoint) -> tuple[str, ...]:
    beside = point.beside.data_point if point.beside else ""
    return (*point.sum_of, *filter(None, (point.at_most, point.days_of, beside)))


def _relations(name: str, point: DataPoint, names: list[str]) -> Iterator[str]:
    yield from (f"{other} is no data point" for other in _related(point) if other not in names)
    if name in _related(point):
        yield "is named by itself; remove it from there"
    if point.beside and point.beside.range[0] >= point.beside.range[1]:
        yield f"beside: [{point.beside.range[0]}, {point.beside.range[1]}] does not run upwards"


def _nationally(content: Content) -> Iterator[str]:
    rule = content.get("nationally")
    attributes = content.get("attribute")
    if not isinstance(rule, dict) or not isinstance(attributes, dict):
        return
    yield from (
        f"nationally: {rule[key]} is no attribute"
        for key in ("attribute", "skip")
        if isinstance(rule.get(key), str) and rule[key] not in attributes
    )
    attribute = attributes.get(rule.get("attribute", ""))
    known = attribute.get("value", {}) if isinstance(attribute, dict) else {}
    yield from (f"nationally: {v} is no value of {rule['attribute']}" for v in rule.get("values", ()) if v not in known)


def _pins(content: Content) -> dict[str, dict[str, Any]]:
    pins = content.get("normalisation")
    return {kind: pin for kind, pin in pins.items() if isinstance(pin, dict)} if isinstance(pins, dict) else {}


def _unpinned(figure: KeyFigure, content: Content) -> Iterator[str]:
    """Nothing is normalised by a table that nobody named."""
    needed = {"price": ("price",), "degree_days": ("degree_days", "weather_independent"), "annualise": ()}
    yield from (
        f"{kind} needs a table; name it under normalisation.{table}"
        for kind in figure.normalise
        for table in needed[kind]
        if table not in _pins(content)
    )


def _attributes_of_factors(content: Content) -> Iterator[str]:
    for kind, pin in _pins(content).items():
        attribute = pin.get("attribute")
        if isinstance(attribute, str) and attribute and attribute not in _names(content, "attribute"):
            yield f"normalisation.{kind}: {attribute} is no attribute"


def uses_without_a_share(catalogue: Catalogue) -> list[str]:
    """Building uses a profile can say, and the default, that the table of weather-independent shares lacks."""
    pin, table = catalogue.normalisation.weather_independent, catalogue.factors.weather_independent
    if pin is None or table is None:
        return []
    attribute = catalogue.attribute.get(pin.attribute)
    uses = [pin.default, *(attribute.value if attribute else ())]
    return [
        f"normalisation.weather_independent: {table.table} has no share for {u}" for u in uses if u not in table.shares
    ]


def _bounds(figure: KeyFigure) -> Iterator[str]:
    """Ranges that run upwards, the soft inside the hard, and the worked example inside both."""
    for kind, bounds in (("hard", figure.hard), ("soft", figure.soft)):
        if bounds is None:
            continue
        low, high = bounds.range
        if low >= high:
            yield f"{kind}: [{low}, {high}] does not run upwards"
        elif not low <= figure.example.gives <= high:
            yield f"{kind}: the worked example {figure.example.gives} lies outside"
    if figure.hard and figure.soft:
        (low, high), (soft_low, soft_high) = figure.hard.range, figure.soft.range
        if soft_low < low or soft_high > high:
            yield "soft: reaches outside hard; what is refused cannot be held"


def _placeholders(figure: KeyFigure) -> Iterator[str]:
    for language, text in (("da", figure.finding.da), ("en", figure.finding.en)):
        try:
            named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        except ValueError as error:
            yield f"{language}: {error}"
            continue
        if named != FILLED_IN:
            yield f"{language}: fills in {sorted(named)}; it must be {{value}} and {{position}}"


def _example(figure: KeyFigure, data_points: Mapping[str, DataPoint]) -> Iterator[str]:
    """The worked example must be a delivery the rules accept, and compute to the digits it shows."""
    amounts = figure.example.amounts
    yield from (f"{name} is no part of the figure; remove it" for name in amounts if name not in figure.parts)
    for part, scale in ((p, data_points[p].scale) for p in figure.parts if p in amounts):
        if amounts[part] != round(amounts[part], scale):
            yield f"{part} has more decimals than its scale {scale}"
    missing = [p for p in figure.parts if p not in amounts]
    if missing:
        yield from (f"{name} is missing; add it" for name in missing)
        return
    numerator = sum((amounts[p] for p in figure.numerator), Decimal()) - sum(amounts[p] for p in figure.less)
    denominator = sum((amounts[p] for p in figure.denominator), Decimal())
    if denominator <= 0:
        yield "the denominator must be above 0"
    elif figure.kind == "share" and numerator > denominator:
        yield "the numerator of a share is part of its denominator; it cannot be larger"
    else:
        computed = round(numerator / denominator * figure.show.factor, figure.show.decimals)
        if computed != figure.example.gives:
            yield f"gives {computed}, not {figure.example.gives}"
