"""The faults planted in an invented sector: each as a person or a system makes it, with the code that must find it. Pure.

A new rule gets one entry in DEFECTS: its code, how often it may speak of a clean figure, and how a submission is spoilt.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from services.catalogue import amounts as scales
from services.catalogue.definitions import Catalogue

NEVER = 0.0
RARELY = 0.005  # of the clean figures
REASON = "Tallet er rigtigt: der var en stor vandskade i året."


@dataclass
class Letter:
    """One submission as its sender writes it, and what is planted in it.

    amounts, past   data point -> amount in its scale, of this period and of the one before
    rows            data point -> text; `again` is sent behind them
    profile         attribute -> what is registered instead
    touched         data points that are not what they should be
    """

    unit_id: str
    start: date
    end: date
    revision: int
    catalogue: Catalogue
    amounts: Mapping[str, int]
    past: Mapping[str, int]
    rows: dict[str, str]
    again: list[tuple[str, str]] = field(default_factory=list)
    confirmations: dict[str, str] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)

    @property
    def period(self) -> str:
        """The reporting period it belongs to: the year in which it ends, or the month it is of."""
        return str(self.end)[: 7 if self.start == self.end.replace(day=1) else 4]

    def write(self, name: str, value: int) -> None:
        """Put another number in, given in the data point's scale."""
        self.put(name, scales.natural(value, self.catalogue.data_point[name].scale))

    def put(self, name: str, text: str) -> None:
        """Put another text in."""
        self.rows[name] = text
        self.touch(name)

    def touch_all(self) -> None:
        """Nothing in the submission is what it should be."""
        self.touched.update(dict.fromkeys(self.rows))

    def leave_out(self, name: str) -> None:
        """Do not send a data point."""
        del self.rows[name]
        self.touch(name)

    def touch(self, name: str) -> None:
        """A data point is not what it should be, nor are the sums and parts that no longer agree with it."""
        self.touched[name] = None
        for other, point in self.catalogue.data_point.items():
            if name in point.sum_of or name == point.at_most:
                self.touched[other] = None

    def confirmed(self, reasons: Mapping[str, str]) -> "Letter":
        """The same sent again as the next revision, its sender standing by it."""
        return replace(self, revision=self.revision + 1, confirmations=dict(reasons))


@dataclass(frozen=True)
class Defect:
    """A fault that is planted.

    code       finds it
    bound      of the clean figures, the most that the code may speak of
    spoil      makes the fault
    when       any: in any year; past: where the year before stands without fault; first: in the first year alone
    also       codes that speak of the same thing as well
    confirm    data point or key figure -> the reason its sender stands by it with, in a second revision
    """

    name: str
    code: str
    bound: float
    spoil: Callable[[Letter], None]
    when: Literal["any", "past", "first"] = "any"
    also: tuple[str, ...] = ()
    confirm: Mapping[str, str] = field(default_factory=dict)


