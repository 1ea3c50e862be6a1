"""Series, cells and organisations explained over gRPC; a change of method as it is published."""

from typing import Any

import grpc
import pytest
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import explanation_pb2 as out
from noegletal.v1 import submission_pb2 as submission

from services.benchmark import priced
from services.catalogue import definitions
from services.notify import unpacking
from tests import moved
from tests.builders import observations
from tests.service.benchmark.test_reading import PERIOD, Running, _published, _refused, running

__all__ = ["running"]
OLD, NEW = "test+statistics-1", "uk-tsm/2024.2#abc+rules-2+statistics-1"


def _by_the_new_method(names: range, revision: int, *, shift: int = 0) -> Any:
    sent = {f"u{i:02}": [((60 + 7 * i + shift) % 100, 100)] * 8 for i in names}
    message = observations(sent, revision=revision)
    message.method_version = "uk-tsm/2024.2#abc+rules-2"
    return message


async def _median(running: Running, reader: dict[str, Any], **asked: Any) -> pb.Cell:
    request = api.GetBenchmarkRequest(**PERIOD, key_figure="RP01", **asked)
    cell: pb.Cell = (await running.stub.GetBenchmark(request, **reader)).cell
    return cell


async def test_a_new_method_is_a_series_of_its_own_and_both_are_read(running: Running) -> None:
    reader = await running.key(role=submission.ROLE_READER)
    before = await _median(running, reader)
    assert (before.vintage, before.method_version) == (16, OLD)
    # u00 to u03 hold revision 2, the others 1: assessed again in two batches; after the first nothing is shown by it.
    await running.deliver(_by_the_new_method(range(4), 2))
    half = await _median(running, reader)
    assert (half.vintage, half.method_version, half.median) == (20, OLD, before.median)
    assert (await _median(running, reader, method_version=NEW)).units == 4
    await running.deliver(_by_the_new_method(range(4, 12), 1))

    after = await _median(running, reader)
    assert (after.vintage, after.method_version, after.units) == (28, NEW, 12)
    assert after.median != before.median
    old = await _median(running, reader, method_version=OLD)
    assert (old.vintage, old.median, old.method_version) == (28, before.median, OLD)
    assert (await _median(running, reader, as_of=api.AsOf(vintage=16))).median == before.median
    published = _published(running, 28)
    assert published.method_version == NEW
    assert after.median == published.statistics[6 * list(published.key_figures).index("RP01") + 3]
    unknown = api.GetBenchmarkRequest(**PERIOD, key_figure="RP01", method_version="no")
    assert await _refused(running.stub.GetBenchmark(unknown, **reader)) == (grpc.StatusCode.NOT_FOUND, "NT-3201")


async def test_the_change_of_series_is_explained_by_the_method_alone(running: Running) -> None:
    key = await running.key("u03")
    await running.deliver(_by_the_new_method(range(4), 2))
    await running.deliver(_by_the_new_method(range(4, 12), 1))
    asked = {"unit_id": "u03", "key_figure": "RP01", "vintage_before": 20, "vintage_after": 28}
    request = api.ExplainRequest(**PERIOD, **asked)
    said = (await running.stub.Explain(request, **key)).explanation
    assert (said.method_version_before, said.method_version) == (OLD, NEW)
    change = said.after.position - said.before.position
    assert change != 0
    assert [p.position for p in said.parts] == [change, 0, 0, 0, 0, 0]
    told = [a.message for a in running.bench.outbox("standing-changed") if a.message.vintage_after == 28]  # type: ignore[union-attr]
    assert told
    assert not any(m.own_submission for m in told)  # type: ignore[union-attr]
    for message in told:
        for explained in moved.explanations(message):  # type: ignore[union-attr]
            assert sum(p.position for p in explained.parts[1:]) == 0
            assert explained.before.quartile != explained.after.quartile


async def test_a_cell_is_explained_between_publications_for_any_reader(running: Running) -> None:
    reader = await running.key(role=submission.ROLE_READER)
    await running.deliver(observations({f"v{n}": [(95, 100)] * 8 for n in range(3)}))
    request = api.ExplainCellRequest(**PERIOD, key_figure="RP01")
    said: out.CellExplanation = (await running.stub.ExplainCell(request, **reader)).explanation
    assert (said.vintage_before, said.vintage_after, said.units_before, said.units_after) == (16, 19, 12, 15)
    median = next(c for c in said.changes if c.statistic == out.CELL_STATISTIC_MEDIAN)
    # 73 74 74 75 75 76 76 77 78 79 80 81: 76.0; with three of 95: the eighth is 77.0.
    assert (median.before_shown, median.after_shown, said.decimals) == (760, 770, 1)
    assert [p.shown for p in median.parts] == [0, 0, 0, 10, 0, 0]
    assert list(median.parts[3].organisations) == ["v0", "v1", "v2"]
    assert "medianen steg 1,0 procentpoint (76,0 → 77,0): 3 nye +1,0 (v0, v1, v2)." in median.text["da"]
    assert "the median rose 1.0 percentage points (76.0 → 77.0): 3 joined +1.0 (v0, v1, v2)." in median.text["en"]
    nobody = api.ExplainCellRequest(**PERIOD, key_figure="RP01", peer_group="region=none")
    assert (await _refused(running.stub.ExplainCell(nobody, **reader)))[1] == "NT-3001"


