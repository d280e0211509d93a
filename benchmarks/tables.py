"""A table of text cells, as Markdown and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import isnan


@dataclass(frozen=True)
class Table:
    """Headings and rows of text; ``left`` columns stand on the left, the others on the right."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    left: int = 1

    def markdown(self) -> str:
        """With a heading, and its note below."""
        rule = ("---",) * self.left + ("--:",) * (len(self.headings) - self.left)
        lines = "".join(f"| {' | '.join(row)} |\n" for row in (self.headings, rule, *self.rows))
        return f"## {self.title}\n\n{lines}" + (f"\n{self.note}\n" if self.note else "")

    def html(self) -> str:
        """The same, as a section."""
        head = "".join(f'<th scope="col">{escape(word)}</th>' for word in self.headings)
        body = "".join(f"<tr>{self._cells(row)}</tr>\n" for row in self.rows)
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        table = f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"
        return f"<section><h2>{escape(self.title)}</h2>\n{table}\n{note}</section>\n"

    def _cells(self, row: Sequence[str]) -> str:
        kinds = ("l" if place < self.left else "r" for place in range(len(row)))
        return "".join(
            f'<td class="{kind}">{escape(word)}</td>' for kind, word in zip(kinds, row, strict=True)
        )


def said(value: float | None, form: str) -> str:
    """A figure, or a dash where there is none."""
    return "-" if value is None or isnan(value) else format(value, form)
