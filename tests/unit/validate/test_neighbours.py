"""Gaps, overlaps and merged departments: what stands around an account, and what holds until it is confirmed."""

from datetime import date

import pytest

from services.catalogue import codes, definitions
from services.validate import neighbours, periods, rules
from services.validate.account import Accepted
from services.validate.finding import Severity
from services.validate.history import History, Merged
from services.validate.key_figures import Absence, Pair
from services.validate.neighbours import Account, Around
from services.validate.packed import Packed
from services.validate.periods import Period
from services.validate.profile import predecessors
from services.validate.rules import Assessment
from services.validate.verdicts import Delivery

CATALOGUE = definitions.of("dk-almen", "2024")


def _period(start: str, end: str) -> Period:
    period = periods.read(start, end)
    assert isinstance(period, Period)
    return period


YEAR = _period("2024-01-01", "2024-12-31")


def _account(start: str, end: str, unit: str = "7-12") -> Account:
    return Account(unit, date.fromisoformat(start), date.fromisoformat(end))


Y2023, Y2025 = _account("2023-01-01", "2023-12-31"), _account("2025-01-01", "2025-12-31")
SHIFTED = _account("2022-07-01", "2023-06-30")


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ([], []),
        ([Y2023, Y2025], []),
        ([SHIFTED], [("NT-2105", "2023-07-01", "2023-12-31")]),
        ([SHIFTED, Y2023], []),
        ([_account("2026-01-01", "2026-12-31")], [("NT-2105", "2025-01-01", "2025-12-31")]),
        ([_account("2024-07-01", "2025-06-30")], [("NT-2106", "2024-07-01", "2025-06-30")]),
        ([_account("2023-07-01", "2024-01-01"), SHIFTED], [("NT-2106", "2023-07-01", "2024-01-01")]),
    ],
)
def test_what_stands_around_a_year(own: list[Account], told: list[tuple[str, str, str]]) -> None:
    found = list(neighbours.found(YEAR, own, []))
    said = [(f.code, f.parameters.get("other_start", f.parameters["start"]), "") for f in found]
    assert [s[:2] for s in said] == [t[:2] for t in told]
    assert [f.parameters.get("other_end", f.parameters["end"]) for f in found] == [t[2] for t in told]
    for finding in found:
        words = codes.words(finding.code, finding.parameters)["da"]
        assert "–" not in words.replace(" – ", "")


def test_a_month_has_no_gaps_and_no_overlaps() -> None:
    assert list(neighbours.found(_period("2024-06-01", "2024-06-30"), [SHIFTED, Y2023], [])) == []


def _assess(reason: str = "") -> Assessment:
    around = Around(tuple(neighbours.found(YEAR, [_account("2024-07-01", "2025-06-30")], [])))
    sent = {"konto_114": 42000000, "bruttoareal": 500000, "ledige": 1, "boliger": 7000}
    confirmations = {"period": reason} if reason else {}
    return rules.assess(Delivery(sent, {}, confirmations=confirmations, period=YEAR), CATALOGUE, around=around)


def _result(assessment: Assessment, figure: str) -> Pair | Absence:
    return next(f.result for f in assessment.figures if f.key_figure == figure)


def test_an_overlap_holds_what_adds_up_over_days_and_nothing_else() -> None:
    held = _assess()
    assert (_result(held, "OEK-114"), _result(held, "UDL-LED")) == (Absence.HELD, Pair(100, 7000))
    assert next(f.held for f in held.figures if f.key_figure == "OEK-114") == Pair(42000000, 500000)
    assert "konto_114" not in held.amounts


def test_a_reason_for_the_period_lets_it_go_and_is_used() -> None:
    assessment = _assess("Året blev lagt om fra juli.")
    assert _result(assessment, "OEK-114") == Pair(42000000, 500000)
    assert {f.code for f in assessment.findings if f.code in ("NT-2106", "NT-2019", "NT-2020")} == {"NT-2106"}
    assert next(f for f in assessment.findings if f.code == "NT-2106").parameters["reason"].startswith("Året")


