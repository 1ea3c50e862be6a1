"""`noegletal simulate`: writes an invented sector as files, and says what a run found of the faults planted in it."""

import csv
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from services.catalogue import definitions
from services.catalogue.definitions import Catalogue
from services.cli import invented, scoring
from services.cli.export import ASSESSMENTS
from services.cli.invented_files import PLANTED, Sector
from services.cli.tables import SUBMISSION_COLUMNS
from services.cli.talk import Exit, Stop, Talk

SCHEME, MOST_UNITS = "dk-almen", 100_000
NOTICE = """# An invented sector: nobody's figures

Made by `noegletal simulate --scheme {scheme} --units {units} --years {years} --seed {seed}`; the same call makes the same bytes.
No department in it exists. Levels and spreads lie where published statistics put them; what nobody published is a guess.

`units.csv` and `submissions.csv` go into `noegletal run`. `planted.csv` lists what was done to the submissions: faults with the
code that must find them and the data points they touch, and without a code those that are missing, late, corrected, withdrawn.

```
noegletal run --scheme {scheme} --units units.csv --submissions submissions.csv --export out
noegletal simulate --out . --score out/assessments.csv
```
"""


def write(scheme: str, units: int, years: int, seed: int, out: Path, talk: Talk) -> None:
    """Write units.csv, submissions.csv, planted.csv and a README that says it is invented. Raises Stop on a wrong wish."""
    catalogues = _catalogues(scheme, units, years)
    began = time.perf_counter()
    rng = np.random.default_rng(seed)
    sector = Sector(invented.departments(units, rng), years)
    for catalogue in catalogues:
        sector.add_year(catalogue, rng)
    _files(out, sector, NOTICE.format(scheme=scheme, units=units, years=years, seed=seed))
    seconds = time.perf_counter() - began
    faults = sum(sector.used.values())
    if talk.as_json:
        said = {"observations": sector.observations, "amounts": sector.amounts, "planted": faults}
        talk.record({"units": units, "years": years} | said | {"seconds": round(seconds, 3)})
    speed = f"{sector.observations / seconds:,.0f} observations/s, {sector.amounts / seconds:,.0f} amounts/s"
    talk.say(f"{sector.amounts} amounts of {units} invented units, {faults} planted faults, in {out}; {speed}")
    if left_out := [name for name, times in sector.used.items() if not times]:
        talk.say(f"not planted, for want of units or of a second year: {', '.join(left_out)}")
    talk.say(
        f"next: noegletal run --scheme {scheme} --units {out}/units.csv --submissions {out}/submissions.csv --export …"
    )


def score(out: Path, assessments: Path, talk: Talk) -> None:
    """Say per fault how many were found, and per code how often it spoke of a clean figure. Raises Stop unless all is well."""
    submitted = {(row["unit_id"], row["period_end"][:4]) for row in _rows(out / "submissions.csv", SUBMISSION_COLUMNS)}
    catalogues = {year: definitions.of(SCHEME, year) for year in definitions.years(SCHEME)}
    result = scoring.score(_rows(out / "planted.csv", PLANTED), submitted, _rows(assessments, ASSESSMENTS), catalogues)
    for one in (*result.found, *result.alarms) if talk.as_json else ():
        talk.record(vars(one))
    if not talk.as_json:
        found = [[f.defect, f.code, str(f.planted), str(f.found)] for f in result.found]
        talk.table("Planted faults", ["fault", "code", "planted", "found"], found)
        spoken = [
            [a.code or "held or refused", a.most, f"{a.spoken} of {a.clean}", f"{a.rate:.3%}", f"{a.bound:.1%}"]
            for a in result.alarms
        ]
        talk.table("\nClean figures", ["code", "most often", "spoken of", "rate", "at most"], spoken)
    if result.faults:
        raise Stop("\n".join(result.faults), Exit.FINDINGS)


def _catalogues(scheme: str, units: int, years: int) -> list[Catalogue]:
    known = definitions.years(SCHEME)
    if scheme != SCHEME:
        raise Stop(f"--scheme is {SCHEME}, whose levels are known; not {scheme}", Exit.USAGE)
    if not 1 <= years <= len(known):
        raise Stop(
            f"--years is 1 to {len(known)}: {SCHEME} has definitions for {', '.join(known)}; not {years}", Exit.USAGE
        )
    if not 1 <= units <= MOST_UNITS:
        raise Stop(f"--units is 1 to {MOST_UNITS}, not {units}", Exit.USAGE)
    return [definitions.of(SCHEME, year) for year in known[-years:]]


def _files(out: Path, sector: Sector, notice: str) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        _table(out / "units.csv", sector.unit_rows())
        _table(out / "planted.csv", [PLANTED, *sector.planted])
        (out / "submissions.csv").write_text("".join(sector.parts), encoding="utf-8", newline="")
        (out / "README.md").write_text(notice, encoding="utf-8", newline="")
    except OSError as error:
        raise Stop(f"{out} cannot be written: {error.strerror}", Exit.USAGE) from None


def _table(path: Path, rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _rows(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """The lines of a file that must have some columns."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restval="")
            lacking = [name for name in columns if name not in (reader.fieldnames or ())]
            if lacking:
                raise Stop(
                    f"{path} lacks the column {', '.join(lacking)}; it is another file than is meant", Exit.USAGE
                )
            return list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Stop(f"{path} cannot be read: {error}", Exit.USAGE) from None
