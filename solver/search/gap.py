"""What a gap between two slots of a diary can hold: a break, a lunch, admin.

A *frame* is one clinician's day before anything is booked. A *gap* ``[start, end)`` of a frame is
time that holds no slot; commitments and the time between two shifts cut it into pieces. Of all
ways to fill a gap only the best few matter: whether it gives a break, whether it gives the lunch
that is due, and how many minutes of admin (at most four options, none worse than another in all
three respects).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from solver.question.clinic import STEP, Clinician, Policy, Span
from solver.question.day import Day, ShiftDay, days, gaps
from solver.rota import Entry

Drain = int
"""Minutes at the start of a gap that are left unprotected, so that owed work is worked off."""


class Filling(NamedTuple):
    """One way to fill a gap, or a piece of one."""

    breaks: bool
    lunches: bool
    admin: int
    entries: tuple[Entry, ...]

    def covers(self, other: Filling) -> bool:
        """Whether this one is at least as good in every respect.

        A filling with the lunch never stands for one without: a day that has had its lunch cannot use it.
        """
        same = self.lunches == other.lunches
        return same and self.breaks >= other.breaks and self.admin >= other.admin


NOTHING = Filling(False, False, 0, ())


@dataclass
class Frame:
    """One clinician's day as the layout sees it; fillings are remembered by (start, end)."""

    clinician: Clinician
    day: Day
    pieces: tuple[tuple[int, Span], ...] = ()
    """Free stretches, each with the place of its shift in the day."""
    fillings: dict[tuple[int, int, bool], tuple[Filling, ...]] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The clinician's policy."""
        return self.clinician.policy

    @property
    def key(self) -> tuple[int, int]:
        """Clinician and day."""
        return self.clinician.index, self.day.day

    def shift_at(self, start: int) -> int:
        """The place in the day of the shift that holds a minute."""
        for place, shift in enumerate(self.day.shifts):
            if shift.shift.start <= start < shift.shift.end:
                return place
        raise LookupError(f"no shift at minute {start}")

    def free_after(self, start: int) -> int:
        """Uncommitted minutes from ``start`` to the end of the day."""
        return sum(max(0, span.end - max(start, span.start)) for _, span in self.pieces)

    def fill(self, start: int, end: int, place: int) -> tuple[Filling, ...]:
        """The ways to fill ``[start, end)`` of the shift at ``place``, which it does not leave."""
        found = self.fillings.get((start, end, False))
        if found is None:
            found = self.fillings[start, end, False] = _fillings(self, Span(start, end), place)
        return found


def frames(clinician: Clinician) -> tuple[Frame, ...]:
    """The days of a clinician that have a shift."""
    return tuple(_frame(clinician, day) for day in days(clinician))


def _frame(clinician: Clinician, day: Day) -> Frame:
    pieces = tuple((place, span) for place, shift in enumerate(day.shifts) for span in shift.free)
    return Frame(clinician, day, pieces)


def commitments(shift: ShiftDay) -> tuple[Entry, ...]:
    """The committed time of a shift, as entries."""
    taken = gaps(Span(shift.shift.start, shift.shift.end), shift.free)
    return tuple(Entry("commitment", span.start, span.end) for span in taken)


def _fillings(frame: Frame, gap: Span, place: int) -> tuple[Filling, ...]:
    shift = frame.day.shifts[place]
    best: tuple[Filling, ...] = (NOTHING,)
    for free in shift.free:
        piece = Span(max(free.start, gap.start), min(free.end, gap.end))
        if piece.minutes > 0:
            ways = tuple(_piece(frame.policy, shift, piece))
            best = undominated(_joined(a, b) for a in best for b in ways if not (a.lunches and b.lunches))
    return best


def _joined(first: Filling, second: Filling) -> Filling:
    return Filling(
        first.breaks or second.breaks,
        first.lunches or second.lunches,
        first.admin + second.admin,
        first.entries + second.entries,
    )


def undominated(ways: Iterator[Filling]) -> tuple[Filling, ...]:
    """The fillings that no other covers, most useful first."""
    kept: list[Filling] = []
    for way in sorted(ways, key=lambda w: (w.breaks + w.lunches, w.admin), reverse=True):
        if not any(other.covers(way) for other in kept):
            kept.append(way)
    return tuple(kept)


def _piece(policy: Policy, shift: ShiftDay, piece: Span) -> Iterator[Filling]:
    block, rest = policy.admin_block_minutes, policy.break_minutes
    yield _stretch(piece, block)
    if piece.minutes >= rest:
        after = _stretch(Span(piece.start + rest, piece.end), block)
        yield Filling(
            True, False, after.admin, (Entry("break", piece.start, piece.start + rest), *after.entries)
        )
    for length in sorted({policy.lunch_minutes, max(policy.lunch_minutes, rest)}):
        yield from _lunches(policy, shift, piece, length)


def _lunches(policy: Policy, shift: ShiftDay, piece: Span, length: int) -> Iterator[Filling]:
    """The best admin around a lunch of a length, if any place takes it; the earliest of the best."""
    block = max(1, policy.admin_block_minutes)
    most, best = -1, 0
    for place in shift.lunch_places:
        last = min(place.end, piece.end) - length
        for start in range(max(place.start, piece.start), last + 1, STEP):
            before, after = start - piece.start, piece.end - start - length
            admin = (before if before >= block else 0) + (after if after >= block else 0)
            if admin > most:
                most, best = admin, start
    if most >= 0:
        around = [_stretch(Span(piece.start, best), block), _stretch(Span(best + length, piece.end), block)]
        entries = (*around[0].entries, Entry("lunch", best, best + length), *around[1].entries)
        yield Filling(length >= policy.break_minutes, True, most, entries)


def _stretch(span: Span, block: int) -> Filling:
    """A stretch given to admin whole, where it is long enough."""
    if span.minutes < block or span.minutes <= 0:
        return NOTHING
    return Filling(False, False, span.minutes, (Entry("admin", span.start, span.end),))
