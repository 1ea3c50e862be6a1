"""B1 and J5: everybody on one Kafka, one after another and again, the bare loop always among them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from deploy.topics import ALONE
from tests.performance import contest, contestants, environments, kafka_streams
from tests.performance.contest import Lap, Run
from tests.performance.job import PRIMER, Job
from tests.performance.report import Section
from tests.performance.stage import Stage

COLUMNS = (
    "who",
    "B1 obs/s",
    "J5 warm obs/s",
    "× raw B1",
    "× raw J5",
    "ours ÷ it",
    "rounds B1/J5",
    "MB",
    "durable",
    "remark",
)
NO_STEPS = ("submissions", "rounds", "cpu")
OFTEN = ("raw", "raw-two", "ours-two", "pathway", "bytewax")  # run as often as asked; the slow ones once
BARE = ("raw", "raw-two")
NAMES = (*BARE, "ours-two", *environments.PEERS, "kafka-streams")
TITLE = "(a) The job: per-submission events on Kafka, benchmarks out on Kafka"
NOTE = (
    "One partition of each topic, as `up` makes them. B1 from an idle start, J5 corrections on full state. A round is every group emitted once. Result of every row that says "
    "nothing else is equal to the oracle's. Ours also keeps everybody's group, receipts and intervals; standings are left out (NOEGLETAL_STANDINGS=false). A row that "
    "was stopped says how far it came in that time. Where a virtual machine's host takes back what no process holds, B1, of fresh processes, "
    "can be a third slower: see DECISIONS, Memory that is given back is used again."
)


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    quick: bool
    runs: int
    seconds: float

    @property
    def job(self) -> Job:
        """The job's size."""
        from tests.performance.job import sized

        return sized(quick=self.quick)


def measure(plan: Plan, names: Sequence[str], console: Console) -> list[Section]:
    """Let everybody named do the job; whoever cannot is a row that says why."""
    made: dict[str, contest.Contestant] = {}
    faults: dict[str, str] = {}
    versions: dict[str, str] = {}
    for name in names:
        try:
            console.print(f"  {name}: getting ready…", style="dim")
            made[name], versions[name] = _made(name, plan.job)
        except (environments.CannotInstall, kafka_streams.NoJava) as error:
            faults[name] = str(error)
    runs: dict[str, list[Run]] = {name: [] for name in made}
    if made:
        material = contest.Material.of(plan.job)
        with Stage(ALONE) as stage:
            contest.run(contestants.raw(), stage, material, seconds=plan.seconds, j5=False)  # a broker is slow at first
            for turn in range(plan.runs):
                for name, contestant in made.items():
                    if turn and (name not in OFTEN or _hopeless(runs[name])):
                        continue
                    run = contest.run(contestant, stage, material, seconds=plan.seconds)
                    runs[name].append(run)
                    console.print(f"  {name}: {_said(run, plan.job)}", style="dim")
    return [_section(plan.job, made, runs, faults, versions), *_steps(runs)]


def _made(name: str, job: Job) -> tuple[contest.Contestant, str]:
    if name == "raw":
        return contestants.raw(), ""
    if name == "raw-two":
        return contestants.raw_pair(), ""
    if name == "ours-two":
        return contestants.OursTwo(job), ""
    if name == "kafka-streams":
        return kafka_streams.contestant()
    peer = environments.PEERS[name]
    return environments.of(name), environments.install(peer)


def _hopeless(runs: Sequence[Run]) -> bool:
    return any(run.fault or run.b1 is None or not run.b1.done for run in runs)


def speed(laps: Sequence[Lap | None], figures: int) -> float:
    """Observations a second, the median of the laps there are; 0 where there is none."""
    found = [lap.submissions * figures / lap.seconds for lap in laps if lap is not None and lap.seconds > 0]
    return statistics.median(found) if found else 0.0


def _said(run: Run, job: Job) -> str:
    if run.fault:
        return run.fault
    parts = [f"{name} {speed([lap], job.figures):,.0f} obs/s" for name, lap in (("B1", run.b1), ("J5", run.j5)) if lap]
    return ", ".join(parts)


def _section(
    job: Job,
    made: dict[str, contest.Contestant],
    runs: dict[str, list[Run]],
    faults: dict[str, str],
    versions: dict[str, str],
) -> Section:
    note = f"{NOTE} {PRIMER} submissions warm everybody up first."
    section = Section(TITLE, " ".join([*made, *faults]), COLUMNS, note=note)
    speeds = {name: _speeds(some, job) for name, some in runs.items()}
    ours, raw = speeds.get("ours-two", (0.0, 0.0)), speeds.get("raw", (0.0, 0.0))
    for name, contestant in sorted(made.items(), key=lambda item: -speeds[item[0]][0]):
        some, (cold, warm) = runs[name], speeds[name]
        rounds = "/".join(_rounds([getattr(r, lap) for r in some], job) for lap in ("b1", "j5"))
        remark = "; ".join(filter(None, [versions[name], *dict.fromkeys(_remark(r) for r in some)]))
        ratios = [_ratio(cold, raw[0]), _ratio(warm, raw[1]), _ratio(ours[1], warm) if warm else _ratio(ours[0], cold)]
        memory = max((r.megabytes for r in some), default=0)
        said = [contestant.name, *(f"{s:,.0f}" if s else "–" for s in (cold, warm)), *ratios, rounds]
        section.rows.append([*said, f"{memory:.0f}", contestant.durable, remark])
        if warm or cold:
            section.chart[contestant.name] = warm or cold
    nothing = ["–"] * (len(COLUMNS) - 2)
    section.rows += [[name, *nothing, f"not here: {why}"] for name, why in faults.items()]
    return section


def _speeds(runs: Sequence[Run], job: Job) -> tuple[float, float]:
    return speed([run.b1 for run in runs], job.figures), speed([run.j5 for run in runs], job.figures)


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}" if one and other else "–"


def _steps(runs: dict[str, list[Run]]) -> list[Section]:
    """Where the time of the bare loops goes."""
    rows = []
    for name in BARE:
        for run in runs.get(name, ()):
            for n, told in enumerate(run.told, start=1):
                steps = " · ".join(f"{step} {each}" for step, each in told.items() if step not in NO_STEPS)
                who = run.name if len(run.told) == 1 else f"{run.name}: {n}"
                rounds = f"{told['submissions'] / max(told['rounds'], 1):.0f}"
                rows.append([who, steps, f"{told['cpu']:.1f}", rounds])
    columns = ("who", "µs a submission, by step", "all CPU", "submissions a round")
    title = "(g) Where the time goes: the bare loops, over B1 and J5"
    return [Section(title, " ".join(name for name in BARE if name in runs), columns, rows)] if rows else []


def _rounds(laps: Sequence[Lap | None], job: Job) -> str:
    found = [lap.outputs / (job.periods * job.groups) for lap in laps if lap is not None]
    return f"{statistics.median(found):.0f}" if found else "–"


def _remark(run: Run) -> str:
    if run.fault:
        return f"not here: {run.fault}"
    return "; ".join(f"{n}: {lap.wrong}" for n, lap in (("B1", run.b1), ("J5", run.j5)) if lap and not lap.done)
