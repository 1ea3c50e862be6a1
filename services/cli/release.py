"""`noegletal release`: plan, make and audit releases of protected figures, in words a statistician reads."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from services.cli.options import Json, Lang, Quiet, Scheme
from services.cli.talk import EPILOG, Exit, Stop, Talk

release_app = typer.Typer(
    no_args_is_help=True, help="Releases of protected figures: numbered, on a calendar, audited.", epilog=EPILOG
)
SECONDS = 600  # thousands of units and a dozen figures take minutes
LEAST_FINAL_PERCENT = 75
KINDS = ("provisional", "revised", "final")
WITHDRAWAL = "withdrawal"
Year = Annotated[str, typer.Option("--period", help="Reporting period, such as 2024.")]
Kind = Annotated[str, typer.Option("--kind", help="provisional, revised or final; empty: the calendar's next.")]
Vintage = Annotated[
    int, typer.Option("--vintage", help="Of the plan looked at; refused if anything came in since. 0: any.")
]

NAMED = 6  # most groups of a line; --json has them all
COLUMNS = {
    "da": ["nøgletal", "celler", "ud", "venter", "for få", "for få ændret", "ville afsløre", "endelig i fare"],
    "en": ["key figure", "cells", "out", "waiting", "too few", "too few changed", "would disclose", "final at risk"],
}
WORDS = {
    "RELEASED": ("går ud", "goes out"),
    "WAITING": ("venter, for få har indberettet endnu", "waits, too few have reported yet"),
    "SUPPRESSED": ("for få, resten af perioden", "too few, for the rest of the period"),
    "TOO_FEW_CHANGED": (
        "holdes tilbage, for få er ændret siden en tidligere frigivelse",
        "held back, too few holders changed since an earlier release",
    ),
    "AUDIT": (
        "holdes tilbage, kunne sammen med det frigivne afsløre nogen",
        "held back, with what is out it would give somebody away",
    ),
    "FINAL_AT_RISK": (
        "holdes tilbage, den endelige frigivelse ville blive umulig",
        "held back, the final release would become impossible",
    ),
    "nobody": ("ingen afsløres", "nobody is given away"),
    "EXACT": ("kan regnes ud", "can be worked out"),
    "PAIR": (
        "kan regnes ud af hinanden, eller forskellen af alle",
        "can be worked out from one another, or the difference by everybody",
    ),
    "TOTAL": ("har en sum, der kan regnes ud", "have a total that can be worked out"),
    "sums": ("summer", "sums"),
    "atoms": ("indberettede tal", "figures reported"),
    "rank": ("uafhængige ligninger", "independent equations"),
    "by": ("af", "by"),
    "changed": ("{holders} ændret siden frigivelse {release}", "{holders} changed since release {release}"),
    "vintage": ("udgave", "vintage"),
    "equal": ("genskabt, byte for byte ens", "made again, the same to the byte"),
    "unequal": ("genskabt og IKKE ens", "made again and NOT the same"),
    "provisional": ("foreløbig", "provisional"),
    "revised": ("revideret", "revised"),
    "final": ("endelig", "final"),
    "release": ("frigivelse", "release"),
    "final share": (
        "Med {releases} frigivelser kan {percent} % af cellerne stadig vise deres endelige tal.",
        "With {releases} releases, {percent} % of the cells can still show their final value.",
    ),
    "too many": (" Det er for mange frigivelser til så få.", " That is too many releases for so few holders."),
    "none": ("ingen frigivelser endnu", "no releases yet"),
    "withdrawal": ("fjernelse efter lovkrav", "removal by law"),
    "withdrawn": ("fra nu af blank: {groups}", "blank from now on: {groups}"),
}


@release_app.command(epilog=EPILOG)
def plan(period: Year, scheme: Scheme = "dk-almen", kind: Kind = "", lang: Lang = "en", as_json: Json = False) -> None:
    """Show what a release would be now: what goes out, what does not and why, and what the audit finds. Changes nothing.

    Example: noegletal release plan --scheme dk-almen --period 2024
    """
    asked = {"scheme": scheme, "period": period, "kind": _kind(kind)}
    asyncio.run(_plan(asked, _Reader(Talk(as_json=as_json), lang)))


@release_app.command(epilog=EPILOG)
def make(
    period: Year,
    scheme: Scheme = "dk-almen",
    kind: Kind = "",
    vintage: Vintage = 0,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a release. What goes out stays out; ends 1 where the calendar or the period does not allow one now.

    Example: noegletal release make --period 2024 --kind provisional --vintage 412
    """
    asked = {"scheme": scheme, "period": period, "kind": _kind(kind), "vintage": vintage}
    asyncio.run(_make(asked, _Reader(Talk(quiet=quiet, as_json=as_json), lang)))


