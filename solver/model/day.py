"""The model of whole days: where in its day each booking stands, minute by minute.

Exact but for the reserve rule with a positive limit, whose law no linear row can state. Days of
several clinicians share one model where something couples them (rooms, a weekly admin scope).
Time runs in cells of 5 minutes; each kind of entry has, a cell, a literal that the cell is its and
one that an entry begins there, so that two entries side by side stay two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from solver.model.programme import Programme
from solver.model.week import Column, FrameKey
from solver.question.clinic import STEP, Appointment, Clinic, Clinician, Span
from solver.question.day import Day, ShiftDay, days

LABELS = ("break", "lunch", "admin", "reserve")
"""Kinds of entry that the layout chooses."""


@dataclass
class DayModel:
    """Variables of some days with given bookings, and the rows that the rules have posted so far."""

    clinic: Clinic
    bookings: Mapping[FrameKey, tuple[Column, ...]]
    most_doubles: Mapping[FrameKey, int]
    programme: Programme = field(default_factory=Programme)
    days: dict[FrameKey, Day] = field(default_factory=dict)
    starts: dict[tuple[int, int], int] = field(default_factory=dict)
    """By column variable and start: 1 where the booking stands there."""
    slots: dict[tuple[FrameKey, int, int], int] = field(default_factory=dict)
    """By frame, start and length: 1 for a slot that holds time for so many minutes."""
    doubles: dict[tuple[FrameKey, int], int] = field(default_factory=dict)
    """By frame and start: 1 for a double."""
    on: dict[tuple[str, FrameKey, int], int] = field(default_factory=dict)
    begins: dict[tuple[str, FrameKey, int], int] = field(default_factory=dict)

    @classmethod
    def over(
        cls,
        clinic: Clinic,
        bookings: Mapping[FrameKey, tuple[Column, ...]],
        most_doubles: Mapping[FrameKey, int],
    ) -> DayModel:
        """The variables of the frames of ``bookings``, with no rule posted yet."""
        model = cls(clinic, bookings, most_doubles)
        for key in bookings:
            model.days[key] = next(d for d in days(clinic.clinicians[key[0]]) if d.day == key[1])
            model._add_frame(key)
        return model

    def _add_frame(self, key: FrameKey) -> None:
        for _, stretch in self.stretches(key):
            for cell in cells(stretch):
                for label in LABELS:
                    self.on[label, key, cell] = self.programme.variable()
                    self.begins[label, key, cell] = self.programme.variable()
        lengths: dict[int, set[int]] = defaultdict(set)
        for column in self.bookings[key]:
            for start in column.starts:
                self.starts[column.variable, start] = self.programme.variable()
                lengths[start].add(self.appointment(column).minutes)
        for start, minutes in lengths.items():
            for length in sorted(minutes):
                self.slots[key, start, length] = self.programme.variable()
            self.doubles[key, start] = self.programme.variable(
                upper=1 if self.most_doubles.get(key, 0) else 0
            )

    def stretches(self, key: FrameKey) -> Iterator[tuple[ShiftDay, Span]]:
        """The free stretches of a frame, each with its shift."""
        for shift in self.days[key].shifts:
            for stretch in shift.free:
                yield shift, stretch

    def appointment(self, column: Column) -> Appointment:
        """The appointment of a column."""
        return self.clinic.appointments[column.appointment]

    def clinician(self, key: FrameKey) -> Clinician:
        """The clinician of a frame."""
        return self.clinic.clinicians[key[0]]

    def standing(self, key: FrameKey, start: int) -> list[tuple[Column, int]]:
        """The columns of a frame that may start at a minute, each with its literal."""
        return [
            (column, self.starts[column.variable, start])
            for column in self.bookings[key]
            if (column.variable, start) in self.starts
        ]

    def slot_starts(self, key: FrameKey) -> list[int]:
        """Starts at which a slot of the frame may stand."""
        return sorted(start for frame, start in self.doubles if frame == key)

    def pairs(self, key: FrameKey) -> Iterator[tuple[int, tuple[Column, int], tuple[Column, int]]]:
        """Every two bookings that may share a slot of the frame: start, and both with their literals."""
        if self.most_doubles.get(key, 0):
            for start in self.slot_starts(key):
                here = self.standing(key, start)
                for i, first in enumerate(here):
                    for second in here[i + 1 :]:
                        yield start, first, second


def cells(stretch: Span) -> range:
    """The cells of a stretch, by their first minute."""
    return range(stretch.start, stretch.end, STEP)
