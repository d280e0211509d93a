"""How long it takes to ask why: ``python -m benchmarks.explain_why``.

Appointments of a synthetic service are tried at every start that is open to them, beside the clerk's rota,
with the change of every term, and of every risk where a start is allowed. Then unplaced ones are explained,
each with its smallest verified change.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median
from time import perf_counter, process_time

from benchmarks.backtest import store
from benchmarks.machine import provenance
from solver.explain.why_standing import Standing
from solver.explain.why_there import Placing
from solver.explain.why_unplaced import Explanation, Unplacements
from solver.make import request_bytes
from solver.question.reading import Question, read_request
from solver.rota import Rota
from solver.search.clerk import clerk
from solver.search.reasons import explained

TITLE = "## Why"


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of processor and of wall time of one answer, and how many starts it was about."""

    processor: float
    wall: float
    starts: int
    allowed: int


def all_starts(question: Question, rota: Rota, every: int) -> list[Timed]:
    """Every so many-th appointment at every start open to it; the first pays for what all share."""
    standing, found = Standing(question.clinic, rota), []
    for appointment in question.clinic.appointments[::every]:
        processor, wall = process_time(), perf_counter()
        placing = Placing(standing, appointment)
        tried = list(placing.everywhere())
        allowed = [there for there in tried if there.allowed]
        for there in allowed:
            placing.risks(there)
        found.append(Timed(process_time() - processor, perf_counter() - wall, len(tried), len(allowed)))
    return found


def unplaced(question: Question, rota: Rota, every: int) -> list[tuple[float, Explanation]]:
    """Some unplaced appointments explained, each with its processor time."""
    unplacements, found = Unplacements(question, rota), []
    for one in rota.unplaced[::every]:
        began = process_time()
        explanation = unplacements.explained(one.appointment, 1)
        found.append((process_time() - began, explanation))
    return found


def section(question: Question, rota: Rota, every: int, command: str) -> str:
    """The figures, as text."""
    machine = provenance()
    starts, explanations = all_starts(question, rota, every), unplaced(question, rota, every)
    processor, wall = sorted(t.processor for t in starts), sorted(t.wall for t in starts)
    seconds = [s for s, _ in explanations]
    smallest = Counter(e.smallest.kind if e.smallest else "none" for _, e in explanations)
    codes = Counter(e.code for _, e in explanations)
    where = f"{machine['date']}, commit {machine['commit']}, {machine['processor']}, {machine['cores']} cores"
    lines = [
        TITLE,
        "",
        f"`{command}`, {where}, load {machine['load']}.",
        f"The clerk's rota: {len(rota.bookings)} booked, {len(rota.unplaced)} unplaced.",
        "",
        "| all starts of one appointment, s | median | 95 % | largest |",
        "| --- | --: | --: | --: |",
        f"| processor | {_spread(processor)} |",
        f"| wall | {_spread(wall)} |",
        "",
        f"{len(starts)} appointments, {sum(t.starts for t in starts)} starts, at most",
        f"{max(t.starts for t in starts)} an appointment; {sum(t.allowed for t in starts)} allowed.",
        "",
        f"{len(seconds)} unplaced ones, each with its smallest verified change: {mean(seconds):.2f} s of",
        f"processor each, at most {max(seconds):.2f} s. Codes: {_said(codes)}.",
        f"Smallest changes: {_said(smallest)}.",
        "",
    ]
    return "\n".join(lines)


def _spread(ordered: Sequence[float]) -> str:
    high = ordered[int(0.95 * (len(ordered) - 1))]
    return f"{median(ordered):.3f} | {high:.3f} | {ordered[-1]:.3f}"


def _said(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def main() -> None:
    """Measure, print, and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explain_why", description=__doc__)
    parser.add_argument("--clinicians", type=int, default=20)
    parser.add_argument("--appointments", type=int, default=700)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=10, help="ask about every so many-th appointment")
    asked = parser.parse_args()
    question = read_request(request_bytes(asked.clinicians, asked.appointments, asked.seed))
    rota = explained(question.clinic, clerk(question.clinic))
    sizes = f"--clinicians {asked.clinicians} --appointments {asked.appointments}"
    command = f"python -m benchmarks.explain_why {sizes} --seed {asked.seed} --every {asked.every}"
    text = section(question, rota, asked.every, command)
    print(text)
    store(TITLE, text)


if __name__ == "__main__":
    main()
