"""A short catalogue file: what it may leave out, and that the product's own files leave nothing out."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from services.catalogue import definitions
from services.catalogue.defaults import completed
from services.catalogue.definitions import CatalogueError

README = (definitions.FOLDER / "README.md").read_text()
EXAMPLE = re.search(r"```toml\n(.*?)```", README, re.DOTALL)[1]  # type: ignore[index]


def test_the_documented_example_has_ten_lines_and_loads(tmp_path: Path) -> None:
    path = tmp_path / "kolonihaver.toml"
    path.write_text(EXAMPLE)
    catalogue = definitions.load(path)

    assert len(EXAMPLE.splitlines()) == 10
    assert (catalogue.scheme, catalogue.year, catalogue.ladder) == ("kolonihaver", 2024, ((),))
    figure = catalogue.key_figure["VAND"]
    assert (figure.name.da, figure.name.en) == ("Vand pr. have", "Water per plot")
    assert figure.finding.da == "Vand pr. have: {value} hos jer, {position}."
    assert figure.how.en == "Water, divided by Plots."
    assert (figure.show.unit.da, figure.show.factor, figure.show.decimals) == ("m³ pr. have", 1, 1)
    assert (figure.better, figure.kind, figure.status) == ("none", "rate", "published")


@pytest.mark.parametrize("line", ["publicity", "source", "example", "numerator", "denominator"])
def test_what_nobody_can_guess_must_be_said(tmp_path: Path, line: str) -> None:
    path = tmp_path / "short.toml"
    path.write_text("\n".join(text for text in EXAMPLE.splitlines() if not text.startswith(line)))
    with pytest.raises(CatalogueError) as refused:
        definitions.load(path)
    assert f"key_figure.VAND.{line}: is missing; add it" in refused.value.faults


@pytest.mark.parametrize(
    "path", sorted(definitions.FOLDER.glob("*/[0-9]*.toml")), ids=lambda p: f"{p.parent.name}-{p.stem}"
)
def test_the_products_own_files_leave_nothing_out(path: Path) -> None:
    content = tomllib.loads(path.read_text(), parse_float=Decimal)
    assert completed(content) == content
    for figure in content["key_figure"].values():
        assert {"why", "how", "owner", "reviewed", "source"} <= set(figure)


def test_a_name_of_the_products_own_schemes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(EXAMPLE.replace("kolonihaver", "uk-tsm"))
    with pytest.raises(CatalogueError) as refused:
        definitions.bring(str(path))
    assert refused.value.faults == ["scheme: uk-tsm is the product's own; give yours another name"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        definitions.bring(str(tmp_path / "nowhere.toml"))
