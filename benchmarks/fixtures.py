"""Every bundled week: the clerk, our rota, the bound, time and memory.

``python -m benchmarks.fixtures [--seconds N] [NAMES...]`` prints a table. A run over all fixtures writes it
to ``benchmarks/results/fixtures.md`` too, and the figures to ``fixtures.json`` beside it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from time import monotonic

from benchmarks.machine import ROOT, provenance
from benchmarks.memory import MemoryWatch
from solver.check import breaches
from solver.question.reading import Question, read_request
from solver.question.request import Effort
from solver.rota import Rota
from solver.rules import cost
from solver.search.clerk import clerk
from solver.solve import Progress, solve

FIXTURES = ROOT / "fixtures"
RESULTS = ROOT / "benchmarks" / "results"
SECONDS = {"service": 60.0}
"""Time limits other than the usual one."""
USUAL_SECONDS = 20.0
HELD_UP = 1.0
"""Seconds without the processor that make a measurement void; it is then taken once more."""


@dataclass(frozen=True)
class Measured:
    """One week; costs without unit, times in seconds, memory in megabytes, attainable figures in minutes."""

    name: str
    clinicians: int
    appointments: int
    limit: float
    clerk_cost: float
    clerk_seconds: float
    outcome: str
    cost: float | None
    bound: float | None
    gap: float | None
    ratio: float | None
    """Our cost / the clerk's."""
    seconds: float
    seconds_to_beat_clerk: float | None
    tree_mb: int
    children_mb: list[int]
    target_minutes: int
    attainable_minutes: float | None
    attainable_bound_minutes: float | None
    held_up: float = 0.0
    """The longest time in seconds for which the machine kept this process from running."""


def measured(name: str, seconds: float | None = None) -> Measured:
    """Measure one fixture.

    Parameters
    ----------
    seconds
        Time limit; None for the usual one.

    Raises
    ------
    AssertionError
        If the clerk's rota breaks a rule.
    """
    asked = read_request((FIXTURES / f"{name}.json").read_bytes())
    limit = seconds if seconds is not None else SECONDS.get(name, USUAL_SECONDS)
    began = monotonic()
    with MemoryWatch() as watch:
        theirs = clerk(asked.clinic)
    clerk_seconds = monotonic() - began
    if found := breaches(asked.clinic, theirs):
        raise AssertionError(f"{name}: the clerk's rota breaks {found[0].rule}: {found[0].text}")
    row = _solved(name, replace(asked, effort=Effort(seconds=limit)), theirs, clerk_seconds)
    return replace(row, held_up=max(row.held_up, watch.held_up))


def _solved(name: str, asked: Question, theirs: Rota, clerk_seconds: float) -> Measured:
    clinic = asked.clinic
    to_beat = float(cost(clinic, theirs))
    better: list[float] = []

    def hear(progress: Progress) -> None:
        if progress.cost is not None and progress.cost < to_beat:
            better.append(progress.seconds)

    began = monotonic()
    with MemoryWatch() as memory:
        ours = solve(asked, hear)
    seconds = monotonic() - began
    value = None if ours.cost is None else float(ours.cost)
    return Measured(
        name=name,
        clinicians=len(clinic.clinicians),
        appointments=len(clinic.appointments),
        limit=asked.effort.seconds,
        clerk_cost=to_beat,
        clerk_seconds=clerk_seconds,
        outcome=ours.outcome,
        cost=value,
        bound=ours.bound,
        gap=ours.gap,
        ratio=None if value is None else value / to_beat,
        seconds=seconds,
        seconds_to_beat_clerk=min(better, default=None),
        tree_mb=memory.tree_mb,
        children_mb=memory.children_mb,
        target_minutes=sum(c.target for c in clinic.clinicians),
        attainable_minutes=ours.attainable_minutes,
        attainable_bound_minutes=ours.attainable_bound_minutes,
        held_up=memory.held_up,
    )


HEADINGS = (
    "week",
    "size",
    "clerk",
    "cost",
    "bound",
    "gap",
    "cost / clerk",
    "limit, s",
    "wall, s",
    "clerk beaten, s",
    "memory, MB",
    "of which children",
    "target, min",
    "attained",
    "attainable at most",
)


def table(rows: Iterable[Measured]) -> str:
    """The figures as a Markdown table; a dash where there is none."""
    lines = [HEADINGS, ("---",) * 2 + ("--:",) * (len(HEADINGS) - 2), *map(_cells, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(row: Measured) -> tuple[str, ...]:
    return (
        row.name + (" (held up)" if row.held_up > HELD_UP else ""),
        f"{row.clinicians} / {row.appointments}",
        f"{row.clerk_cost:,.1f} ({row.clerk_seconds:.2f} s)",
        _said(row.cost, ",.1f"),
        _said(row.bound, ",.1f"),
        _said(row.gap, ".2%"),
        _said(row.ratio, ".3f"),
        f"{row.limit:g}",
        f"{row.seconds:.1f}",
        _said(row.seconds_to_beat_clerk, ".1f"),
        str(row.tree_mb),
        " + ".join(str(size) for size in row.children_mb),
        f"{row.target_minutes:,}",
        _said(row.attainable_minutes, ",.0f"),
        _said(row.attainable_bound_minutes, ",.0f"),
    )


def _said(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def page(rows: Sequence[Measured], where: dict[str, str | int | None]) -> str:
    """The table with what it means, and where it was measured."""
    versions = ", ".join(f"{tool} {where[tool]}" for tool in ("python", "ortools", "scipy"))
    machine = f"{where['processor']}, {where['cores']} cores, {where['system']}"
    return f"""# Bundled weeks

`python -m benchmarks.fixtures`, {where["date"]}, commit {where["commit"]}, {machine}; {versions}.

{table(rows)}
Costs are sums of weight x amount: less is better, and no rota costs less than the bound. The gap is
(cost - bound) / max(1, cost); a solve ends early at 0.1 %. The clerk (`solver/search/clerk.py`)
books by urgency, then waiting time, each at the first slot that keeps every hard rule, and does not try to
keep published places. Memory is resident memory: the largest sum over all processes at one moment, and each
child's own largest; pages that processes share count in each of them. Attained and attainable are minutes of
min(expected delivered, target) summed over clinicians. Held up: something kept the measuring process from
running for more than a second, twice, so that row is worth nothing.
"""


def main(words: Sequence[str] | None = None) -> None:
    """Measure the fixtures that are named, or all."""
    names = sorted(path.stem for path in FIXTURES.glob("*.json"))
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fixtures", description="Measures the bundled weeks."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones: {', '.join(names)}; none: all")
    parser.add_argument("--seconds", type=float, help="time limit of every solve; default 20, service 60")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - set(names):
        parser.error(f"no such fixture: {', '.join(sorted(unknown))}")
    where, rows = provenance(), []
    for name in asked.names or names:
        row = measured(name, asked.seconds)
        rows.append(row if row.held_up <= HELD_UP else measured(name, asked.seconds))
        print(table(rows[-1:]).splitlines()[-1], flush=True)
    print(f"\n{table(rows)}")
    if not asked.names and asked.seconds is None:
        write(rows, where)


def write(rows: Sequence[Measured], where: dict[str, str | int | None]) -> None:
    """Keep the figures of a full run."""
    RESULTS.mkdir(exist_ok=True)
    kept = {"measured": where, "fixtures": [asdict(row) for row in rows]}
    (RESULTS / "fixtures.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "fixtures.md").write_text(page(rows, where), encoding="utf-8")


if __name__ == "__main__":
    main()