@release_app.command(epilog=EPILOG)
def audit(period: Year, scheme: Scheme = "dk-almen", lang: Lang = "en", as_json: Json = False) -> None:
    """Audit everything released of a period, and make each release again; ends 1 where anybody is given away or bytes differ.

    Example: noegletal release audit --period 2024
    """
    asyncio.run(_audit({"scheme": scheme, "period": period}, _Reader(Talk(as_json=as_json), lang)))


@release_app.command(epilog=EPILOG)
def withdraw(
    period: Year,
    figure: Annotated[str, typer.Option("--figure", help="Key figure whose cells go blank.")],
    reason: Annotated[
        str, typer.Option("--reason", help="Why the law demands it. Kept, and told with it: name nobody.")
    ],
    scheme: Scheme = "dk-almen",
    group: Annotated[str, typer.Option("--group", help="Peer group; empty: every one that shows the figure.")] = "",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Make released cells blank at once, where the law demands it. No new number shows; a later release may show them again.

    Example: noegletal release withdraw --period 2024 --figure DRI-BES --reason "order of the data protection authority"
    """
    asked = {"scheme": scheme, "period": period, "key_figure": figure, "peer_group": group, "reason": reason}
    asyncio.run(_withdraw(asked, _Reader(Talk(as_json=as_json), lang)))


class _Reader:
    """Who reads: a voice and a language."""

    def __init__(self, talk: Talk, lang: str) -> None:
        if lang not in ("da", "en"):
            raise Stop(f"--lang is da or en, not {lang}", Exit.USAGE)
        self.talk, self.lang = talk, lang

    def word(self, name: str) -> str:
        """What a word of the contract means."""
        return WORDS[name][self.lang == "en"]


async def _plan(asked: dict[str, Any], reader: _Reader) -> None:
    from noegletal.v1 import release_service_pb2 as api

    answer = await _call("PlanRelease", api.PlanReleaseRequest(**asked))
    _tell(answer, reader)
    if not reader.talk.as_json:
        share = reader.word("final share").format(releases=answer.calendar_releases, percent=answer.final_percent)
        reader.talk.data(share + (reader.word("too many") if answer.final_percent < LEAST_FINAL_PERCENT else ""))
    one = answer.release
    command = f"noegletal release make --scheme {one.scheme} --period {one.period} --kind {_name(one.kind)}"
    reader.talk.say(f"{command} --vintage {one.vintage}")


async def _make(asked: dict[str, Any], reader: _Reader) -> None:
    from noegletal.v1 import release_service_pb2 as api

    _tell(await _call("MakeRelease", api.MakeReleaseRequest(**asked)), reader)


async def _withdraw(asked: dict[str, str], reader: _Reader) -> None:
    from google.protobuf.json_format import MessageToDict
    from noegletal.v1 import release_service_pb2 as api

    answer = await _call("WithdrawCells", api.WithdrawCellsRequest(**asked))
    if reader.talk.as_json:
        reader.talk.record(MessageToDict(answer, preserving_proto_field_name=True))
        return
    groups = ", ".join(d.peer_group for d in answer.withdrawal.decisions)
    said = reader.word("withdrawn").format(groups=groups)
    reader.talk.data(f"{_title(answer.withdrawal, reader)}, {asked['key_figure']} {said}")


async def _audit(asked: dict[str, str], reader: _Reader) -> None:
    from google.protobuf.json_format import MessageToDict
    from noegletal.v1 import release_service_pb2 as api

    answer = await _call("AuditReleases", api.AuditReleasesRequest(**asked))
    if reader.talk.as_json:
        reader.talk.record(MessageToDict(answer, preserving_proto_field_name=True))
    else:
        _audits(answer.audits, reader)
        for one in answer.releases:
            said = reader.word("equal" if one.equal else "unequal")
            reader.talk.data(f"{reader.word('release')} {one.number}, {reader.word(_name(one.kind))}: {said}")
        if not answer.releases:
            reader.talk.data(reader.word("none"))
    found = sum(len(a.disclosed) for a in answer.audits)
    if found or not all(one.equal for one in answer.releases):
        raise Stop(f"{asked['scheme']}/{asked['period']}: {found} {reader.word('EXACT')}", Exit.FINDINGS)


async def _call(method: str, request: Any) -> Any:
    from services.cli.running import connected

    async with connected() as client:
        return await client.call(getattr(client.releases, method), request, SECONDS)


def _tell(answer: Any, reader: _Reader) -> None:
    from google.protobuf.json_format import MessageToDict

    if reader.talk.as_json:
        reader.talk.record(MessageToDict(answer, preserving_proto_field_name=True))
        return
    one = answer.release
    reasons = [(d.key_figure, _reason(d)) for d in one.decisions]
    counted = Counter(reasons)
    kinds = ("RELEASED", "WAITING", "SUPPRESSED", "TOO_FEW_CHANGED", "AUDIT", "FINAL_AT_RISK")
    rows = []
    for figure in dict.fromkeys(figure for figure, _ in reasons):
        numbers = [counted[figure, kind] for kind in kinds]
        rows.append([figure, str(sum(numbers)), *(str(n or "") for n in numbers)])
    reader.talk.table(_title(one, reader), COLUMNS[reader.lang], rows)
    _cells(answer, reader)
    _audits(answer.audits, reader)


def _title(one: Any, reader: _Reader) -> str:
    number = f"{reader.word('release')} {one.number}, {reader.word(_name(one.kind))}"
    return f"{one.scheme} {one.period}, {number}, {reader.word('vintage')} {one.vintage}"


def _cells(answer: Any, reader: _Reader) -> None:
    """Which cells do not go out, and how many holders changed in those that went out before; a line per figure and reason."""
    since: dict[tuple[str, str], list[str]] = {}
    for c in answer.changed:
        text = reader.word("changed").format(holders=c.holders, release=c.since_release)
        since.setdefault((c.key_figure, c.peer_group), []).append(text)
    lines: dict[tuple[str, str], list[str]] = {}
    for d in answer.release.decisions:
        changed = ", ".join(since.get((d.key_figure, d.peer_group), ()))
        if changed or _reason(d) != "RELEASED":
            said = f"{d.peer_group} ({changed})" if changed else d.peer_group
            lines.setdefault((d.key_figure, _reason(d)), []).append(said)
    for (figure, reason), groups in lines.items():
        more = [f"… (+{len(groups) - NAMED})"] if len(groups) > NAMED else []
        reader.talk.data(f"  {figure} {reader.word(reason)}: {', '.join([*groups[:NAMED], *more])}")


def _audits(audits: Sequence[Any], reader: _Reader) -> None:
    from noegletal.v1.release_service_pb2 import DisclosureKind

    for one in audits:
        counts = ", ".join(f"{getattr(one, name)} {reader.word(name)}" for name in ("sums", "atoms", "rank"))
        reader.talk.data(f"{one.key_figure}: {counts}: {'' if one.disclosed else reader.word('nobody')}".rstrip(" :"))
        for d in one.disclosed:
            sums = " + ".join(f"{s.peer_group} ({s.release})" for s in d.sums)
            kind = reader.word(DisclosureKind.Name(d.kind).removeprefix("DISCLOSURE_KIND_"))
            reader.talk.data(f"  {', '.join(d.holders)} {kind}, {reader.word('by')} {sums}")


def _reason(decision: Any) -> str:
    """The outcome, or why a cell is held back."""
    from noegletal.v1.release_pb2 import HeldBack, ReleaseOutcome

    if decision.held_back:
        return HeldBack.Name(decision.held_back).removeprefix("HELD_BACK_")
    return ReleaseOutcome.Name(decision.outcome).removeprefix("RELEASE_OUTCOME_")


def _name(kind: int) -> str:
    return (*KINDS, WITHDRAWAL)[kind - 1]


def _kind(name: str) -> int:
    if name not in ("", *KINDS):
        raise Stop(f"--kind is {', '.join(KINDS)}, not {name}", Exit.USAGE)
    return KINDS.index(name) + 1 if name else 0
