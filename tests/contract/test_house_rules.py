"""The rules of CONTRIBUTING that can be counted."""

import re
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

from services.chassis.config import ServiceSettings

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("ingest", "validate", "benchmark", "notify")
DRAWERS = {"utils", "util", "common", "helpers", "helper", "misc", "base", "exceptions"}


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def _sources() -> list[Path]:
    return [p for p in _tracked("*.py") if "gen" not in p.relative_to(ROOT).parts]


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_no_file_over_300_lines() -> None:
    assert {str(p.relative_to(ROOT)): _lines(p) for p in _sources() if _lines(p) > 300} == {}


def test_the_median_file_of_the_product_stays_small() -> None:
    product = [
        _lines(p) for p in _sources() if p.relative_to(ROOT).parts[0] in ("services", "deploy") and _lines(p) > 1
    ]
    assert median(product) <= 130


@pytest.mark.parametrize("service", SERVICES)
def test_app_is_a_table_of_contents(service: str) -> None:
    assert _lines(ROOT / "services" / service / "app.py") <= 120


def test_no_drawers() -> None:
    names = {part for p in _sources() for part in (*p.relative_to(ROOT).parts[:-1], p.stem)}
    assert names & DRAWERS == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_readme_has_the_four_headings(service: str) -> None:
    text = (ROOT / "services" / service / "README.md").read_text()
    assert re.findall(r"^## (.+)$", text, re.M) == ["Consumes", "Produces", "Keeps", "Fails"]
    assert len(text.splitlines()) <= 60


def test_one_place_meets_bugs() -> None:
    catching = [p for p in _sources() if re.search(r"except (Base)?Exception\b(?!Group)", p.read_text())]
    places = {str(p.relative_to(ROOT)) for p in catching if p.relative_to(ROOT).parts[0] in ("services", "deploy")}
    own = {"services/chassis/consumer.py", "services/chassis/service.py"}
    assert places <= own | {"services/chassis/group.py"}  # called from C, which cannot raise: raised behind it


def test_every_setting_is_described() -> None:
    described = (ROOT / "deploy" / "README.md").read_text()
    names = set()
    mail, shared = ROOT / "services" / "notify" / "mail_settings.py", ROOT / "services" / "chassis" / "config.py"
    for path in [shared, mail, *(ROOT / "services" / s / "app.py" for s in SERVICES)]:
        for block in re.findall(r"class \w*Settings\(\w+\):\n((?:    .*\n|\n)+)", path.read_text()):
            names |= {"NOEGLETAL_" + n.upper() for n in re.findall(r"^    ([a-z_]+): ", block, re.M)}
    assert names, "no settings found: the test looks in the wrong place"
    assert {n for n in names if f"`{n}`" not in described} == set()


def test_what_a_setting_is_without_being_set_is_described_as_it_is() -> None:
    described = (ROOT / "deploy" / "README.md").read_text()
    told = dict(re.findall(r"^\| `NOEGLETAL_([A-Z_]+)` \| .* \| `([^`]+)` \|$", described, re.M))
    shared = {name.upper(): field.default for name, field in ServiceSettings.model_fields.items()}
    assert {
        name: default for name, default in told.items() if str(shared[name]).lower().removesuffix(".0") != default
    } == {}
    assert len(told) > len(shared) // 2


def test_nothing_is_left_open_or_slept_on() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError|mark\.(skip|xfail)|time\.sleep\(")
    me = Path(__file__)
    assert [str(p.relative_to(ROOT)) for p in _sources() if p != me and pattern.search(p.read_text())] == []


def test_no_wait_loses_a_cancellation() -> None:
    """Until Python 3.12 `asyncio.wait_for` does where what it waits for comes in the same moment: a service does not stop then."""
    product = [p for p in _sources() if p.relative_to(ROOT).parts[0] in ("services", "deploy")]
    assert [str(p.relative_to(ROOT)) for p in product if "asyncio.wait_for(" in p.read_text()] == []


def test_no_paths_of_a_machine_and_no_registry_hosts() -> None:
    hosts = "|".join(["pypi" + r"\.org", "npm" + "js", "maven" + r"\.apache", "crates" + r"\.io"])
    paths = "|".join(["/wo" + "rk/", "/ro" + "ot/", "/ho" + r"me/[a-z]"])
    pattern = re.compile(f"{hosts}|(?<![\\w.])(?:{paths})")
    texts = _tracked("*.py", "*.md", "*.toml", "*.yaml", "*.yml", "Makefile", ".ci/run")
    found = [str(p.relative_to(ROOT)) for p in texts if pattern.search(p.read_text())]
    assert found == []


def test_import_rules_hold() -> None:
    checked = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
