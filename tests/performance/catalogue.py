"""The scheme of the job: forty ratios, one group level besides everybody, no rule beyond what every scheme has."""

from pathlib import Path

from tests.performance.job import SCHEME, Job

FIGURE = """
[key_figure.F{n:02}]
numerator = ["n{n:02}"]
denominator = ["d{n:02}"]
publicity = "public"
source = "seeded"
example = {{ amounts = {{ n{n:02} = 840, d{n:02} = 20 }}, gives = 42.0 }}
"""
POINT = """
[data_point.{name}]
text = {{ da = "{name}", en = "{name}" }}
unit = {{ da = "{name}", en = "{name}" }}
"""
HEAD = """scheme = "{scheme}"
year = {year}
ladder = [[], ["group"]]

[attribute.group]
name = {{ da = "Gruppe", en = "Group" }}
"""
VALUE = '[attribute.group.value.{value}]\nname = {{ da = "{value}", en = "{value}" }}\n'


def write(job: Job, folder: Path) -> str:
    """Write a file per reporting year; returns what NOEGLETAL_CATALOGUE is to say."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for period in range(job.periods):
        year = job.year(period)
        text = HEAD.format(scheme=SCHEME, year=year)
        text += "".join(VALUE.format(value=f"g{group:02}") for group in range(job.groups))
        text += "".join(POINT.format(name=name) for name in job.data_points())
        text += "".join(FIGURE.format(n=n) for n in range(job.figures))
        path = folder / f"{SCHEME}-{year}.toml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return ":".join(paths)
