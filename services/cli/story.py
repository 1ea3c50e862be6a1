"""The thread of the demo: what has been sent, what the benchmarks hold, and what the landlord was told of it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from noegletal.v1 import benchmark_service_pb2 as bench
from noegletal.v1 import submission_pb2 as pb

from services.cli import show
from services.cli.client import Client
from services.cli.receiver import Received, Receiver
from services.cli.sector_data import PERIOD, SCHEME, Sector
from services.cli.talk import Exit, Stop, Talk

FOLLOWED = "00AC"  # the landlord whose story is told
FIGURE = "RP02_1"  # and the figure it is told of
SECONDS = 20.0


@dataclass
class Story:
    """What is told, and how far it has come."""

    talk: Talk
    language: str
    sector: Sector
    client: Client
    own: Client
    receiver: Receiver
    vintages: list[int] = field(default_factory=list)
    sent: int = 0

    def tell(self, text: str) -> None:
        """One line of the story."""
        self.talk.data(text)


async def explained(
    story: Story, what: str, submissions: list[pb.Submission], *, show_it: bool = False, by_webhook: bool = False
) -> None:
    """Send, wait until the benchmarks hold it, and explain the landlord's repairs standing between the two vintages."""
    before = story.vintages[-1]
    began = time.monotonic()
    await story.client.submit(submissions)
    after = await until_vintage(story, before + len(submissions))
    took = time.monotonic() - began
    if not show_it:
        return
    asked = bench.ExplainRequest(
        scheme=SCHEME, period=PERIOD, unit_id=FOLLOWED, key_figure=FIGURE, vintage_before=before, vintage_after=after
    )
    explanation = (await story.own.call(story.own.benchmarks.Explain, asked)).explanation
    if not explanation.parts:
        raise Stop(f"no explanation of {what}", Exit.FINDINGS)
    story.tell(f"from event to update: {milliseconds(took)}")
    show.explanation(explanation, story.talk, story.language)
    if by_webhook:
        heard = await told(story, lambda r: r.type.endswith("standing-changed") and r.data["vintage_after"] == after)
        story.tell(f"told by signed webhook after {milliseconds(heard.at - began)}")


async def until_vintage(story: Story, wanted: int) -> int:
    """Wait until the period's benchmarks hold so many records. Raises Stop when they do not."""
    deadline = time.monotonic() + SECONDS
    request = bench.GetBenchmarkRequest(scheme=SCHEME, period=PERIOD, key_figure=FIGURE)
    while time.monotonic() < deadline:
        try:
            cell = (await story.client.call(story.client.benchmarks.GetBenchmark, request)).cell
        except Stop as stop:
            if stop.code not in (Exit.USAGE, Exit.NOT_ALLOWED):  # the period, or the key there, is still on its way
                raise
        else:
            if cell.vintage >= wanted:
                story.vintages.append(cell.vintage)
                return int(cell.vintage)
        await asyncio.sleep(0.005)
    raise Stop(f"NT-9204 benchmarks did not reach vintage {wanted} within {SECONDS:.0f} s", Exit.TIMED_OUT)


async def told(story: Story, wanted: Callable[[Received], bool]) -> Received:
    """The webhook that is wanted. Raises Stop when it does not come."""
    received = await story.receiver.wait_for(wanted, SECONDS)
    if received is None:
        raise Stop(f"NT-9204 no such webhook within {SECONDS:.0f} s", Exit.TIMED_OUT)
    return received


def milliseconds(seconds: float) -> str:
    """How long something took, for people."""
    return f"{seconds * 1000:.0f} ms"
