"""Which unit an id that is nobody's may stand for: one slip of the hand away, and no other as near. Pure.

As many look-ups as the id has slips, a few thousand, however many units there are.
"""

import re
from collections.abc import Collection, Iterator

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_./"  # what an id is made of
ALIKE = str.maketrans("oil", "011")
LONGEST = 64


class Units:
    """The units that may be meant."""

    def __init__(self, units: Collection[str]) -> None:
        self._units = units
        self._plain: dict[str, str] = {}

    def meant(self, unit: str) -> str:
        """The unit that reads the same, or is one character or one exchange of two away; empty where none is, or several are.

        >>> units = Units({"012": "", "013": "", "afd-7": ""})
        >>> units.meant("O12"), units.meant("12"), units.meant("Afd. 7"), units.meant("afdd-7"), units.meant("014")
        ('012', '012', 'afd-7', 'afd-7', '')
        """
        if not unit or len(unit) > LONGEST:
            return ""
        if not self._plain:
            for name in self._units:
                key = _plain(name)
                self._plain[key] = "" if key in self._plain else name
        alike = self._plain.get(_plain(unit), "")
        if alike:
            return alike
        near = {slip for slip in _slips(unit) if slip in self._units}
        return near.pop() if len(near) == 1 else ""


def _plain(unit: str) -> str:
    """An id without what is easily mistaken: case, O and 0, I, l and 1, zeros in front, what stands between."""
    words = re.findall(r"[^\W_]+", unit.casefold().translate(ALIKE))
    return "-".join(part.lstrip("0") or "0" for word in words for part in re.findall(r"[0-9]+|[^0-9]+", word))


def _slips(unit: str) -> Iterator[str]:
    for i in range(len(unit) + 1):
        before, after = unit[:i], unit[i:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]
