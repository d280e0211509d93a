"""The plain answer: who is booked where, and every minute of every diary.

Plain data, in the terms of `solver.question.clinic`. It may come from the search or from a
person; nothing here says that it keeps any rule (see `solver.check`).
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("appointment", "admin", "break", "lunch", "reserve", "commitment", "free")
PROTECTED = frozenset({"break", "lunch", "admin", "commitment"})
"""Kinds of entry whose time is promised; the end of a shift is promised too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stretch of one diary, ``[start, end)``; two ``appointments`` make it a double."""

    kind: str
    start: int
    end: int
    appointments: tuple[int, ...] = ()

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Diary:
    """One clinician's week, in order; entries cover each shift exactly."""

    clinician: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment placed in a slot."""

    appointment: int
    clinician: int
    start: int


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An appointment that is not booked, with a stable code and a sentence."""

    appointment: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rota:
    """The answer: bookings, the rest with reasons, and one diary a clinician, in request order."""

    bookings: tuple[Booking, ...]
    unplaced: tuple[Unplaced, ...]
    diaries: tuple[Diary, ...]
