"""A table that says what a plot shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Titles of the columns and rows of as many cells; the first cell of a row is its heading."""

    caption: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
