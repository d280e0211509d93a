"""The clinician's page as data: sections of plain sentences, and the days as they are written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Standing = Literal["draft", "published", "superseded"]
"""Of a rota: whether a person has agreed to it, and whether another one has taken its place since."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what is said under it: whole sentences, a paragraph each."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a day: from when to when (local), what it is (an entry's kind), and in words."""

    start: str
    end: str
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class PageDay:
    """One day of the diary: its name, a sentence on it, and its lines."""

    name: str
    date: str
    summary: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One clinician's week in plain words; it names no patient."""

    clinician: str
    week: str
    """The local date of its Monday."""
    sections: tuple[Section, ...]
    days: tuple[PageDay, ...]
