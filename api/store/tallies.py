"""What jobs took, counted by buckets in the database: workers on many machines, one histogram.

A count is written in the transaction of what it counts. So it is there exactly when that is, it never goes
down, and whichever process is asked tells the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.store.inserting import insert_new
from api.store.tables import Tally

BOUNDS: Mapping[str, tuple[float, ...]] = {
    "queue_seconds": (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600),
    "solve_seconds": (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800),
    "solve_gap": (0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1),
}
"""Upper bounds of the buckets of each figure: seconds, seconds, and (cost - bound) / max(1, cost)."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """A figure of one kind of job: how many were at or under each bound, and the sum of all."""

    name: str
    kind: str
    at_most: Mapping[float, int]
    total: float


def observe(s: Session, name: str, kind: str, value: float) -> None:
    """Count a value; the last thing to do in a transaction, since others wait for its row.

    Raises
    ------
    KeyError
        If there is no such figure.
    """
    bounds = (*BOUNDS[name], inf)
    key = {"name": name, "kind": kind, "bucket": _told(bounds[bisect_left(bounds, value)])}
    more = update(Tally).filter_by(**key).values(count=Tally.count + 1, total=Tally.total + value)
    alone = {"synchronize_session": False}
    if s.execute(more.returning(Tally.bucket), execution_options=alone).first() is None:
        insert_new(s, Tally, {**key, "count": 0, "total": 0.0})
        s.execute(more, execution_options=alone)


def histograms(s: Session) -> list[Histogram]:
    """All that has been counted, by figure and kind."""
    rows = s.execute(select(Tally.name, Tally.kind, Tally.bucket, Tally.count, Tally.total)).all()
    keys = sorted({(name, kind) for name, kind, *_ in rows if name in BOUNDS})
    return [
        _histogram(*key, {float(b): (n, total) for name, kind, b, n, total in rows if (name, kind) == key})
        for key in keys
    ]


def _histogram(name: str, kind: str, counted: Mapping[float, tuple[int, float]]) -> Histogram:
    at_most = {
        bound: sum(count for upper, (count, _) in counted.items() if upper <= bound)
        for bound in (*BOUNDS[name], inf)
    }
    return Histogram(name, kind, at_most, sum(total for _, total in counted.values()))


def _told(bound: float) -> str:
    return f"{bound:g}"
