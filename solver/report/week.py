"""What the report shows: the document of a rota, and what was read from it, clinician by clinician."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from solver.answer.figures import DiaryFigures
from solver.answer.shape import RotaDocument
from solver.explain.page_shape import Page
from solver.report.whys import Whys
from solver.report.words import WEEKDAYS
from solver.risk.law import Law


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry of a diary: local times, and its appointments with their minutes."""

    kind: str
    start: datetime
    end: datetime
    appointments: tuple[str, ...]
    booked_minutes: int

    @property
    def label(self) -> str:
        """The kind, with a slot of two told apart."""
        return "double" if len(self.appointments) > 1 else self.kind

    @property
    def minutes(self) -> int:
        """Elapsed minutes."""
        return int((self.end - self.start).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class ShownDay:
    """One clinician's day; ``p_touched`` is the chance that any promised time of it is worked into.

    ``touched_if_all_come`` is whether it is if every patient comes and each session lasts as booked.
    """

    day: int
    shifts: tuple[tuple[Piece, ...], ...]
    p_touched: float
    touched_if_all_come: bool

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The entries of all its shifts, in order."""
        return tuple(piece for shift in self.shifts for piece in shift)

    @property
    def bookings(self) -> int:
        """How many appointments are booked."""
        return sum(len(piece.appointments) for piece in self.pieces)

    @property
    def booked_minutes(self) -> int:
        """Minutes of contact if everyone comes."""
        return sum(piece.booked_minutes for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Shown:
    """One clinician's week; ``account`` is there where the request was given."""

    id: str
    target: int
    ceiling: int
    days: Mapping[int, ShownDay]
    risk: DiaryFigures
    law: Law
    account: Page | None = None

    @property
    def bookings(self) -> int:
        """How many appointments are booked."""
        return sum(day.bookings for day in self.days.values())


@dataclass(frozen=True, slots=True)
class Week:
    """The whole report's material. ``broken`` are the rules that the rota breaks, None if not known."""

    document: RotaDocument
    monday: date | None
    days: tuple[int, ...]
    clinicians: tuple[Shown, ...]
    broken: tuple[str, ...] | None
    overrun: bool
    """Whether sessions that run over are counted."""
    whys: Whys | None = None
    """Why the most urgent are not placed, where the request was given."""
    by_hand: bool = False
    """Whether the rota says nothing of how it came about."""

    def day_name(self, day: int) -> str:
        """``Mon 30 Nov``."""
        if self.monday is None:
            return WEEKDAYS[day]
        then = self.monday + timedelta(days=day)
        return f"{WEEKDAYS[day]} {then.day} {then:%b}"
