"""Numbers as people write them, Danish or English, read strictly and exactly into a data point's scale. Pure.

A text is read by one convention, or it is refused with what is wrong and what may have been meant. Nothing is rounded and
nothing is guessed: a text that both conventions read, each otherwise, is read only where the convention is known.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Literal

from services.catalogue import amounts

Convention = Literal["da", "en", ""]  # "": not known
SPACES = " \u00a0\u2009\u202f"  # plain, no-break, thin, narrow no-break
LONGEST = 40  # characters of a number
NEAR = 3  # times as much, or a third: of the same size
LIMIT = 2**63  # amounts travel in 64 bits
DIGITS = 15  # significant digits that a spreadsheet holds of a number, and shows
HELD = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, traps=[])


def _grammar(group: str, point: str) -> re.Pattern[str]:
    """Digits plain, or in threes with one separator throughout; a group never begins with 0. ASCII digits only."""
    whole = rf"[0-9]+|[1-9][0-9]{{0,2}}(?:(?P<s>[{group}{SPACES}])[0-9]{{3}})(?:(?P=s)[0-9]{{3}})*"
    return re.compile(rf"(?P<sign>[-\u2212]?)(?P<whole>{whole})(?:{re.escape(point)}(?P<fraction>[0-9]+))?")


GRAMMAR = {"da": _grammar(".", ","), "en": _grammar(",", ".")}
PLAIN = {  # without thousands apart, and not three decimals: those are thousands to the other convention
    "da": re.compile(r"(-?)([0-9]+)(?:,([0-9]{1,2}|[0-9]{4,}))?"),
    "en": re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}|[0-9]{4,}))?"),
}
PLAIN_LENGTH = 12  # with six decimals more it still fits in 64 bits
POINTS = {"da": (".", ","), "en": (",", ".")}  # between thousands, before decimals
PARTS = re.compile(r"(.*[0-9])\s*((?:%|[^\W\d_])[^0-9]*)?", re.S)  # a number, and the unit behind it
RUN = re.compile(
    rf"[^0-9]*?([-\u2212(]?)([0-9][0-9.,{SPACES}]*)([^0-9]*)", re.S
)  # digits in one run, whatever stands around
LOOKED_AT = 100  # characters of a text that are looked at


@dataclass(frozen=True)
class Misread:
    """A text or number that is no amount of the data point, by code, with the text and what may have been meant.

    suggestion  written by the convention; empty where nothing is likely
    reading     what it would be if its sender stands by it; absent where no reason can help
    """

    code: str
    text: str
    suggestion: str = ""
    reading: int | None = None
    decimals: int = 0  # as many as the data point has
    unit: str = ""


def read(
    text: str, scale: int, convention: Convention, *, units: Iterable[str] = (), before: int | None = None
) -> int | Misread:
    """A text as a whole number of 10^-scale.

    units   what may stand behind the number: the data point's unit, in every language
    before  the amount of the period before, in the scale; what may have been meant is chosen nearest to it
    """
    text = text.strip()
    plain = PLAIN[convention].fullmatch(text) if convention and len(text) <= PLAIN_LENGTH else None
    if plain:  # nearly every number: no other convention reads it otherwise
        sign, whole, fraction = plain[1], plain[2], (plain[3] or "").rstrip("0")
        if len(fraction) <= scale:
            return int(f"{sign}{whole}{fraction.ljust(scale, '0')}")
    number, unit = _apart(text)
    if unit and unit.casefold().rstrip(".") not in {u.casefold().rstrip(".") for u in units}:
        return Misread("NT-1127", text[:64], decimals=scale, unit=next(iter(units), "–"))
    readings = _readings(number)
    if not convention and len(set(readings.values())) > 1:
        both = sorted(readings.values(), key=lambda reading: _distance(Fraction(reading) * 10**scale, before))
        suggestion = " / ".join(written_decimal(reading, "da") for reading in both)
        return Misread("NT-1122", text[:64], suggestion, decimals=scale)
    other = readings.get("en" if convention == "da" else "da")
    found = readings.get(convention) if convention else next(iter(readings.values()), None)
    amount = Misread("NT-1121", text[:64], decimals=scale) if found is None else exact(found, scale, convention, text)
    if isinstance(amount, Misread):
        likely = _likely(number, scale, before)
        meant = written(likely, scale, convention or "da") if likely is not None else amount.suggestion
        return replace(amount, suggestion=meant)
    if convention and other is not None and other != found and _nearer(other, amount, scale, before):
        meant = written_decimal(other, convention)
        return Misread("NT-1122", text[:64], meant, reading=amount, decimals=scale)
    return amount


def of_cell(number: Decimal, scale: int, convention: Convention) -> int | Misread:
    """A number cell, given as the shortest decimal of its float, as a whole number of 10^-scale.

    Read at the fifteen digits a spreadsheet holds: what stands behind them is noise of a computation, not a sender's decimal.
    Too large where they do not reach the last decimal of the scale: what stood there is lost.

    >>> of_cell(Decimal("0.30000000000000004"), 2, "da"), of_cell(Decimal("1234.5600000000002"), 2, "da")
    (30, 123456)
    """
    held = HELD.plus(number) if number.is_finite() else number
    if held.is_finite() and held and held.adjusted() + scale >= DIGITS:
        return Misread("NT-1124", written_decimal(number, convention)[:64], decimals=scale)
    return exact(held, scale, convention)


def exact(number: Decimal, scale: int, convention: Convention, text: str = "") -> int | Misread:
    """A number as a whole number of 10^-scale: exactly, or refused for its decimals or its size."""
    if number.is_finite() and abs(number.adjusted()) < 400:  # more than any cell of a spreadsheet holds
        sign, digits, exponent = number.as_tuple()
        size, places = int("".join(map(str, digits))), int(exponent) + scale
        whole: int
        whole, rest = (size * 10**places, 0) if places >= 0 else divmod(size, 10**-places)
        if not rest and whole < LIMIT:
            return -whole if sign else whole
    else:
        whole, rest = LIMIT, 0
    shown = (text or written_decimal(number, convention or "da"))[:64]
    if whole >= LIMIT:
        return Misread("NT-1124", shown, decimals=scale)
    near = round(Fraction(number) * 10**scale)  # to be shown, never to be used
    return Misread("NT-1123", shown, written(near, scale, convention or "da"), decimals=scale)


def legal(text: str) -> frozenset[Convention]:
    """The conventions that read a text: what a file's own numbers say of it. Both where they read the same.

    >>> sorted(legal("1.234,5")), sorted(legal("1234.5")), sorted(legal("12.345")), sorted(legal("ca. 5"))
    (['da'], ['en'], ['da', 'en'], [])
    """
    return frozenset(_readings(_apart(text.strip())[0]))


def written(amount: int, scale: int, convention: Convention) -> str:
    """A whole number of 10^-scale as a person writes it, thousands apart, without needless decimals.

    >>> written(123456789, 2, "da"), written(-5, 1, "en")
    ('1.234.567,89', '-0.5')
    """
    between, point = POINTS[convention or "da"]
    sign, _, digits = amounts.natural(amount, scale).rpartition("-")
    whole, _, fraction = digits.partition(".")
    return f"{'-' if sign or amount < 0 else ''}{int(whole):,}".replace(",", between) + (
        point + fraction if fraction else ""
    )


def written_decimal(number: Decimal, convention: Convention) -> str:
    """A number with every decimal it has, and no thousands apart."""
    plain = format(number, "f") if number.is_finite() and abs(number.adjusted()) <= LONGEST else str(number)
    return plain.replace(".", POINTS[convention or "da"][1])


def _readings(number: str) -> dict[Convention, Decimal]:
    """What each convention that can read a number says it is."""
    found: dict[Convention, Decimal] = {}
    for convention, grammar in GRAMMAR.items():
        match = grammar.fullmatch(number) if len(number) <= LONGEST else None
        if match:
            whole = "".join(c for c in match["whole"] if c.isdigit())
            fraction = f".{match['fraction']}" if match["fraction"] else ""
            found["da" if convention == "da" else "en"] = Decimal(f"{'-' if match['sign'] else ''}{whole}{fraction}")
    return found


def _apart(text: str) -> tuple[str, str]:
    """A number and the unit behind it; the unit is empty where there is none."""
    match = PARTS.fullmatch(text) if len(text) <= LOOKED_AT else None
    return (match[1], (match[2] or "").strip()) if match else (text, "")


def _likely(number: str, scale: int, before: int | None) -> int | None:
    """What may have been meant: the likeliest reading that fits the scale, or another that is of last period's size."""
    fitting = [whole for reading in _meanings(number) if isinstance(whole := exact(reading, scale, "da"), int)]
    if not fitting or not before:
        return fitting[0] if fitting else None
    nearest = min(fitting, key=lambda whole: _distance(whole, before))
    near = _distance(nearest, before)
    return nearest if near < NEAR and near * NEAR < _distance(fitting[0], before) else fitting[0]


