"""Known answers: generalised assignment instances, solved as requests, held against their published optima.

OR-Library's files are not kept here; give their paths: ``python -m benchmarks known gap1.txt gap2.txt``.
Without any, instances generated after the same recipe stand in, each with its optimum from HiGHS: they show
that the reduction and the proof work, and are no published answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from benchmarks.assignment import Assignment, agent_of, generated, parsed, reduced
from benchmarks.machine import provenance
from benchmarks.tables import Table
from solver.question.request import Effort
from solver.solve import solve

PUBLISHED: dict[str, tuple[int, ...]] = {
    "gap1": (336, 327, 339, 341, 326),
    "gap2": (434, 436, 420, 419, 428),
    "gap3": (580, 564, 573, 570, 564),
    "gap4": (656, 644, 673, 647, 664),
    "gap5": (563, 558, 564, 568, 559),
    "gap6": (761, 759, 758, 752, 747),
    "gap7": (942, 949, 968, 945, 951),
    "gap8": (1133, 1134, 1141, 1117, 1127),
    "gap9": (709, 717, 712, 723, 706),
    "gap10": (958, 963, 960, 947, 947),
    "gap11": (1139, 1178, 1195, 1171, 1171),
    "gap12": (1451, 1449, 1433, 1447, 1446),
}
"""Greatest profits of the OR-Library's type C instances, five a file (J. E. Beasley, OR-Library: gap)."""

STAND_INS = ((5, 15, 1), (5, 15, 2), (5, 20, 1), (5, 25, 1))
"""Agents, jobs and seed of what stands in."""


@dataclass(frozen=True)
class Proof:
    """What came of an instance: ``found`` profit (None where not every job was placed), ``most`` proven."""

    problem: Assignment
    found: int | None
    most: int | None
    seconds: float

    @property
    def proved(self) -> bool:
        """Whether what was found is proven best."""
        return self.found is not None and self.found == self.most

    @property
    def right(self) -> bool:
        """Whether nothing contradicts the known optimum."""
        best = self.problem.best
        if best is None:
            return True
        return (self.found is None or self.found <= best) and (self.most is None or self.most >= best)


def proof(problem: Assignment, seconds: float) -> Proof:
    """Solve an instance as a request."""
    made = reduced(problem)
    began = monotonic()
    solved = solve(replace(made.question, effort=Effort(seconds=seconds, gap=0.0)))
    taken = monotonic() - began
    most = None if solved.bound is None else made.most(solved.bound, len(problem.jobs))
    agents = {} if solved.rota is None else agent_of(made.question, solved.rota)
    found = problem.value(agents) if len(agents) == len(problem.jobs) else None
    return Proof(problem, found, most, taken)


def problems(paths: Sequence[Path]) -> Iterator[Assignment]:
    """The instances of files, or those that stand in."""
    for path in paths:
        yield from parsed(path.read_text(encoding="utf-8"), path.stem, PUBLISHED.get(path.stem, ()))
    if not paths:
        for agents, jobs, seed in STAND_INS:
            yield generated(agents, jobs, seed)


def run(paths: Sequence[Path], seconds: float, results: Path) -> int:
    """Solve each instance and write ``known.md``; 1 if a known optimum was contradicted."""
    proofs = []
    for problem in problems(paths):
        proofs.append(proof(problem, seconds))
        print(_cells(proofs[-1]), flush=True)
    text = page(proofs, seconds, published=bool(paths))
    results.mkdir(parents=True, exist_ok=True)
    (results / ("known.md" if paths else "known_stand_ins.md")).write_text(text, encoding="utf-8")
    print(text)
    return 0 if all(one.right for one in proofs) else 1


def page(proofs: Sequence[Proof], seconds: float, published: bool) -> str:
    """The table, with how many were proved."""
    where = provenance()
    kind = "Published optima (OR-Library)" if published else "Generated stand-ins, optima by HiGHS"
    headings = ("instance", "agents x jobs", "optimum", "found", "proven at most", "proved", "seconds")
    count = sum(one.proved and one.found == one.problem.best for one in proofs)
    note = f"{count} of {len(proofs)} optima proved, at most {seconds:g} s each."
    table = Table(kind, headings, tuple(_cells(one) for one in proofs), note)
    opening = (
        f"`python -m benchmarks known`, {where['date']}, commit {where['commit']}, {where['processor']}."
    )
    return f"# Known answers\n\n{opening}\n\n{table.markdown()}"


def _cells(one: Proof) -> tuple[str, ...]:
    problem = one.problem
    return (
        problem.name,
        f"{len(problem.agents)} x {len(problem.jobs)}",
        _whole(problem.best),
        _whole(one.found),
        _whole(one.most),
        "yes" if one.proved else "no",
        f"{one.seconds:.1f}",
    )


def _whole(value: int | None) -> str:
    return "-" if value is None else str(value)
