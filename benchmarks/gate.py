"""The gate: no gap may be worse than the stored one at equal deterministic work.

Every instance is solved reproducibly, by rounds instead of a clock, so its gap is the same on any machine
with the same versions, however busy; a little tolerance is for other builds of the solvers. What is stored is
a ratchet: after a change for the better, ``python -m benchmarks gate --store`` keeps the new figures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import monotonic

from benchmarks.machine import ROOT, provenance
from solver.make import request_bytes
from solver.question.reading import read_request
from solver.question.request import Effort
from solver.solve import solve

STORED = ROOT / "benchmarks" / "results" / "gate.json"

TOLERANCE = 0.003
"""How much larger than the stored gap a gap may be: 0.3 percentage points."""

MOST_SECONDS = 600.0
"""Wall time after which the gate gives up, and fails: a defence against a search that never ends."""


@dataclass(frozen=True)
class Instance:
    """A synthetic request, and the rounds of improvement that it gets."""

    clinicians: int
    appointments: int
    flavour: str
    seed: int
    rounds: int

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.clinicians}/{self.appointments} {self.flavour} {self.seed}, {self.rounds} rounds"


INSTANCES = (
    Instance(4, 100, "mixed", 1, 18),
    Instance(4, 100, "pins", 1, 18),
    Instance(4, 100, "fixed_slots", 1, 12),
    Instance(6, 110, "scarce", 1, 18),
    Instance(4, 120, "unattainable", 1, 18),
    Instance(8, 240, "mixed", 2, 18),
    Instance(6, 170, "doubles", 1, 12),
)
"""What is stored; about a minute on two cores."""


@dataclass(frozen=True)
class Figure:
    """What came of an instance. ``seconds`` is wall time: for people, and never compared."""

    instance: Instance
    cost: float
    bound: float
    gap: float
    seconds: float


class OutOfTime(Exception):
    """The gate could not finish."""


def measured(instance: Instance, most_seconds: float = MOST_SECONDS) -> Figure:
    """Solve an instance by rounds.

    Raises
    ------
    OutOfTime
        If it takes longer than ``most_seconds``.
    """
    request = request_bytes(instance.clinicians, instance.appointments, instance.seed, instance.flavour)
    effort = Effort(seconds=instance.rounds, seed=0, gap=0.0, reproducible=True)
    began = monotonic()

    def late() -> str | None:
        return "cancel" if monotonic() - began > most_seconds else None

    solved = solve(replace(read_request(request), effort=effort), should_stop=late)
    seconds = monotonic() - began
    if solved.stop_reason == "cancelled" or solved.cost is None or solved.bound is None or solved.gap is None:
        raise OutOfTime(f"{instance.name}: {solved.stop_reason} after {seconds:.0f} s, nothing to compare")
    return Figure(instance, float(solved.cost), solved.bound, solved.gap, round(seconds, 1))


def worse(stored: Figure, found: Figure, tolerance: float = TOLERANCE) -> str | None:
    """What has become worse, and on which side, or is wrong; None where the gap holds."""
    if found.bound > stored.cost + 1e-5 * max(1.0, stored.cost):
        return (
            f"{found.instance.name}: the bound {found.bound:,.2f} is above a rota known, {stored.cost:,.2f}"
        )
    if found.gap <= stored.gap + tolerance:
        return None
    sides = []
    least = 1e-6 * max(1.0, stored.cost)
    if found.cost > stored.cost + least:
        sides.append(f"the rota costs {found.cost:,.2f}, stored {stored.cost:,.2f}")
    if found.bound < stored.bound - least:
        sides.append(f"the bound is {found.bound:,.2f}, stored {stored.bound:,.2f}")
    gaps = f"gap {found.gap:.3%}, stored {stored.gap:.3%}"
    return (
        f"{found.instance.name}: {gaps}; {'; '.join(sides)} ({found.seconds:.1f} s, {stored.seconds:.1f} s)"
    )


def gate(stored: Sequence[Figure], most_seconds: float = MOST_SECONDS) -> Iterator[tuple[Figure, str | None]]:
    """Every instance measured again, with what is worse.

    Raises
    ------
    OutOfTime
        If all of them together take longer than ``most_seconds``.
    """
    began = monotonic()
    for figure in stored:
        found = measured(figure.instance, most_seconds - (monotonic() - began))
        yield found, worse(figure, found)


def read(path: Path = STORED) -> list[Figure]:
    """The stored figures.

    Raises
    ------
    OSError
        If there is no such file.
    """
    told = json.loads(path.read_text(encoding="utf-8"))
    return [Figure(Instance(**figure.pop("instance")), **figure) for figure in told["figures"]]


def store(figures: Sequence[Figure], path: Path = STORED) -> None:
    """Keep figures, with where they were measured."""
    told = {"measured": provenance(), "tolerance": TOLERANCE, "figures": [asdict(f) for f in figures]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def check(path: Path = STORED, most_seconds: float = MOST_SECONDS) -> int:
    """Print each instance; 1 if any gap is worse or the time ran out, else 0."""
    failed = 0
    try:
        for found, fault in gate(read(path), most_seconds):
            failed += fault is not None
            print(f"{'WORSE ' if fault else 'holds '} {fault or _line(found)}", flush=True)
    except OutOfTime as late:
        print(f"FAILED {late}")
        return 1
    return 1 if failed else 0


def renew(path: Path = STORED) -> int:
    """Measure what is to be stored, and store it."""
    figures = []
    for instance in INSTANCES:
        figures.append(measured(instance))
        print(f"stored {_line(figures[-1])}", flush=True)
    store(figures, path)
    return 0


def _line(found: Figure) -> str:
    figures = f"gap {found.gap:.3%}, cost {found.cost:,.2f}, bound {found.bound:,.2f}"
    return f"{found.instance.name}: {figures} ({found.seconds:.1f} s)"
