"""Random submissions of a few units, as dirty as they come: everything a rule can speak of, and values next to every bound."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.cli import invented

SCHEME, YEARS, UNITS = "dk-almen", (2023, 2024, 2025), 3
CATALOGUES = {year: definitions.of(SCHEME, str(year)) for year in YEARS}
_DRAWN = invented.departments(UNITS, np.random.default_rng(1))
BASES = {year: invented.year(_DRAWN, catalogue, np.random.default_rng(year)) for year, catalogue in CATALOGUES.items()}
POINTS = [*CATALOGUES[2024].data_point]
FIGURES = [name for name, figure in CATALOGUES[2024].key_figure.items() if figure.soft]
PERIODS = {
    "year": ("{0}-01-01", "{0}-12-31"),
    "shifted": ("{1}-07-01", "{0}-06-30"),
    "part": ("{0}-03-01", "{0}-12-31"),
    "month": ("{0}-06-01", "{0}-06-30"),
    "long": ("{1}-01-01", "{0}-12-31"),
    "unreadable": ("{0}-13-01", "{0}-12-31"),
    "no-definitions": ("1999-01-01", "1999-12-31"),
}
ATTRIBUTES: dict[str, Sequence[str]] = {
    "type": ("family", "youth", "Familieboliger"),
    "region": ("Sjælland", "Jylland", ""),
    "size_band": ("1-49", "under 50"),
    "building_use": ("", "dwelling", "office_shop", "vandtårn"),
    "degree_day_method": ("", "whole_year", "elo"),
    "merged_from": ("", "", "", "", "", "", "", "", "u0", "u1; u2"),
    "dwellings": ("17", "64"),
}
NUMBERS = (0, 1, -1, 5, 2**31, 2**53 - 1, 2**53, -(2**53), 2**61, -(2**63))
KINDS = (
    "number",
    "times",
    "over",
    "bound",
    "missing",
    "left-out",
    "like-before",
    "negated",
    "plus",
    "unknown",
    "twice",
)


@st.composite
def submissions(draw: Any) -> list[pb.SubmissionReceived]:
    """Up to a dozen, in the order in which they arrive; the revisions of a unit and period rise, mostly."""
    count = draw(st.integers(1, 12))
    return [draw(_submission(number)) for number in range(count)]


@st.composite
def _submission(draw: Any, number: int) -> pb.SubmissionReceived:
    unit, year = draw(st.integers(0, UNITS - 1)), draw(st.sampled_from(YEARS))
    kind = draw(st.sampled_from(["year"] * 40 + [*PERIODS]))
    amounts: list[tuple[str, int | str]] = [(name, int(column[unit])) for name, column in BASES[year].items()]
    for _ in range(draw(st.sampled_from((0, 1, 1, 2, 4)))):
        amounts = _spoilt(draw, amounts, unit, year)
    submission = pb.Submission(submission_id=f"s{number}", unit_id=f"u{unit}", scheme=SCHEME)
    submission.period_start, submission.period_end = (day.format(year, year - 1) for day in PERIODS[kind])
    submission.withdraw = draw(st.integers(0, 14)) == 0
    for what in draw(st.lists(st.sampled_from([*FIGURES, *POINTS, "nothing", "period"]), max_size=2, unique=True)):
        reason = draw(st.sampled_from(("ok", "Kælderen blev tømt efter skybrud.")))
        submission.confirmations.add(what=what, reason=reason)
    profile = pb.Profile(unit_id=submission.unit_id, holder_id=f"h{unit}", organisation_id=f"o{unit}")
    for attribute, values in ATTRIBUTES.items():
        if value := draw(st.sampled_from(values)):
            profile.attributes[attribute] = value
    receipt = pb.Receipt(receipt_id=f"r{number}", organisation_id=f"o{unit}", sequence=number + 1)
    receipt.revision = draw(st.sampled_from((number + 1, number + 1, number + 1, 1)))
    receipt.outcome = draw(st.sampled_from([pb.RECEIPT_OUTCOME_ACCEPTED] * 14 + [pb.RECEIPT_OUTCOME_STALE]))
    receipt.code = "" if receipt.outcome == pb.RECEIPT_OUTCOME_ACCEPTED else "NT-1005"
    event = pb.SubmissionReceived(submission=submission, receipt=receipt, profile=profile)
    fill(event, amounts, as_row=draw(st.booleans()))
    return event


def fill(event: pb.SubmissionReceived, amounts: Sequence[tuple[str, int | str]], *, as_row: bool) -> None:
    """Amounts, or a missing reason as text, or what cannot be read; as one row where asked and possible."""
    reasons = dict(pb.MissingReason.items())
    for name, amount in amounts:
        if isinstance(amount, int):
            event.submission.amounts.add(data_point=name, value=amount)
        elif amount in reasons:
            event.submission.amounts.add(data_point=name, missing=reasons[amount])
        else:
            event.submission.amounts.add(data_point=name, unreadable=amount)
    if as_row:
        in_row(event)


def in_row(event: pb.SubmissionReceived) -> None:
    """Put the amounts into a row where each has a place in it."""
    amounts = event.submission.amounts
    if all(a.WhichOneof("content") == "value" or a.missing for a in amounts):
        event.row.data_points = "\n".join(a.data_point for a in amounts)
        event.row.values = struct.pack(f"<{len(amounts)}q", *(a.value for a in amounts))
        missing = bytes(a.missing for a in amounts)
        event.row.missing = missing if any(missing) else b""
        del amounts[:]


def _spoilt(draw: Any, amounts: list[tuple[str, int | str]], unit: int, year: int) -> list[tuple[str, int | str]]:
    kind, name = draw(st.sampled_from(KINDS)), draw(st.sampled_from(POINTS))
    before = int(BASES[year - 1][name][unit]) if year - 1 in BASES and name in BASES[year - 1] else 7
    held = dict(amounts).get(name, before)
    now = held if isinstance(held, int) else before
    values: dict[str, int | str | None] = {
        "number": draw(st.sampled_from(NUMBERS)),
        "times": before * draw(st.sampled_from((10, 15, 100, 1000, 7, 2))),
        "over": before // draw(st.sampled_from((10, 15, 100, 1000, 7, 2))),
        "missing": draw(st.sampled_from([*dict(pb.MissingReason.items()), "ca. 7"])),
        "left-out": None,
        "like-before": before,
        "negated": min(-now, 2**63 - 1),
        "plus": max(-(2**63), now + draw(st.integers(-1, 1))),
    }
    if kind == "unknown":
        return [*amounts, ("konto_999", 4)]
    if kind == "twice":
        return [*amounts, (name, now)]
    if kind == "bound":
        return _at_a_bound(draw, amounts, year)
    there = [(n, values[kind] if n == name else a) for n, a in amounts]
    if name not in dict(amounts):
        there.append((name, values[kind]))
    return [(n, a) for n, a in there if a is not None]


def _at_a_bound(draw: Any, amounts: list[tuple[str, int | str]], year: int) -> list[tuple[str, int | str]]:
    """One figure's first data point so that the figure is a bound of its range, or next to it."""
    catalogue, name = CATALOGUES[year], draw(st.sampled_from(FIGURES))
    figure = catalogue.key_figure[name]
    bounds = figure.soft if draw(st.booleans()) else figure.hard
    if bounds is None:
        return amounts
    bound = Fraction(draw(st.sampled_from(bounds.range))) / figure.show.factor
    scale = {part: 10 ** (catalogue.scale(name) - catalogue.data_point[part].scale) for part in figure.parts}
    known = {n: a if isinstance(a, int) else 0 for n, a in amounts}
    below = sum(known.get(p, 0) * scale[p] for p in figure.denominator)
    rest = sum(known.get(p, 0) * scale[p] for p in figure.numerator[1:]) - sum(
        known.get(p, 0) * scale[p] for p in figure.less
    )
    value = int((bound * below - rest) / scale[figure.numerator[0]]) + draw(st.integers(-1, 1))
    if abs(value) >= 2**63:
        return amounts  # beside another that is nearly as large, and no amount any more
    return [(n, value if n == figure.numerator[0] else a) for n, a in amounts]
