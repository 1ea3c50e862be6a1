"""What a run found of the faults planted in an invented sector, and how often its rules spoke of clean figures. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.catalogue.definitions import Catalogue
from services.cli.planted import DEFECTS

HELD_OR_REFUSED = 0.005  # of all clean figures, the most that may be held or refused
Row = Mapping[str, str]
Place = tuple[str, str, str]  # unit, period, key figure


@dataclass(frozen=True)
class Found:
    """One fault: how often it was planted, and found by its code where it was planted."""

    defect: str
    code: str
    planted: int
    found: int


@dataclass(frozen=True)
class Alarms:
    """Clean figures that a code spoke of, of all clean figures; which they most often were, and the bound.

    The empty code stands for being held or refused, whatever the code.
    """

    code: str
    spoken: int
    clean: int
    most: str
    bound: float

    @property
    def rate(self) -> float:
        """Part of the clean figures."""
        return self.spoken / max(self.clean, 1)


@dataclass(frozen=True)
class Score:
    """What a run found. `lost`: withdrawn or missing submissions that still count for something."""

    found: Sequence[Found]
    alarms: Sequence[Alarms]
    lost: Sequence[str]

    @property
    def faults(self) -> list[str]:
        """What is not as it should be, in words: faults not found, bounds passed, what was taken out and still counts."""
        missed = [f for f in self.found if f.found < f.planted]
        passed = [a for a in self.alarms if a.rate > a.bound]
        return [
            *(f"{f.defect}: {f.planted - f.found} of {f.planted} not found by {f.code}" for f in missed),
            *(f"{a.code or 'held or refused'}: more than {a.bound:.1%} of the clean figures, {a.most}" for a in passed),
            *self.lost,
        ]


def score(
    planted: Iterable[Row], sent: set[tuple[str, str]], assessments: Iterable[Row], catalogues: Mapping[str, Catalogue]
) -> Score:
    """Hold the assessments of a run against what was planted.

    sent         (unit, period) of every submission
    assessments  rows of assessments.csv: of each unit's newest revision, and of what was refused as a whole
    """
    done, rows = list(planted), list(assessments)
    faults = [row for row in done if row["code"]]
    rest = {what: {_place(r) for r in done if r["defect"] == what} for what in ("withdrawn", "missing")}
    spoilt = {_place(f): _figures(f["data_points"].split(";"), catalogues.get(f["period"][:4])) for f in faults}
    clean = _clean(sent - rest["withdrawn"], spoilt, catalogues)
    findings = defaultdict(list)
    for row in rows:
        if row["kind"] == "finding":
            findings[_place(row)].append(row)
    stopped = [(*_place(r), r["key_figure"]) for r in rows if r["absence"] in ("held", "refused")]
    held = Counter(place[2] for place in stopped if place in clean)
    alarms = [*_alarms(findings, faults, clean, catalogues), _counted("", held, clean, HELD_OR_REFUSED)]
    return Score(_found(faults, findings, spoilt, catalogues), alarms, list(_lost(rows, **rest)))


def _lost(rows: Sequence[Row], withdrawn: set[tuple[str, str]], missing: set[tuple[str, str]]) -> Iterator[str]:
    """What was taken out or never sent, and still counts."""
    gone = {_place(r) for r in rows if r["absence"] == "withdrawn"}
    yield from (f"{unit} {period} was withdrawn, and still counts" for unit, period in sorted(withdrawn - gone))
    there = {_place(r) for r in rows} & missing
    yield from (f"{unit} {period} was not sent, and still counts" for unit, period in sorted(there))


def _clean(
    submitted: set[tuple[str, str]], spoilt: Mapping[tuple[str, str], set[str]], catalogues: Mapping[str, Catalogue]
) -> set[Place]:
    """Figures of what was sent with nothing planted in them, nor in the same figure of an earlier period."""
    before: dict[str, list[tuple[str, set[str]]]] = defaultdict(list)
    for (unit, period), figures in spoilt.items():
        before[unit].append((period, figures))
    return {
        (unit, period, figure)
        for unit, period in submitted
        if period in catalogues
        for figure in catalogues[period].key_figures
        if not any(figure in figures for earlier, figures in before[unit] if earlier[:4] <= period)
    }


def _found(
    faults: Sequence[Row],
    findings: Mapping[tuple[str, str], Sequence[Row]],
    spoilt: Mapping[tuple[str, str], set[str]],
    catalogues: Mapping[str, Catalogue],
) -> list[Found]:
    planted, found = Counter(f["defect"] for f in faults), Counter[str]()
    for fault in faults:
        place = _place(fault)
        concerned = [
            _concerned(row, catalogues.get(place[1][:4])) for row in findings[place] if row["code"] == fault["code"]
        ]
        found[fault["defect"]] += any(not spoilt[place] or not said or said & spoilt[place] for said in concerned)
    names = {f["defect"]: f["code"] for f in faults}
    known = {d.name: d.code for d in DEFECTS}
    return [Found(name, code, planted[name], found[name]) for name, code in (known | names).items()]


def _alarms(
    findings: Mapping[tuple[str, str], Sequence[Row]],
    faults: Sequence[Row],
    clean: set[Place],
    catalogues: Mapping[str, Catalogue],
) -> list[Alarms]:
    """Per code; a finding on the submission as a whole speaks of every figure in it."""
    also = {d.name: d.also for d in DEFECTS}
    mine = {(f["unit_id"], code) for f in faults for code in (f["code"], *also.get(f["defect"], ()))}
    spoken: dict[str, set[Place]] = defaultdict(set)
    for (unit, period), rows in findings.items():
        for row in rows:
            about = _concerned(row, catalogues.get(period[:4]))
            if about or (unit, row["code"]) not in mine:
                figures = about or set(catalogues[period].key_figures if period in catalogues else ())
                spoken[row["code"]] |= {(unit, period, figure) for figure in figures} & clean
    bounds = {d.code: d.bound for d in DEFECTS}
    codes = [*bounds, *sorted(set(spoken) - set(bounds))]
    return [_counted(code, Counter(p[2] for p in spoken[code]), clean, bounds.get(code, 0.0)) for code in codes]


def _counted(code: str, figures: "Counter[str]", clean: set[Place], bound: float) -> Alarms:
    most = [f"{figure} {number}" for figure, number in figures.most_common(3)]
    return Alarms(code, figures.total(), len(clean), ", ".join(most), bound)


def _concerned(row: Row, catalogue: Catalogue | None) -> set[str]:
    """The figures a finding speaks of; none where it concerns the submission."""
    if row["key_figure"]:
        return {row["key_figure"]}
    return _figures([row["data_point"]], catalogue)


def _place(row: Row) -> tuple[str, str]:
    return row["unit_id"], row["period"]


def _figures(data_points: Iterable[str], catalogue: Catalogue | None) -> set[str]:
    touched = set(data_points)
    return (
        {name for name, figure in catalogue.key_figure.items() if touched & set(figure.parts)} if catalogue else set()
    )