def _meanings(number: str) -> Iterator[Decimal]:
    """Readings a person may have had in mind, the likeliest first: the legal ones, then with whatever is in the way left out."""
    readings = _readings(number)
    yield from (readings[c] for c in ("en", "da") if c in readings)
    match = RUN.fullmatch(number) if len(number) <= LONGEST else None
    if match is None:
        return
    bare = match[2].rstrip(".," + SPACES)
    negative = match[1] in ("-", "\u2212") if match[1] != "(" else ")" in match[3]
    sign = "-" if negative or (match[3] == "-" and bare == match[2]) else ""
    for point in sorted(".,", key=bare.rfind, reverse=True):
        whole, _, fraction = bare.rpartition(point) if bare.count(point) == 1 else (bare, "", "")
        groups = re.split(rf"[.,{SPACES}]", whole)
        in_threes = all(len(group) == 3 for group in groups[1:]) or bool(readings)
        leading_zero = groups[0].startswith("0") and len("".join(groups)) > 1
        if groups[0] and in_threes and not leading_zero and (fraction.isdigit() or not fraction):
            yield Decimal(f"{sign}{''.join(groups)}.{fraction or '0'}")


def _nearer(other: Decimal, amount: int, scale: int, before: int | None) -> bool:
    """Whether the other convention's reading is clearly nearer to last period's amount."""
    meant = Fraction(other) * 10**scale
    return before is not None and before != 0 and _distance(meant, before) * NEAR < _distance(amount, before)


def _distance(amount: Fraction | int, before: int | None) -> Fraction:
    """How many times larger or smaller; a sign or a zero is as far as can be."""
    if not amount or not before or (amount > 0) != (before > 0):
        return Fraction(LIMIT)
    ratio = Fraction(amount) / before
    return max(ratio, 1 / ratio)