def _times(name: str, numerator: int, denominator: int = 1) -> Callable[[Letter], None]:
    """A data point that is a multiple of what it was the year before."""
    return lambda letter: letter.write(name, letter.past[name] * numerator // denominator)


def _per_area(name: str, ratio: int) -> Callable[[Letter], None]:
    """A cost that is so many kr. per m²; both are counted in hundredths."""
    return lambda letter: letter.write(name, letter.amounts["bruttoareal"] * ratio)


def _swapped(letter: Letter) -> None:
    letter.write("reparationer_til_tiden", letter.amounts["reparationer"] + 1)


def _nothing_to_divide_by(letter: Letter) -> None:
    letter.write("genudlejninger", 0)
    letter.write("tomdage", 120)


def _sent_twice(letter: Letter) -> None:
    letter.again.append(("konto_110", letter.rows["konto_110"]))
    letter.touch("konto_110")


def _reason_too_short(letter: Letter) -> None:
    _per_area("konto_114", 300)(letter)
    letter.confirmations["OEK-114"] = "ok"


def _reason_for_nothing(letter: Letter) -> None:
    letter.confirmations["konto_119"] = REASON
    letter.touch("konto_119")


def _unknown_name(letter: Letter) -> None:
    letter.again.append(("konto_1114", "1200"))


def _registered(attribute: str, value: str, *touched: str) -> Callable[[Letter], None]:
    """Something in the unit's profile, and the data points it spoils."""

    def spoil(letter: Letter) -> None:
        letter.profile[attribute] = value
        for name in touched:
            letter.touch(name)

    return spoil


def _period(move: Callable[[date], date] | None, end: Callable[[date], date] | None) -> Callable[[Letter], None]:
    """Another accounting period; everything in it is then of other days."""

    def spoil(letter: Letter) -> None:
        letter.start = move(letter.start) if move else letter.start
        letter.end = end(letter.end) if end else letter.end
        letter.touch_all()

    return spoil


def _a_century_ago(day: date) -> date:
    return day.replace(year=day.year - 100)


def _half_a_year_on(day: date) -> date:
    return (day + timedelta(days=182)).replace(day=1)


def _half_a_year_back(day: date) -> date:
    return (day - timedelta(days=182)).replace(day=1)


def _two_weeks_back(day: date) -> date:
    return day - timedelta(days=14)


def _last_month(letter: Letter) -> None:
    letter.start = letter.end.replace(day=1)
    letter.touch_all()


def _days_and_average_disagree(letter: Letter) -> None:
    letter.again.append(("bolig_dage", str(letter.amounts["boliger"] // 100 * 300)))
    letter.touch("boliger")


def _cost_as_income(letter: Letter) -> None:
    letter.write("konto_105", -50 * letter.amounts["bruttoareal"])


DEFECTS: tuple[Defect, ...] = (
    Defect("missing-data-point", "NT-2001", NEVER, lambda letter: letter.leave_out("konto_110")),
    Defect("not-a-number", "NT-2002", NEVER, lambda letter: letter.put("konto_110", "ca. 75.000")),
    Defect("negative", "NT-2003", NEVER, lambda letter: letter.write("konto_110", -letter.amounts["konto_110"])),
    Defect("too-large", "NT-2005", NEVER, lambda letter: letter.put("konto_110", "100000000000000")),
    Defect("unknown-data-point", "NT-2006", NEVER, _unknown_name),
    Defect("sent-twice", "NT-2007", NEVER, _sent_twice),
    Defect("unknown-attribute", "NT-2008", NEVER, _registered("built", "1899 ombygget"), when="first"),
    Defect("denominator-0", "NT-2009", NEVER, _nothing_to_divide_by),
    # it is also said where account 107 does not apply: the area is there, the account is not
    Defect("one-part-blank", "NT-2010", 0.03, lambda letter: letter.put("konto_110", "")),
    Defect("hard-range", "NT-2011", NEVER, _per_area("konto_114", 4000)),
    Defect("soft-range", "NT-2012", RARELY, _per_area("konto_114", 300)),
    Defect("soft-range-confirmed", "NT-2012", RARELY, _per_area("konto_114", 300), confirm={"OEK-114": REASON}),
    Defect(
        "sum-is-not-its-parts",
        "NT-2013",
        NEVER,
        lambda letter: letter.write("konto_201", letter.amounts["konto_201"] + 100),
    ),
    Defect("part-above-whole", "NT-2014", NEVER, _swapped),
    Defect("doubled", "NT-2015", RARELY, _times("konto_110", 2), when="past"),
    Defect("doubled-confirmed", "NT-2015", RARELY, _times("konto_110", 2), when="past", confirm={"OEK-110": REASON}),
    Defect("decimal-moved", "NT-2016", RARELY, _times("konto_110", 1, 10), when="past"),
    Defect("ten-times", "NT-2016", RARELY, _times("konto_122", 10), when="past"),
    Defect("in-thousands", "NT-2016", RARELY, _times("konto_120", 1, 1000), when="past"),
    Defect("copied", "NT-2017", RARELY, _times("konto_115", 1), when="past"),
    Defect("another-area", "NT-2018", RARELY, _times("bruttoareal", 7, 10), when="past"),
    Defect("reason-too-short", "NT-2019", NEVER, _reason_too_short),
    Defect("reason-for-nothing", "NT-2020", NEVER, _reason_for_nothing),
    Defect("cost-as-income", "NT-2022", RARELY, _cost_as_income, when="past"),
    Defect(
        "degree-days-mixed",
        "NT-2031",
        NEVER,
        _registered("degree_day_method", "elo", "varmeforbrug", "co2"),
        when="first",
    ),
    Defect(
        "unknown-use",
        "NT-2032",
        NEVER,
        _registered("building_use", "vandtårn", "varmeforbrug", "co2"),
        when="first",
        also=("NT-2008",),
    ),
    Defect("meters-read-inside-a-month", "NT-2033", NEVER, _period(_two_weeks_back, _two_weeks_back), when="first"),
    Defect("day-sum-and-average", "NT-2034", NEVER, _days_and_average_disagree),
    Defect("part-year", "NT-2035", NEVER, _period(_half_a_year_on, None), also=("NT-2105",)),
    Defect("part-year-cost", "NT-2036", NEVER, _period(_half_a_year_on, None), also=("NT-2105",)),
    Defect("a-single-month", "NT-2037", NEVER, _last_month),
    Defect("another-century", "NT-2103", NEVER, _period(_a_century_ago, _a_century_ago)),
    Defect("eighteen-months", "NT-2104", NEVER, _period(_half_a_year_back, None)),
    Defect("months-between", "NT-2105", NEVER, _period(_half_a_year_on, None), when="past"),
    Defect("days-twice", "NT-2106", NEVER, _period(_two_weeks_back, _two_weeks_back), when="past"),
)
GAP = "NT-2105"  # also said where a year between two others is missing

NOT_PLANTABLE = {  # code -> why no submission of the scheme raises it in one run of a simulated sector
    "NT-2004": "every share's numerator is declared a part of its denominator, so NT-2014 speaks first",
    "NT-2021": "fences are the quartiles of an earlier run; a first run has none",
    "NT-2023": "no key figure of the scheme says how large its base must be",
    "NT-2024": "no data point of the scheme says what it goes beside",
    "NT-2030": "the scheme's tables have every month of its years",
    "NT-2101": "a date that is none is refused at the door, by NT-1008",
    "NT-2102": "the scheme takes parts of years and months, so NT-2104 speaks",
    "NT-2107": "a unit and its predecessor reach the rules in no fixed order, and only the later of them can be told",
}
