"""A plot of the report: the figure, what it shows in words, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from solver.report.tables import Table
from solver.report.week import Shown

MOST_ROWS = 25
"""Clinicians in one figure: as many as a printed page holds."""


@dataclass(frozen=True, slots=True)
class Plot:
    """``name`` is that of its PNG too; ``text`` says what the picture shows to those who do not see it.

    ``tables`` hold all that the figures show; there is one figure for each `MOST_ROWS` clinicians.
    """

    name: str
    title: str
    text: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]


def pages(clinicians: tuple[Shown, ...]) -> list[tuple[Shown, ...]]:
    """Clinicians in as many parts as figures, nearly equal."""
    parts = max(1, -(-len(clinicians) // MOST_ROWS))
    size = -(-len(clinicians) // parts)
    return [clinicians[i * size : (i + 1) * size] for i in range(parts)]
