"""The job every contestant does: seeded and bounded, B1 and J5.

B1: every unit x period submitted once in random order, a tenth of them corrected. J5: B1, then every one corrected four times more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
from noegletal.v1 import submission_pb2 as pb
from numpy.typing import NDArray

from tests import oracle
from tests.builders import cloud_event
from tests.performance.lean import TWENTIETHS

SCHEME, FIRST_YEAR, HOLDERS, PRIMER = "bench", 2022, 500, 60
RECEIVED_AT = datetime(2026, 1, 1, tzinfo=UTC)

Whole = NDArray[np.int64]
Record = tuple[bytes, bytes, list[tuple[str, bytes]]]  # key, value, headers


@dataclass(frozen=True)
class Job:
    """How large, and by which seed."""

    units: int = 7000
    periods: int = 4
    figures: int = 40
    groups: int = 60
    again: int = 4  # how often J5 corrects everything after B1
    seed: int = 8

    @cached_property
    def group(self) -> Whole:
        """Unit -> number of its group."""
        return np.random.default_rng(self.seed).integers(0, self.groups, self.units)

    @cached_property
    def order(self) -> Whole:
        """S x 2: unit and period of each submission of J5, in order; B1 comes first."""
        rng, pairs = np.random.default_rng(self.seed + 1), self.units * self.periods
        first = rng.permutation(np.concatenate([np.arange(pairs), rng.choice(pairs, pairs // 10, replace=False)]))
        later = rng.permutation(np.tile(np.arange(pairs), self.again))
        everything = np.concatenate([first, later])
        return np.stack([everything // self.periods, everything % self.periods], axis=1)

    @property
    def b1(self) -> int:
        """How many submissions B1 has."""
        return self.units * self.periods * 11 // 10

    @property
    def j5(self) -> int:
        """How many J5 has."""
        return len(self.order)

    @cached_property
    def amounts(self) -> Whole:
        """S x 2F: numerators, then denominators."""
        rng = np.random.default_rng(self.seed + 2)
        numerators = rng.integers(10_000, 10_000_000, (self.j5, self.figures))
        return np.concatenate([numerators, rng.integers(1_000, 1_000_000, (self.j5, self.figures))], axis=1)

    @cached_property
    def revisions(self) -> Whole:
        """The how-manieth of its unit and period each submission is, from 1."""
        pairs = self.order[:, 0] * self.periods + self.order[:, 1]
        by_pair = np.argsort(pairs, kind="stable")
        starts = np.flatnonzero(np.diff(pairs[by_pair], prepend=-1))
        counted = np.arange(self.j5) - np.repeat(starts, np.diff(np.append(starts, self.j5)))
        revisions = np.empty(self.j5, dtype=np.int64)
        revisions[by_pair] = counted + 1
        return revisions

    def year(self, period: int) -> str:
        """A period's name."""
        return str(FIRST_YEAR + period)

    def data_points(self) -> list[str]:
        """Numerators, then denominators, as in `amounts`."""
        return [f"{part}{f:02}" for part in "nd" for f in range(self.figures)]

    def events(self, first: int, last: int, *, row: bool = True) -> Iterator[Record]:
        """Submissions as they come out of ingest: with receipt and profile. `row`: amounts as one row, else a message each."""
        names = self.data_points()
        joined = "\n".join(names)
        packed = self.amounts.astype("<i8")
        for n in range(first, last):
            unit, period = (int(x) for x in self.order[n])
            revision, unit_id, year = int(self.revisions[n]), f"u{unit:06}", self.year(period)
            organisation = f"o{unit % HOLDERS:04}"
            sent = pb.Submission(
                submission_id=f"{unit_id}:{year}:{revision}",
                organisation_id=organisation,
                unit_id=unit_id,
                scheme=SCHEME,
                period_start=f"{year}-01-01",
                period_end=f"{year}-12-31",
                revision=revision,
            )
            receipt = pb.Receipt(
                receipt_id=f"00000000-0000-5000-8000-{n:012x}",
                submission_id=sent.submission_id,
                organisation_id=organisation,
                sha256=n.to_bytes(32, "big"),
                sequence=n + 1,
                received_at=RECEIVED_AT,
                door=pb.DOOR_TOPIC,
                revision=revision,
                outcome=pb.RECEIPT_OUTCOME_ACCEPTED,
            )
            profile = pb.Profile(
                unit_id=unit_id,
                organisation_id=organisation,
                holder_id=f"h{unit % HOLDERS:04}",
                attributes={"group": f"g{int(self.group[unit]):02}"},
                version=1,
                scheme=SCHEME,
            )
            event = pb.SubmissionReceived(submission=sent, receipt=receipt, profile=profile)
            if row:
                event.row.CopyFrom(pb.AmountRow(data_points=joined, values=packed[n].tobytes()))
            else:
                for name, value in zip(names, packed[n].tolist(), strict=True):
                    event.submission.amounts.add(data_point=name, value=value)
            headers = cloud_event(
                pb.SubmissionReceived, id=receipt.receipt_id, source="ingest", time=RECEIVED_AT, subject=unit_id
            )
            yield unit_id.encode(), event.SerializeToString(deterministic=True), list(headers)

    def outcome(self, submissions: int) -> dict[bytes, tuple[Whole, NDArray[np.float64]]]:
        """What must hold after so many: key of a period's group -> n, ΣN, ΣD as 3 x F, five quantiles as 5 x F.

        Recomputed by numpy's own type-8 quantiles, and a few of the cells once more in fractions by the oracle.
        """
        newest = np.full((self.periods, self.units), -1)
        newest[self.order[:submissions, 1], self.order[:submissions, 0]] = np.arange(submissions)
        expected = {}
        for period in range(self.periods):
            for group in range(self.groups):
                chosen = newest[period, (self.group == group) & (newest[period] >= 0)]
                if not len(chosen):
                    continue
                n, d = self.amounts[chosen, : self.figures], self.amounts[chosen, self.figures :]
                whole = np.stack([np.full(self.figures, len(chosen)), n.sum(axis=0), d.sum(axis=0)])
                quantiles = np.quantile(n / d, TWENTIETHS / 20, axis=0, method="median_unbiased")
                if (period + group) % 50 == 0:
                    _same_in_fractions(n[:, 0], d[:, 0], quantiles[:, 0])
                expected[f"{self.year(period)}/g{group:02}".encode()] = (whole, quantiles)
        return expected


def _same_in_fractions(numerators: Whole, denominators: Whole, quantiles: NDArray[np.float64]) -> None:
    ratios = [oracle.Fraction(int(n), int(d)) for n, d in zip(numerators, denominators, strict=True)]
    exact = [float(oracle.quantile(ratios, oracle.Fraction(c, 20))) for c in TWENTIETHS.tolist()]
    assert np.allclose(exact, quantiles, rtol=1e-12, atol=0), "numpy's type 8 is not the oracle's"


def sized(*, quick: bool) -> Job:
    """The whole job, or one small enough for a quick look."""
    small = Job(units=2000, groups=17, again=2)  # as many units a group as in the whole
    return small if quick else Job()


__all__ = ["PRIMER", "SCHEME", "Job", "Record", "sized"]
