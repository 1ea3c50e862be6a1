"""SubmissionAssessed behind its findings: by which rules, and with which factors."""

import numpy as np

from services.validate import wire
from services.validate.compiled import Whole
from services.validate.factor_columns import FactorTable
from services.validate.verdict_bytes import told_factors


class Endings:
    """By the number of the column of factors, and which of them are told: see Layout.

    contents   by number
    """

    def __init__(self, rule_set: str, factors: FactorTable) -> None:
        self._rule_set, self._factors = rule_set, factors
        self.contents: list[bytes] = [wire.ending(rule_set, [])]
        self._numbers: dict[tuple[int, int], int] = {}

    def numbers(self, columns: Whole, told: Whole) -> Whole:
        """Each one's."""
        found = np.zeros(len(told), dtype=np.int64)
        some = np.flatnonzero(told)
        if len(some):
            found[some] = [
                self._number(*which) for which in zip(columns[some].tolist(), told[some].tolist(), strict=True)
            ]
        return found

    def _number(self, column: int, told: int) -> int:
        number = self._numbers.get((column, told))
        if number is None:
            number = self._numbers[column, told] = len(self.contents)
            those = [self._factors.columns[column].factors[k] for k in told_factors(told)]
            self.contents.append(wire.ending(self._rule_set, those))
        return number
