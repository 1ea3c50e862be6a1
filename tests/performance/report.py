"""What was measured, as tables on the terminal, as tests/performance/results.md and as a picture of the job's rows."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy import kafka_jars

FOLDER = Path(__file__).parent
PACKAGES = ("numpy", "protobuf", "aiokafka", "confluent-kafka", "sqlalchemy", "grpcio")


@dataclass
class Section:
    """One table. `parts`: what to say to `make bench` to have it again; `chart`: name -> observations/s, warm, for the picture."""

    title: str
    parts: str
    columns: Sequence[str]
    rows: list[list[str]] = field(default_factory=list)
    note: str = ""
    chart: dict[str, float] = field(default_factory=dict)


def shown(sections: Sequence[Section], console: Console) -> None:
    """Print the tables."""
    for section in sections:
        table = Table(title=section.title, title_justify="left", show_edge=False, caption=section.note or None)
        table.caption_justify = "left"
        for n, column in enumerate(section.columns):
            table.add_column(column, justify="left" if n == 0 else "right", overflow="fold")
        for row in section.rows:
            table.add_row(*row)
        console.print(table)
        console.print()


def machine() -> list[str]:
    """What it was measured on, in lines; nothing that names the machine."""
    model = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ": unknown")
    memory = next((line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "MemTotal: 0 kB")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"{os.cpu_count()} cores ({model.partition(': ')[2]}), {int(memory.split()[1]) / 2**20:.0f} GB, load before: "
        + " ".join(f"{x:.1f}" for x in os.getloadavg()),
        f"Python {platform.python_version()}, {kafka_jars.KAFKA.split(':', 1)[1]} on the same cores, {packages}",
    ]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def written(sections: Sequence[Section], facts: Sequence[str], job: str, *, quick: bool) -> Path:
    """Write results.md and results.png; only what was measured in this run stands in them."""
    day = datetime.now(UTC).date()
    lines = ["# Measured", "", f"{day:%Y-%m-%d}; `make bench{' QUICK=1' if quick else ''} WRITE=1`. {job}", ""]
    lines += [f"- {fact}" for fact in facts]
    lines += [
        "",
        "Absolute figures swing between machines and days: read ratios. Every row of one table is of the same run.",
        "",
    ]
    chart = next((section.chart for section in sections if section.chart), {})
    if chart:
        _picture(chart, FOLDER / "results.png")
        lines += ["![Observations a second, warm](results.png)", ""]
    for section in sections:
        lines += [f"## {section.title}", "", f'Again: `make bench PARTS="{section.parts}"`', ""]
        lines += ["| " + " | ".join(section.columns) + " |", "|---" * len(section.columns) + "|"]
        lines += [
            "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in row) + " |" for row in section.rows
        ]
        lines += ["", section.note, ""] if section.note else [""]
    path = FOLDER / "results.md"
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return path


def _picture(chart: dict[str, float], path: Path) -> None:
    import altair

    values = [{"who": who, "speed": speed / 1e6} for who, speed in chart.items()]
    base = altair.Chart(altair.Data(values=values)).encode(
        y=altair.Y("who:N", sort="-x", title=None),
        x=altair.X("speed:Q", title="million observations a second, warm and full state"),
    )
    own = altair.condition("indexof(datum.who, 'ours') >= 0", altair.value("#0b6e4f"), altair.value("#b8c4cc"))
    bars = base.mark_bar().encode(color=own)
    words = base.mark_text(align="left", dx=3).encode(text=altair.Text("speed:Q", format=".2f"))
    (bars + words).properties(width=560, height=26 * len(chart)).save(str(path), scale_factor=2)