def test_a_reason_too_short_lets_nothing_go_and_one_nobody_asked_for_is_said() -> None:
    short = _assess("ok")
    assert _result(short, "OEK-114") is Absence.HELD
    assert "NT-2019" in {f.code for f in short.findings}
    alone = rules.assess(Delivery({}, {}, confirmations={"period": "Vi har set efter."}, period=YEAR), CATALOGUE)
    assert [f.parameters["what"] for f in alone.findings if f.code == "NT-2020"] == ["period"]


def _kept(
    unit: str, period: str, amounts: dict[str, int], *, start: str = "", end: str = "", organisation: str = "7"
) -> Accepted:
    whole = not start
    return Accepted(
        receipt_id=f"{unit}-{period}",
        scheme="dk-almen",
        unit_id=unit,
        organisation_id=organisation,
        period=period,
        kind="year" if whole else "part_year",
        period_start=start or f"{period}-01-01",
        period_end=end or f"{period}-12-31",
        revision=1,
        withdrawn=False,
        amounts=Packed.of(amounts, [*amounts]),
    )


def test_a_merged_units_past_is_the_sum_of_what_all_of_its_predecessors_have() -> None:
    history = History(
        [
            _kept("A", "2023", {"konto_114": 10, "boliger": 3000, "konto_110": 7}),
            _kept("B", "2023", {"konto_114": 30, "boliger": 4000}),
            _kept("B", "2022", {"konto_114": 1}),
        ]
    )
    previous = history.before("dk-almen", "AB", "2024", Merged("7", ("A", "B")))
    assert previous is not None
    assert (previous.period, previous.amounts) == ("2023", {"konto_114": 40, "boliger": 7000})
    assert history.before("dk-almen", "AB", "2023", Merged("7", ("A", "B"))) is None  # A has no 2022
    assert history.before("dk-almen", "AB", "2024", Merged("7", ("A", "C"))) is None


def test_a_units_own_past_goes_before_its_predecessors() -> None:
    past = [_kept(unit, "2023", {"konto_114": n}) for unit, n in (("A", 10), ("AB", 45))]
    previous = History(past).before("dk-almen", "AB", "2024", Merged("7", ("A",)))
    assert previous is not None
    assert previous.amounts == {"konto_114": 45}


def test_a_part_of_a_year_is_nobodys_year_before() -> None:
    past = _kept("A", "2023", {"konto_114": 10}, start="2023-07-01", end="2023-12-31")
    assert History([past]).before("dk-almen", "A", "2024") is None


def test_a_predecessor_that_stands_in_the_same_days_counts_twice() -> None:
    half = _kept("A", "2024", {"konto_114": 10}, start="2024-01-01", end="2024-06-30")
    history = History([half, _kept("B", "2023", {"konto_114": 10})])
    whole = history.around("dk-almen", "AB", YEAR, Merged("7", ("A", "B"))).findings
    assert [(f.code, f.severity, f.parameters["unit"]) for f in whole] == [("NT-2107", Severity.CONFIRM, "A")]
    after = history.around("dk-almen", "AB", _period("2024-07-01", "2024-12-31"), Merged("7", ("A", "B"))).findings
    assert after == ()


def test_who_a_unit_was_merged_from() -> None:
    assert predecessors({"merged_from": " 7-13;7-12 ;;7-12"}) == ("7-12", "7-13")
    assert predecessors({"region": "x"}) == ()


def test_nobody_reads_another_organisations_amounts_by_naming_its_unit() -> None:
    history = History([_kept("A", "2023", {"konto_114": 10}), _kept("A", "2024", {"konto_114": 11})])
    for organisation, found in (("7", 1), ("8", 0)):
        merged = Merged(organisation, ("A",))
        assert (history.before("dk-almen", "AB", "2024", merged) is not None) is bool(found)
        assert len(history.around("dk-almen", "AB", YEAR, merged).findings) == found


def test_a_unit_is_no_predecessor_of_itself() -> None:
    history = History([_kept("A", "2024", {"konto_114": 11})])
    assert history.around("dk-almen", "A", YEAR, Merged("7", ("A",))).findings == ()
