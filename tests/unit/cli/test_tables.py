"""Files as people make them: read in any column order, faults told with their lines, numbers exact."""

from pathlib import Path

from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.cli import tables
from services.cli.show import number
from services.cli.tables import Faults

CATALOGUE = definitions.of("uk-tsm", "2024")
HEAD = "unit_id,period_start,period_end,data_point,value"


def _read(tmp_path: Path, text: str) -> tuple[list[pb.Submission], list[str]]:
    path = tmp_path / "s.csv"
    path.write_bytes(text.encode())
    faults = Faults()
    return tables.read_submissions(path, "uk-tsm", CATALOGUE, faults), faults.found


def test_long_form_becomes_a_submission_per_unit_period_and_revision(tmp_path: Path) -> None:
    found, faults = _read(
        tmp_path,
        f"{HEAD},revision,confirmation\n"
        "A,2023-04-01,2024-03-31,RP01.numerator,5,2,checked\n"
        "A,2023-04-01,2024-03-31,TP01_LCRA.numerator,220.4,1,\n"
        "A,2023-04-01,2024-03-31,RP01.denominator,[E],2,\n"
        "B,2023-04-01,2024-03-31,RP01.numerator,,,\n"
        "B,2023-04-01,2024-03-31,RP01.denominator,12x,,\n",
    )
    assert faults == []
    assert [(s.unit_id, s.revision) for s in found] == [("B", 0), ("A", 1), ("A", 2)]
    assert found[1].amounts[0].value == 2204
    assert found[2].amounts[1].missing == pb.MISSING_REASON_EXCLUDED
    assert (found[2].confirmations[0].what, found[2].confirmations[0].reason) == ("RP01.numerator", "checked")
    assert found[0].amounts[0].missing == pb.MISSING_REASON_BLANK
    assert found[0].amounts[1].unreadable == "12x"


def test_the_same_file_again_has_the_same_ids_and_another_value_another(tmp_path: Path) -> None:
    row = "A,2023-04-01,2024-03-31,RP01.numerator,{}\n"
    first, second, other = (_read(tmp_path, f"{HEAD}\n" + row.format(v))[0][0].submission_id for v in (5, 5, 6))
    assert first == second != other


def test_columns_in_any_order_behind_a_byte_order_mark_with_windows_line_ends(tmp_path: Path) -> None:
    found, faults = _read(
        tmp_path,
        "\ufeffvalue,data_point,period_end,period_start,unit_id\r\n5,RP01.numerator,2024-03-31,2023-04-01,A\r\n",
    )
    assert faults == []
    assert (found[0].unit_id, found[0].amounts[0].value) == ("A", 5)


def test_every_fault_has_its_line(tmp_path: Path) -> None:
    _, faults = _read(tmp_path, f"{HEAD},revision\nA,2023-04-01,2024-03-31,RP01.numerator,5,x\nA,2023-04-01\n")
    assert faults == [
        "NT-9201 s.csv:2 revision »x« is no whole number; write 1, 2, … or leave it empty",
        "NT-9201 s.csv:3 has not 6 columns",
    ]
    _, faults = _read(tmp_path, "unit,value\n")
    assert faults == [
        "NT-9201 s.csv:1 lacks the column unit_id, period_start, period_end, data_point; there is unit, value"
    ]


def test_a_number_too_large_for_64_bits_travels_as_it_stands(tmp_path: Path) -> None:
    found, _ = _read(tmp_path, f"{HEAD}\nA,2023-04-01,2024-03-31,RP01.numerator,99999999999999999999\n")
    assert found[0].amounts[0].unreadable == "99999999999999999999"


def test_units_take_other_columns_as_attributes(tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text('organisation_id,unit_id,size_band,holder_id,note\no,A,"<5,000",h,\n')
    faults = Faults()
    (unit,) = tables.read_units(path, faults)
    assert (unit.unit_id, unit.organisation_id, unit.holder_id, unit.attributes) == (
        "A",
        "o",
        "h",
        {"size_band": "<5,000"},
    )
    assert faults.found == []


def test_numbers_for_people() -> None:
    assert [number(v, d, "da") for v, d in ((1234567.891, 2), (0.5, 0), (-3.14159, 1))] == ["1.234.567,89", "0", "-3,1"]
    assert number(1234.5, 1, "en") == "1,234.5"


def test_a_withdrawal_is_one_line_without_a_data_point(tmp_path: Path) -> None:
    found, faults = _read(
        tmp_path,
        f"{HEAD},revision,withdraw\n"
        "A,2023-04-01,2024-03-31,RP01.numerator,5,1,no\n"
        "A,2023-04-01,2024-03-31,,,2,ja\n"
        "B,2023-04-01,2024-03-31,RP01.numerator,5,1,perhaps\n",
    )
    assert faults == ["NT-9201 s.csv:4 withdraw »perhaps« is neither yes nor no; write yes, or leave it empty"]
    assert [(s.unit_id, s.revision, s.withdraw, len(s.amounts)) for s in found[:2]] == [
        ("A", 1, False, 1),
        ("B", 1, False, 1),
    ]
    assert (found[2].revision, found[2].withdraw, len(found[2].amounts)) == (2, True, 0)


def test_a_line_that_names_a_key_figure_confirms_it_and_delivers_nothing(tmp_path: Path) -> None:
    (found,), faults = _read(
        tmp_path, f"{HEAD},confirmation\nA,2023-04-01,2024-03-31,RP01,,There was a flood this year\n"
    )
    assert faults == []
    assert not found.amounts
    assert (found.confirmations[0].what, found.confirmations[0].reason) == ("RP01", "There was a flood this year")


def test_earlier_periods_are_sent_first_whatever_their_revision(tmp_path: Path) -> None:
    found, _ = _read(
        tmp_path,
        f"{HEAD},revision\n"
        "A,2024-04-01,2025-03-31,RP01.numerator,5,1\n"
        "A,2023-04-01,2024-03-31,RP01.numerator,5,2\n"
        "A,2023-04-01,2024-03-31,RP01.numerator,5,1\n",
    )
    assert [(s.period_end, s.revision) for s in found] == [("2024-03-31", 1), ("2024-03-31", 2), ("2025-03-31", 1)]
