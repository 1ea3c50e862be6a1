"""A unit's place as a picture: a tick per peer, the own one longer and labelled. Pure: facts in, PNG out.

The Vega-Lite specification is written as data, so altair, two seconds of imports, is not needed. Alone in its colour, its
length and its label, the own tick is found without seeing colours. Source of the colours: Okabe and Ito's palette.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.notify.sentences import Phrase, said

OWN, PEER, MEDIAN, INK = "#D55E00", "#8A8A8A", "#0072B2", "#333333"
WIDTH, HEIGHT, SCALE = 520, 96, 2  # pixels as they are shown; twice as many are drawn
MOST_TICKS = 500
LOCALE: Literal["da-DK"] = "da-DK"


@dataclass(frozen=True)
class Place:
    """Where a unit stands in one cell.

    position   1 is best, or lowest where the figure has no better; 0: the cell is protected and says a band alone.
    before     the position before; 0: none, or in another group.
    lower, upper   the band between two released quantiles, in per cent; 0 and 0 where there is a position.
    """

    units: int
    position: int
    before: int = 0
    lower: int = 0
    upper: int = 0


def can_be_drawn(place: Place) -> bool:
    """Whether a place makes a picture: a position among two to 500 units, or a band."""
    if place.position:
        return place.position <= place.units and 2 <= place.units <= MOST_TICKS
    return 0 <= place.lower < place.upper <= 100


def alternative(place: Place, language: str) -> str:
    """The picture in words, for whoever does not see it."""
    return said(Phrase(f"chart.alternative.{'rank' if place.position else 'band'}", vars(place)), language)


def drawn(place: Place, language: str) -> bytes:
    """The picture as PNG. A place that makes none is a programming error."""
    import vl_convert

    assert can_be_drawn(place), "no picture for this place"
    layers = _ranks(place, language) if place.position else _band(place, language)
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": {"left": 36, "right": 36, "top": 4, "bottom": 4},
        "background": "white",
        "config": {"font": "Liberation Sans", "view": {"stroke": None}, "aria": False},
        "layer": layers,
    }
    return bytes(
        vl_convert.vegalite_to_png(
            spec, vl_version="5.20", scale=SCALE, format_locale=LOCALE, time_format_locale=LOCALE
        )
    )


def _ranks(place: Place, language: str) -> list[dict[str, Any]]:
    """A tick per unit from the best to the last, the middle, the place before and the own one."""
    last = place.units
    middle = (last + 1) / 2
    domain = [1, last]
    own, before = _rank("own", place.position, language), _rank("before", place.before, language)
    moved = place.before not in (0, place.position) and place.before <= last
    layers = [
        _rules([{"x": n} for n in range(1, last + 1)], domain, (40, 64), PEER, 1.2 if last <= 120 else 0.8),
        _text(1, domain, 90, _rank("rank", 1, language), INK, "normal"),
        _text(last, domain, 90, _rank("rank", last, language), INK, "normal"),
        _rules([{"x": middle}], domain, (34, 70), MEDIAN, 2.5),
    ]
    if min(middle - 1, last - middle) / (last - 1) > 0.2:
        layers.append(_text(middle, domain, 90, said(Phrase("chart.median"), language), MEDIAN, "normal"))
    sides = ("", "")
    if moved:
        layers.append(_rules([{"x": place.before}], domain, (34, 70), INK, 2, (4, 3)))
        if abs(place.before - place.position) / (last - 1) < 0.22:  # side by side: each label away from the other tick
            sides = ("left", "right") if place.before < place.position else ("right", "left")
        if not sides[1] or 0.16 < (place.before - 1) / (last - 1) < 0.84:
            layers.append(_text(place.before, domain, 22, before, INK, "normal", sides[1]))
    layers.append(_rules([{"x": place.position}], domain, (24, 78), OWN, 5))
    layers.append(_text(place.position, domain, 12, own, OWN, "bold", sides[0]))
    return layers


def _band(place: Place, language: str) -> list[dict[str, Any]]:
    """Released quantiles as a bar, the own band taller: no tick per peer, no end, no exact place."""
    domain, own = [0, 100], said(Phrase("chart.band", vars(place)), language)
    return [
        _bar(0, 100, domain, (44, 60), "#CFCFCF"),
        _rules([{"x": q} for q in (0, 10, 25, 75, 90, 100)], domain, (40, 64), PEER, 1.2),
        _bar(place.lower, place.upper, domain, (36, 68), OWN),
        _rules([{"x": 50}], domain, (30, 74), MEDIAN, 2.5),
        _text(50, domain, 90, said(Phrase("chart.median"), language), MEDIAN, "normal"),
        _text((place.lower + place.upper) / 2, domain, 16, own, OWN, "bold"),
    ]


def _rank(what: str, position: int, language: str) -> str:
    return said(Phrase(f"chart.{what}", {"position": position}), language)


def _x(domain: list[int]) -> dict[str, Any]:
    return {"field": "x", "type": "quantitative", "scale": {"domain": domain, "nice": False}, "axis": None}


def _bar(start: int, end: int, domain: list[int], ends: tuple[int, int], colour: str) -> dict[str, Any]:
    mark = {"type": "rect", "y": ends[0], "y2": ends[1], "color": colour, "aria": False}
    return {
        "data": {"values": [{"x": start, "end": end}]},
        "mark": mark,
        "encoding": {"x": _x(domain), "x2": {"field": "end"}},
    }


def _rules(
    values: Sequence[Mapping[str, float]],
    domain: list[int],
    ends: tuple[int, int],
    colour: str,
    width: float,
    dash: Sequence[int] = (),
) -> dict[str, Any]:
    mark: dict[str, Any] = {"type": "rule", "y": ends[0], "y2": ends[1], "color": colour, "strokeWidth": width}
    mark |= {"aria": False} | ({"strokeDash": list(dash)} if dash else {})
    return {"data": {"values": list(values)}, "mark": mark, "encoding": {"x": _x(domain)}}


def _text(x: float, domain: list[int], y: int, text: str, colour: str, weight: str, side: str = "") -> dict[str, Any]:
    """A label at a value; near an end it is aligned inwards, so that it is never cut."""
    share = (x - domain[0]) / (domain[1] - domain[0])
    inwards = "left" if share < 0.12 else "right" if share > 0.88 else ""
    mark: dict[str, Any] = {"type": "text", "y": y, "color": colour, "fontSize": 13, "fontWeight": weight}
    mark |= {"align": inwards or side or "center", "baseline": "middle", "aria": False, "text": text}
    return {"data": {"values": [{"x": x}]}, "mark": mark, "encoding": {"x": _x(domain)}}
