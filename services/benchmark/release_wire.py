"""Releases as they travel and as the ledger keeps them."""

from collections.abc import Mapping
from fractions import Fraction

from noegletal.v1 import release_pb2 as pb
from noegletal.v1 import release_service_pb2 as api

from services.benchmark.disclosure import rounding
from services.benchmark.disclosure.audit import Audit
from services.benchmark.released import Decision, Held, Kind, Numbers, Outcome, Release, Withdrawal
from services.benchmark.statistics import MEDIAN, P10, P90, Q1, Q3

QUANTILES = {"p10": P10, "q1": Q1, "median": MEDIAN, "q3": Q3, "p90": P90}
KINDS: Mapping[int, Kind | Withdrawal] = {1: "provisional", 2: "revised", 3: "final", 4: "withdrawal"}
Changed = Mapping[tuple[str, str], Mapping[int, int]]  # cell -> release number -> holders
Sums = Mapping[str, list[tuple[int, str]]]  # key figure -> release number and group of each audited sum


def decided(scheme: str, period: str, one: Release) -> pb.ReleaseDecided:
    """The event, which is what the ledger keeps."""
    return pb.ReleaseDecided(
        scheme=scheme,
        period=period,
        number=one.number,
        kind=kind_number(one.kind),
        vintage=one.vintage,
        made_on=one.made_on,
        rules=one.rules,
        method_version=one.method_version,
        decisions=[_decision(d) for d in one.decisions],
        reason=one.reason,
    )


def release(message: pb.ReleaseDecided) -> Release:
    """The release an event tells of. Raises ValueError for numbers that are no multiple of their base."""
    return Release(
        message.number,
        KINDS[message.kind],
        message.vintage,
        message.made_on,
        message.rules,
        message.method_version,
        tuple(_read(d) for d in message.decisions),
        message.reason,
    )


def kind_number(kind: Kind | Withdrawal) -> pb.ReleaseKind:
    """A kind as the contract numbers it."""
    number: pb.ReleaseKind = pb.ReleaseKind.Value(f"RELEASE_KIND_{kind.upper()}")  # type: ignore[assignment]
    return number


def changed(differences: Changed) -> list[api.ChangedHolders]:
    """How many holders differ from earlier releases, cell by cell."""
    return [
        api.ChangedHolders(key_figure=figure, peer_group=group, since_release=number, holders=holders)
        for (figure, group), since in differences.items()
        for number, holders in since.items()
    ]


def audits(found: Mapping[str, Audit], sums: Sums) -> list[api.FigureAudit]:
    """Audits; `sums` names what each one's places stand for."""
    return [
        api.FigureAudit(
            key_figure=figure,
            sums=one.sums,
            atoms=one.atoms,
            rank=one.rank,
            disclosed=[
                api.Disclosure(
                    kind=f"DISCLOSURE_KIND_{d.kind.upper()}",
                    holders=d.holders,
                    sums=[api.ReleasedSum(release=sums[figure][n][0], peer_group=sums[figure][n][1]) for n in d.sums],
                )
                for d in one.disclosed
            ],
        )
        for figure, one in found.items()
    ]


def _decision(one: Decision) -> pb.CellDecision:
    message = pb.CellDecision(
        key_figure=one.key_figure,
        peer_group=one.group,
        outcome=f"RELEASE_OUTCOME_{one.outcome.name}",
        held_back=int(one.held),  # type: ignore[arg-type]
    )
    if one.numbers is not None:
        n = one.numbers
        message.units, message.holders, message.rounding_base = n.units, n.holders, rounding.text(n.base)
        message.pooled = "" if n.pooled is None else rounding.text(n.value(n.pooled))
        for name, twentieths in QUANTILES.items():
            if twentieths in n.quantiles:
                setattr(message, name, rounding.text(n.value(n.quantiles[twentieths])))
    return message


def _read(message: pb.CellDecision) -> Decision:
    numbers = None
    if message.rounding_base:
        base = Fraction(message.rounding_base)
        shown = {twentieths: getattr(message, name) for name, twentieths in QUANTILES.items()}
        numbers = Numbers(
            message.units,
            message.holders,
            base,
            _steps(message.pooled, base) if message.pooled else None,
            {twentieths: _steps(text, base) for twentieths, text in shown.items() if text},
        )
    return Decision(message.key_figure, message.peer_group, Outcome(message.outcome), Held(message.held_back), numbers)


def _steps(text: str, base: Fraction) -> int:
    steps = Fraction(text) / base
    if steps.denominator != 1:
        raise ValueError(f"{text} is no multiple of {base}")
    return int(steps)
