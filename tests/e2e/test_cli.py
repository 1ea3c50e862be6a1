"""`noegletal` as a person types it: exit codes, `up` with everything that reads from it, `demo`, and nothing left behind."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from tests.e2e import sector

ROOT = Path(__file__).resolve().parents[2]


def noegletal(*words: str, cache: Path | None = None, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "services.cli.main", *words]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=ROOT,
        env=_environment(cache, environment),
    )


def _environment(cache: Path | None, more: dict[str, str]) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("NOEGLETAL_")}
    return clean | ({"NOEGLETAL_CACHE": str(cache)} if cache else {}) | more


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--help"], 0, "Exit codes: 0 ok"),
        (["demo", "--help"], 0, "noegletal demo"),
        (["demmo"], 2, "demo"),
        (["run"], 2, "--units"),
        (["explain", "00AA", "RP1"], 2, "Did you mean: RP01"),
        (["explain-code", "NT-2004"], 0, "larger than the denominator"),
        (["explain-code", "NT-2004", "--lang", "da"], 0, "større end nævneren"),
        (["explain-code", "NT-9999"], 2, "NT-9205"),
        (["benchmarks", "--lang", "fr"], 2, "--lang is da or en"),
        (["submit", "nowhere.xlsx"], 2, "NT-9201 nowhere.xlsx:0 does not exist"),
        (["submit", "nowhere.xlsx", "--lang", "fr"], 2, "--lang is da or en"),
        (["undo"], 2, "submission"),
        (
            ["template", "--organisation", "o", "--period", "24", "--out", "t.xlsx"],
            2,
            "--period is a year such as 2024",
        ),
        (["reproduce", "uk-tsm/2024/RP01"], 2, "NT-3212"),
        (["explain-organisation", "00AA", "--about", "luck"], 2, "--about is position, percentile, quartile or gap"),
        (["topics", "list"], 0, "observations-accepted"),
        (["topics", "apply", "--kafka", "127.0.0.1:1"], 3, "NT-9105"),
        (["run", "--units", "x", "--submissions", "y", "--export", "z", "--quantile-type", "9"], 2, "7 or 8"),
        (["run", "--units", "x", "--submissions", "y", "--export", "z", "--scheme", "uk-tsn"], 2, "NT-2103"),
    ],
)
def test_exit_codes_and_plain_words(tmp_path: Path, words: list[str], code: int, said: str) -> None:
    done = noegletal(*words, cache=tmp_path)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["status"], ["benchmarks"], ["watch"]])
def test_nothing_runs(tmp_path: Path, words: list[str]) -> None:
    done = noegletal(*words, cache=tmp_path)
    assert done.returncode == 3
    assert "NT-9202 nothing is known to run: start it with `noegletal up`" in done.stderr


@dataclass
class Up:
    """A running `noegletal up`."""

    process: "subprocess.Popen[str]"
    cache: Path
    said: list[str]


def _up(cache: Path, *words: str) -> Up:
    command = [sys.executable, "-m", "services.cli.main", "up", *words]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=_environment(cache, {}))
    up = Up(process, cache, [])
    assert process.stderr is not None
    for line in process.stderr:
        up.said.append(line)
        if "Ctrl-C ends everything" in line:
            return up
    raise AssertionError("".join(up.said))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place of its own for what `up` writes down; the jars come from the usual one."""
    folder = tmp_path_factory.mktemp("cache")
    from deploy.kafka_jars import cache_folder

    (cache_folder() / "kafka").mkdir(parents=True, exist_ok=True)
    (folder / "kafka").symlink_to(cache_folder() / "kafka")
    return folder


@pytest.fixture(scope="module")
def up(cache: Path) -> Iterator[Up]:
    running = _up(cache)
    yield running
    running.process.send_signal(signal.SIGINT)
    running.process.wait(30)


