"""What a short catalogue file may leave out, and what then holds. The product's own files leave nothing out. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Entry = Mapping[str, Any]  # as the TOML says it

LANGUAGES = ("da", "en")
FINDING = {"da": "{name}: {{value}} hos jer, {{position}}.", "en": "{name}: {{value}} with you, {{position}}."}
HOW = {"da": "{numerator}, delt med {denominator}.", "en": "{numerator}, divided by {denominator}."}
PER = {"da": "pr.", "en": "per"}
EVERYBODY: list[list[str]] = [[]]


def completed(content: Entry) -> dict[str, Any]:
    """The content of a catalogue file with everything said that it may leave out.

    scheme      title: its name; source: its figures'; period: a year; missing: an empty field is blank; no attributes, so
                one peer group
    data point  scale 0
    key figure  published, a rate that nobody judges; named after its numerator and the unit of its denominator, wording from
                its name; shown in the units of its parts, with as many decimals as its worked example. Its source, how
                public it is and a worked example must be said.

    An entry of another shape than a catalogue's is left as it is: shape_faults says what is wrong.
    """
    scheme = content.get("scheme")
    short = {"title": dict.fromkeys(LANGUAGES, scheme), "period": "year", "missing": {"": "blank"}, "ladder": EVERYBODY}
    whole: dict[str, Any] = short | {"attribute": {}} | dict(content)
    points, figures = content.get("data_point"), content.get("key_figure")
    if isinstance(points, Mapping):
        whole["data_point"] = {n: {"scale": 0, **p} if isinstance(p, Mapping) else p for n, p in points.items()}
        if isinstance(figures, Mapping):
            whole["key_figure"] = {n: _figure(f, points) for n, f in figures.items()}
            said = [f.get("source") for f in figures.values() if isinstance(f, Mapping)]
            sources = dict.fromkeys(text for text in said if isinstance(text, str))
            whole = {"source": "; ".join(sources), **whole} if sources else whole
    return whole


def _figure(figure: Any, points: Entry) -> Any:
    if not isinstance(figure, Mapping):
        return figure
    usual: dict[str, Any] = {"status": "published", "kind": "rate", "better": "none"}
    amount, unit = (_listed(figure.get("numerator"), points, what) for what in ("text", "unit"))
    by, each = (_listed(figure.get("denominator"), points, what) for what in ("text", "unit"))
    if amount and by:
        usual["how"] = {la: HOW[la].format(numerator=amount[la], denominator=by[la]) for la in LANGUAGES}
    if amount and each:
        usual["name"] = {la: f"{amount[la]} {PER[la]} {each[la]}" for la in LANGUAGES}
    if names := _words(figure.get("name", usual.get("name"))):
        usual["finding"] = {la: FINDING[la].format(name=names[la]) for la in LANGUAGES}
    gives = figure["example"].get("gives") if isinstance(figure.get("example"), Mapping) else None
    if unit and each and isinstance(gives, int | Decimal):
        shown = {la: f"{unit[la]} {PER[la]} {each[la]}" for la in LANGUAGES}
        usual["show"] = {"unit": shown, "factor": 1, "decimals": _decimals(gives)}
    return usual | dict(figure)


def _listed(names: Any, points: Entry, what: str) -> dict[str, str]:
    """Texts or units of data points in both languages, each once; empty where one cannot be told."""
    entries = [points.get(name) for name in names] if isinstance(names, list) else []
    said = [_words(entry.get(what)) if isinstance(entry, Mapping) else {} for entry in entries]
    if not said or not all(said):
        return {}
    return {language: ", ".join(dict.fromkeys(words[language] for words in said)) for language in LANGUAGES}


def _words(text: Any) -> dict[str, str]:
    complete = isinstance(text, Mapping) and all(isinstance(text.get(language), str) for language in LANGUAGES)
    return {language: text[language] for language in LANGUAGES} if complete else {}


def _decimals(gives: int | Decimal) -> int:
    exponent = gives.as_tuple().exponent if isinstance(gives, Decimal) else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0
