"""Amounts as people write them in a file, and as whole numbers of a data point's scale. Exact both ways."""

import re

from services.catalogue.definitions import Catalogue

NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")  # not \d, which takes every script's digits


class NotANumber(ValueError):
    """The text is no number of that scale: other characters, or more decimals than the scale holds."""


def scaled(text: str, scale: int) -> int:
    """A number in natural units as a whole number of 10^-scale. Raises NotANumber; nothing is ever rounded.

    >>> scaled("220.4", 1), scaled("3783", 1), scaled("-0.50", 1)
    (2204, 37830, -5)
    """
    match = NUMBER.fullmatch(text.strip())
    if not match or len(text) > 40:
        raise NotANumber(text)
    sign, whole, fraction = match[1], match[2], (match[3] or "").rstrip("0")
    if len(fraction) > scale:
        raise NotANumber(text)
    return int(f"{sign}{whole}{fraction.ljust(scale, '0')}")


def natural(value: int, scale: int) -> str:
    """A whole number of 10^-scale in natural units, without needless decimals.

    >>> natural(2204, 1), natural(37830, 1), natural(-5, 1), natural(7, 0)
    ('220.4', '3783', '-0.5', '7')
    """
    digits = str(abs(value)).rjust(scale + 1, "0")
    whole, fraction = (digits[:-scale], digits[-scale:].rstrip("0")) if scale else (digits, "")
    return ("-" if value < 0 else "") + whole + (f".{fraction}" if fraction else "")


def missing_reason(text: str, catalogue: Catalogue) -> str | None:
    """The reason a token of the scheme stands for: blank, not_required or excluded. None where the text is no token."""
    return catalogue.missing.get(text.strip())