def test_up_is_ready_and_everything_reads_from_it(up: Up, tmp_path: Path) -> None:
    assert (up.cache / "up.json").stat().st_mode & 0o777 == 0o600
    done = noegletal("status", cache=up.cache)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" ready ") == 4

    done = noegletal(
        "submit",
        str(sector.FOLDER / "submissions.csv"),
        "--units",
        str(sector.FOLDER / "units.csv"),
        "--quiet",
        cache=up.cache,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("accepted 8, held 0, refused 0, missing 0") > 300

    def there() -> "subprocess.CompletedProcess[str] | None":
        found = noegletal("benchmarks", "--figure", "RP01", "--json", cache=up.cache)
        return found if found.returncode == 0 and json.loads(found.stdout)["vintage"] == "720" else None

    cell = json.loads(_until(there, "the benchmarks").stdout)
    assert (cell["units"], cell["expected"], cell["numerator_sum"]) == (349, 360, "124900")

    wrong = tmp_path / "wrong.csv"
    wrong.write_text(
        "unit_id,period_start,period_end,data_point,value,organisation_id\n"
        "00AA,2023-04-01,2024-03-31,RP01.numerator,12x,00AA\n00AA,2023-04-01,2024-03-31,RP01.denominator,100,00AA\n"
    )
    done = noegletal("submit", str(wrong), "--lang", "da", cache=up.cache)
    assert done.returncode == 1
    assert "NT-1127 E2 · RP01.numerator: »12x« har en anden enhed" in done.stdout
    assert ("afvist 1" in done.stdout, "NT-2002" in done.stdout) == (
        True,
        False,
    )  # the amount is refused, and told once
    assert "Traceback" not in done.stderr

    done = noegletal("explain", "00AA", "BS03", cache=up.cache)
    assert done.returncode == 0, done.stderr
    assert "no longer in" in done.stdout
    done = noegletal("explain", "00AB", "BS03", "--lang", "da", "--from", "400", cache=up.cache)
    assert done.returncode == 0, done.stderr
    assert re.search(r"Asbestgennemgang udført: nr\. \d+", done.stdout)

    done = noegletal("benchmarks", "--group", "no=such", cache=up.cache)
    assert (done.returncode, "NT-3001" in done.stderr) == (2, True)
    done = noegletal("benchmarks", cache=up.cache, NOEGLETAL_KEY="nt00.wrong")
    assert (done.returncode, "NT-1001" in done.stderr) == (4, True)


def test_a_workbook_goes_out_comes_in_marked_goes_in_corrected_and_is_undone(up: Up, tmp_path: Path) -> None:
    units, tal, ret = (tmp_path / name for name in ("units.csv", "tal.xlsx", "tal-ret.xlsx"))
    units.write_text("unit_id,organisation_id,type,name\nafd-1,boligby,familie,Æblehaven\nafd-2,boligby,familie,Pil\n")
    first = tmp_path / "first.csv"
    first.write_text(f"{CLEANING};Afdelings-id\n612.000,50;afd-1\n700000;afd-2\n", encoding="cp1252")
    sent = noegletal(
        "submit", str(first), "--scheme", "dk-almen", "--units", str(units), "--lang", "da", cache=up.cache
    )
    assert (sent.returncode, "NT-1119 B2: perioden mangler" in sent.stdout) == (1, True), sent.stdout + sent.stderr

    asked = ["template", "--organisation", "boligby", "--period", "2024", "--out", str(tal)]
    assert noegletal(*asked, cache=up.cache).returncode == 0
    _fill(tal, tal, {"afd-1": "620.5", "afd-2": 712_000})
    preview = noegletal("submit", str(tal), "--dry-run", "--lang", "da", cache=up.cache)
    assert "1 af 2 tal er klar, 1 skal rettes" in preview.stderr
    wrong = noegletal("submit", str(tal), "--lang", "da", cache=up.cache)
    assert wrong.returncode == 1
    assert "»620.5« er ikke et dansk tal. Mener I 620,5?" in wrong.stdout
    assert "Traceback" not in wrong.stderr

    _fill(ret, ret, {"afd-1": 620_000.5})
    right = noegletal("submit", str(ret), "--json", cache=up.cache)
    assert right.returncode == 0, right.stdout + right.stderr
    rows = json.loads(right.stdout.splitlines()[0])["upload"]["rows"]
    assert [r["outcome"] for r in rows] == ["UPLOAD_OUTCOME_SENT", "UPLOAD_OUTCOME_UNCHANGED"]
    undone = noegletal("undo", rows[0]["receipt"]["submission_id"], "--lang", "da", cache=up.cache)
    assert "Afdeling afd-1: revision 1 gælder igen, nu som revision 3." in undone.stdout


CLEANING = "Renholdelse (konto 114), kr."


def _fill(source: Path, target: Path, amounts: dict[str, object]) -> None:
    """Write amounts into the column of cleaning, by unit."""
    book = openpyxl.load_workbook(source)
    sheet = book["Indberetning"]
    column = next(cell.column for cell in sheet[1] if cell.value == CLEANING)
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, 1).value in amounts:
            sheet.cell(row, column).value = amounts[sheet.cell(row, 1).value]
    book.save(target)


def test_watch_shows_what_there_is(up: Up) -> None:
    command = [sys.executable, "-m", "services.cli.main", "watch", "--group", "all", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=_environment(up.cache, {}))
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    assert (first["snapshot"], first["update"]["peer_group"]) == (True, "all")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)  # also what it still writes: a full pipe would keep it
    assert process.returncode == 130


def test_split_up_killed_leaves_no_process_and_ctrl_c_ends_in_time(cache: Path, tmp_path: Path) -> None:
    running = _up(cache, "--split", "--data", str(tmp_path / "a"))
    assert len(_processes(tmp_path)) >= 5
    running.process.kill()
    running.process.wait()
    _until(lambda: not _processes(tmp_path) or None, "every process to end")

    running = _up(cache, "--split", "--data", str(tmp_path / "a"))
    began = time.monotonic()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    print(f"all gone {time.monotonic() - began:.1f} s after Ctrl-C")
    assert not _processes(tmp_path)


def test_demo_shows_everything_it_promises() -> None:
    began = time.monotonic()
    done = noegletal("demo")
    print(f"demo took {time.monotonic() - began:.1f} s")
    assert done.returncode == 0, done.stdout + done.stderr
    for promised in (
        "300 landlords sent by gRPC, 20 by their own Kafka topic, 40 are late",
        "a submission over eighteen months is refused; the receipt came by webhook",
        "NT-2102",
        "NT-2004",
        "own figure −",
        "peers' corrections +",
        "joined +",
        "told by signed webhook",
        "webhooks verified",
    ):
        assert promised in done.stdout, promised
    assert done.stdout.count("from event to update:") == 3


def _processes(folder: Path) -> list[int]:
    """Processes that have to do with a folder: by command line or environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                known = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in known and (b"services." in known or b"kafka.Kafka" in known):
                found.append(int(entry.name))
    return found


def _until(condition: object, what: str) -> "subprocess.CompletedProcess[str]":
    deadline = time.monotonic() + 40
    while (answer := condition()) is None:  # type: ignore[operator]
        assert time.monotonic() < deadline, f"waited for {what}"
        threading.Event().wait(0.1)
    return answer