async def test_an_organisation_sees_all_its_units(running: Running) -> None:
    sent = observations({f"u{i:02}": [(99 - 9 * i, 100)] * 8 for i in range(2)}, revision=3)
    await running.deliver(sent)
    own, reader = await running.key("u00"), await running.key(role=submission.ROLE_READER)
    request = api.ExplainOrganisationRequest(**PERIOD, page_size=5, measure=pb.MEASURE_PERCENTILE)
    answer = await running.stub.ExplainOrganisation(request, **own)
    said = answer.explanation
    assert (said.organisation_id, len(said.explanations), answer.next_page_token) == ("u00", 5, "5")
    first = said.figures[0]
    assert (first.key_figure, first.risen, first.fallen, first.level) == ("BS03", 1, 0, 0)
    assert len(said.figures) == 8
    assert {e.unit_id for e in said.explanations} == {"u00"}
    assert "percentile" in said.explanations[0].text["en"]
    rest = api.ExplainOrganisationRequest(**PERIOD, page_size=5, page_token="5")
    answer = await running.stub.ExplainOrganisation(rest, **own)
    assert (len(answer.explanation.explanations), answer.next_page_token) == (3, "")
    other = api.ExplainOrganisationRequest(**PERIOD, organisation_id="u01")
    assert (await _refused(running.stub.ExplainOrganisation(other, **own)))[0] == grpc.StatusCode.PERMISSION_DENIED
    nobody = await running.key("nobody")
    assert (await _refused(running.stub.ExplainOrganisation(request, **nobody)))[1] == "NT-3202"
    assert (await _refused(running.stub.ExplainOrganisation(request, **reader)))[0] in (
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.NOT_FOUND,
    )


async def test_a_gap_is_told_in_money_where_the_figure_is_priced(running: Running) -> None:
    catalogue = definitions.of("dk-almen", "2024")
    cost, homes = catalogue.key_figures.index("OEK-114"), priced.dwellings_rows(catalogue)[0][0]
    units: dict[str, list[tuple[int, int] | int]] = {}
    for n in range(13):  # 80 to 92 kr. per m² on 5,000 m² (scale 2), 70 homes
        sent: list[tuple[int, int] | int] = [4] * len(catalogue.key_figures)
        sent[cost], sent[homes] = ((80 + n) * 500_000, 500_000), (1, 7000)
        units[f"d{n:02}"] = sent
    message = observations(units, figures=catalogue.key_figures, groups=dict.fromkeys(units, ("all",)))
    message.scheme = "dk-almen"
    await running.deliver(message)
    units["d10"][cost] = (92 * 500_000, 500_000)
    again = observations({"d10": units["d10"]}, revision=2, figures=catalogue.key_figures, groups={"d10": ("all",)})
    again.scheme = "dk-almen"
    await running.deliver(again)
    place = {"scheme": "dk-almen", "period": "2024", "unit_id": "d10", "key_figure": "OEK-114"}
    request = api.ExplainRequest(**place, measure=pb.MEASURE_GAP)  # type: ignore[arg-type]
    said = (await running.stub.Explain(request, **await running.key("d10"))).explanation
    # Median 86 before and after: 4 → 6 kr. per m²; 6 * 5,000 = 30,000 kr. a year, over 70 homes and 12 months 35.71 kr.
    assert (said.priced.per_year_e4, said.priced.per_dwelling_month_e4) == (300_000_000, 357_143)
    assert said.text["da"].endswith("afstand til medianen +4,0 → +6,0 kr. pr. m²: egne tal +2,0.")
    assert said.priced_text["da"] == "På niveau med medianen: 30.000 kr. om året, 36 kr. pr. bolig pr. måned."
    assert said.priced_text["en"] == "At the median's level: 30,000 DKK a year, 36 DKK per dwelling and month."
    told = [a.message for a in running.bench.outbox("standing-changed") if a.message.unit_id == "d10"][-1]  # type: ignore[union-attr]
    event = next(e for e in moved.explanations(told) if e.key_figure == "OEK-114")  # type: ignore[arg-type]
    for field in ("text", "priced_text", "measure"):
        said.ClearField(field)
    assert event == said


async def test_what_is_told_is_opened_to_what_is_explained_when_asked(running: Running) -> None:
    await running.deliver(observations({"u03": [(99, 100), (1, 2), *[(5, 7)] * 6]}, revision=2))
    told: Any = [a.message for a in running.bench.outbox("standing-changed") if a.message.unit_id == "u03"][-1]  # type: ignore[union-attr]
    assert told.moved.key_figures
    event = unpacking.opened(told)
    assert len(event.explanations) == len(event.surroundings) == 8
    for one in event.explanations:
        ends = {"vintage_before": told.vintage_before, "vintage_after": told.vintage_after}
        request = api.ExplainRequest(**PERIOD, unit_id="u03", key_figure=one.key_figure, **ends)
        said = (await running.stub.Explain(request, **await running.key("u03"))).explanation
        said.ClearField("priced_text")
        assert one == said
    for name, single in unpacking.apart(told):
        whole = [o for o in zip(event.explanations, event.surroundings, strict=True) if o[0].key_figure == name]
        alone = unpacking.opened(single)
        assert list(zip(alone.explanations, alone.surroundings, strict=True)) == whole
    for torn in ("peer_group", "to_quartile_e9"):
        less = pb.StandingChanged.FromString(told.SerializeToString())
        less.moved.ClearField(torn)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="do not fit"):
            unpacking.opened(less)


async def test_a_measure_that_there_is_not_is_refused(running: Running) -> None:
    key = await running.key("u03")
    request = api.ExplainRequest(**PERIOD, unit_id="u03", key_figure="RP01", measure=9)  # type: ignore[arg-type]
    assert (await _refused(running.stub.Explain(request, **key)))[1] == "NT-3006"
