"""Admin that is due where one more booking comes: in its day, or, with a weekly scope, somewhere in its week.

With a weekly scope a day has to have what the other days do not give. They give what they have as they stand,
or what they have at most when they are laid out again, every booking at its start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from solver.explain.why_day import due, standing_of
from solver.explain.why_standing import Standing, minutes_of_admin
from solver.model.week import FrameKey
from solver.question.clinic import Appointment
from solver.question.day import days
from solver.rota import Entry
from solver.search.gap import Frame
from solver.search.layout import OutOfNodes

Rows = Mapping[FrameKey, tuple[Entry, ...]]
"""Days with other entries than they have."""


@dataclass(frozen=True, slots=True)
class Need:
    """Minutes of admin that a day has to have where some other days give more than they do as they stand.

    ``alone`` is what it would have to have if they did not; ``others`` are those days laid out again, the one
    that gives most first.
    """

    minutes: int
    alone: int
    others: Rows

    def rows(self, standing: Standing, given: int) -> Rows:
        """As many of the other days as it takes where the day has so many minutes of admin itself."""
        kept: dict[FrameKey, tuple[Entry, ...]] = {}
        for key, rows in self.others.items():
            if given < self.alone:
                kept[key] = rows
                given += _gain(standing, key, rows)
        return kept


def needs(standing: Standing, frame: Frame, appointment: Appointment) -> Iterator[Need]:
    """What a day needs with one more booking: the other days as they stand, then giving what they can.

    Parameters
    ----------
    frame
        The day, which may be longer than it stands.
    """
    if frame.policy.admin_scope == "day":
        held = standing_of(standing.clinic.appointments, standing.on.get(frame.key, []))
        minutes = due(frame.day, held) + appointment.admin
        yield Need(minutes, minutes, {})
        return
    others = [key for key in standing.frames if key[0] == frame.key[0] and key != frame.key]
    given = sum(minutes_of_admin(standing.rows_of(key)) for key in others)
    alone = max(0, _due_in_week(standing, frame, appointment) - given)
    yield Need(alone, alone, {})
    fuller = [(key, rows) for key in others if alone and (rows := _fuller(standing, key)) is not None]
    fuller.sort(key=lambda item: -_gain(standing, *item))
    if fuller:
        gains = sum(_gain(standing, *item) for item in fuller)
        yield Need(max(0, alone - gains), alone, dict(fuller))


def _due_in_week(standing: Standing, frame: Frame, appointment: Appointment) -> int:
    own = standing_of(standing.clinic.appointments, standing.own.get(frame.key[0], []))
    base = sum(due(day, ()) for day in days(frame.clinician))
    return base + appointment.admin + sum(one.admin for one, _ in own)


def _gain(standing: Standing, key: FrameKey, rows: tuple[Entry, ...]) -> int:
    return minutes_of_admin(rows) - minutes_of_admin(standing.rows_of(key))


def _fuller(standing: Standing, key: FrameKey) -> tuple[Entry, ...] | None:
    try:
        return standing.fullest(key)
    except OutOfNodes:
        return None
