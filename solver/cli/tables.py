"""Consoles and tables that read well on a terminal and in a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDE = 140
"""Columns of text where there is no terminal to ask."""


def console(*, err: bool = False) -> Console:
    """Standard output or error; text is shown as it is."""
    found = Console(stderr=err, markup=False, highlight=False, emoji=False)
    if not found.is_terminal:
        found.width = _WIDE
    return found


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table whose first column is text and whose others are numbers."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1), collapse_padding=True)
    for place, title in enumerate(titles):
        shown.add_column(title, justify="right" if place else "left")
    for row in rows:
        shown.add_row(*map(Text, row))
    return shown
