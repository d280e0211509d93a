"""Pieces timed alone: the layout of a clinician-day, the risk of a whole rota, the checker.

The timing is pytest-benchmark's: `benchmarks/micro_cases.py` has the cases, ``python -m benchmarks micro``
runs them, holds them against their goals and writes ``results/micro.md``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.machine import ROOT, provenance
from benchmarks.tables import Table
from solver.make import request_bytes
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Clinic
from solver.question.reading import read_request
from solver.rota import Rota
from solver.search.clerk import clerk
from solver.search.layout import OutOfNodes
from solver.search.plan import Days

CASES = ROOT / "benchmarks" / "micro_cases.py"

SIZE = "MICRO_SIZE"
"""The environment variable with the size, clinicians/appointments; 60/2000 without one."""

GOALS = {
    "layout": ("p99", 0.020),
    "layout_one_more": ("p99", 0.020),
    "risk": ("max", 0.5),
    "checker": ("max", 1.0),
}
"""By case: which figure, and the most seconds that it should be."""

SAYS = {
    "layout": "a clinician-day of the clerk's rota laid out anew, any start free",
    "layout_one_more": "the same with one appointment more, which may not fit",
    "risk": "every risk figure of the whole rota",
    "checker": "every hard rule of the whole rota",
}


@dataclass(frozen=True)
class Case:
    """A synthetic week with the clerk's rota, as the cases use it."""

    clinic: Clinic
    rota: Rota
    week: WeekModel

    @classmethod
    def made(cls, clinicians: int, appointments: int) -> Case:
        """The mixed week of a size."""
        clinic = read_request(request_bytes(clinicians, appointments, 1)).clinic
        return cls(clinic, clerk(clinic), WeekModel.over(clinic))

    def booked(self) -> dict[FrameKey, tuple[Column, ...]]:
        """The columns of each day that has bookings."""
        found: dict[FrameKey, tuple[Column, ...]] = {}
        for booking in self.rota.bookings:
            for column in self.week.of_appointment[booking.appointment]:
                if column.clinician == booking.clinician and booking.start in column.starts:
                    found[column.frame] = (*found.get(column.frame, ()), column)
        return found

    def one_more(self) -> Iterator[tuple[FrameKey, tuple[Column, ...]]]:
        """The same days with the first appointment that was left and might be seen there."""
        left = {unplaced.appointment for unplaced in self.rota.unplaced}
        for key, columns in self.booked().items():
            more = next((c for c in self.week.of_frame[key] if c.appointment in left), None)
            if more is not None:
                yield key, (*columns, more)


def laid(days: Days, key: FrameKey, columns: tuple[Column, ...]) -> bool | None:
    """Whether a day has a layout; None where the search's usual effort did not settle it."""
    try:
        return days.lay(key, columns) is not None
    except OutOfNodes:
        return None


def run(results: Path, size: str = "60/2000") -> int:
    """Time every case; 1 where a goal is missed or a case failed."""
    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(scratch) / "benchmark.json"
        words = [sys.executable, "-m", "pytest", str(CASES), "-q", "-c", os.devnull, f"--rootdir={ROOT}"]
        words += ["-p", "no:cacheprovider", f"--benchmark-json={kept}", "--benchmark-quiet"]
        code = subprocess.run(words, cwd=ROOT, env=_plain() | {SIZE: size}, check=False).returncode
        if code:
            return code
        rows = [_row(told) for told in json.loads(kept.read_text(encoding="utf-8"))["benchmarks"]]
    page = table(rows, size)
    results.mkdir(parents=True, exist_ok=True)
    (results / "micro.md").write_text(page, encoding="utf-8")
    print(page)
    return 0 if all(row.holds for row in rows) else 1


@dataclass(frozen=True)
class Row:
    """One case: times in seconds, one for each call."""

    name: str
    calls: int
    median: float
    p99: float
    max: float
    extra: str

    @property
    def holds(self) -> bool:
        """Whether it keeps its goal."""
        figure, most = GOALS[self.name]
        return float(getattr(self, figure)) <= most


def _row(told: dict[str, object]) -> Row:
    stats, extra = told["stats"], told["extra_info"]
    assert isinstance(stats, dict)
    assert isinstance(extra, dict)
    times = np.array(stats["data"], dtype=float)
    name = str(told["name"]).removeprefix("test_")
    p99 = float(np.quantile(times, 0.99, method="higher"))
    words = ", ".join(f"{key} {value}" for key, value in extra.items())
    return Row(name, len(times), float(np.median(times)), p99, float(times.max()), words)


def table(rows: list[Row], size: str) -> str:
    """The page."""
    where = provenance()
    made = Table(
        f"Pieces of a week of {size}",
        ("case", "what", "calls", "median, ms", "p99, ms", "max, ms", "goal", "kept", "notes"),
        tuple(
            (
                row.name,
                SAYS[row.name],
                str(row.calls),
                *(f"{1000 * value:.2f}" for value in (row.median, row.p99, row.max)),
                f"{GOALS[row.name][0]} {1000 * GOALS[row.name][1]:.0f} ms",
                "yes" if row.holds else "no",
                row.extra,
            )
            for row in rows
        ),
        left=2,
    )
    machine = f"{where['processor']}, {where['cores']} cores, python {where['python']}, load {where['load']}"
    opening = f"`python -m benchmarks micro`, {where['date']}, commit {where['commit']}, {machine}."
    return f"# Pieces timed alone\n\n{opening}\n\n{made.markdown()}"


def _plain() -> dict[str, str]:
    """The environment, less what says that tests run side by side, where pytest-benchmark times nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
