r"""The mixes of bookings that a day can hold, as a table.

Bookings of one day fall into classes alike in minutes and notes. A *mix* is a count a class; the
mixes that fit are downward closed, so the largest ones say it all. With one literal for each of
those, of which a day has one,

.. math:: \sum_{j \in class} y_j \le \sum_m n_{m, class} \lambda_m , \quad \sum_m \lambda_m = 1

has as its linear relaxation the convex hull of what a day can hold, where the rows on time and
breaks alone leave a fraction of a booking a day (Dantzig and Wolfe, Operations Research 8, 1960). Those rows
follow from the table where the day has no doubles: they hold for each mix, and so for what lies between.

A mix fits (or is not known not to) if its minutes, notes, lunches and breaks add up to no more than
the day's free minutes, where ``R`` runs of contact need ``R - shifts - lunches`` breaks and ``R`` is
bounded below as in the rule `breaks`. Windows and the order of the day are left to the layout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from solver.model.week import FrameKey, WeekModel

Class = tuple[int, int]
"""Minutes and minutes of notes that the day itself must hold."""

MOST_MIXES = 400
"""A day with more largest mixes gets no table."""


@dataclass(frozen=True)
class _Room:
    """What a day has: free minutes after lunches and daily admin, and what parts its contact for nothing."""

    minutes: int
    parted: int
    contacts: int
    limit: int
    rest: int

    def holds(self, mix: tuple[int, ...], classes: tuple[Class, ...]) -> bool:
        """Whether a mix is not too long for the day."""
        if sum(mix) > self.contacts:
            return False
        pairs = list(zip(mix, classes, strict=True))
        load = sum(n * min(minutes, self.limit) for n, (minutes, _) in pairs)
        halves = sum(n * ((2 * m > self.limit) + (2 * m >= self.limit)) for n, (m, _) in pairs)
        runs = max(-(-load // self.limit), -(-halves // 2))
        spent = sum(n * (minutes + notes) for n, (minutes, notes) in pairs)
        return spent + self.rest * max(0, runs - self.parted) <= self.minutes


def post_mixes(week: WeekModel) -> None:
    """Post the table of every day that is not too varied for one."""
    known: dict[tuple[object, ...], list[tuple[int, ...]] | None] = {}
    for key, columns in week.of_frame.items():
        classes: dict[Class, list[int]] = defaultdict(list)
        weekly = week.clinician(key).policy.admin_scope == "week"
        for column in columns:
            appointment = week.appointment(column)
            classes[appointment.minutes, 0 if weekly else appointment.admin].append(column.variable)
        order = tuple(sorted(classes, key=lambda c: (-c[0] - c[1], c)))
        room = _room(week, key)
        most = tuple(len(classes[c]) for c in order)
        signature = (room, order, most)
        if signature not in known:
            known[signature] = largest_mixes(room, order, most)
        mixes = known[signature]
        if mixes:
            _post(week, order, classes, mixes)
            if not week.doubles.get(key):
                week.programme.implied.update(week.of_mix[key])


def _room(week: WeekModel, key: FrameKey) -> _Room:
    policy, day = week.clinician(key).policy, week.days[key]
    free = sum(span.minutes for shift in day.shifts for span in shift.free)
    saved = week.saved_by_double(key) * len(week.doubles.get(key, ()))
    lunches = sum(bool(shift.lunch_places) for shift in day.shifts)
    return _Room(
        free - week.due[key] + saved,
        len(day.shifts) + lunches,
        policy.max_contacts_per_day,
        policy.max_contact_run_minutes,
        policy.break_minutes,
    )


def _post(
    week: WeekModel, order: tuple[Class, ...], classes: dict[Class, list[int]], mixes: list[tuple[int, ...]]
) -> None:
    literals = [week.programme.variable() for _ in mixes]
    week.programme.row("breaks", [(1, v) for v in literals], lower=1, upper=1)
    for place, name in enumerate(order):
        held = [(-mix[place], v) for mix, v in zip(mixes, literals, strict=True)]
        week.programme.row("breaks", [*((1, v) for v in classes[name]), *held], upper=0)


def largest_mixes(
    room: _Room, classes: tuple[Class, ...], most: tuple[int, ...]
) -> list[tuple[int, ...]] | None:
    """The mixes that fit and are in no other that fits; None where there are too many."""
    fitting: list[tuple[int, ...]] = []
    for mix in _fitting(room, classes, most, ()):
        if not any(_held(mix, n, room, classes, most) for n in range(len(classes))):
            fitting.append(mix)
            if len(fitting) > MOST_MIXES:
                return None
    return fitting


def _held(
    mix: tuple[int, ...], place: int, room: _Room, classes: tuple[Class, ...], most: tuple[int, ...]
) -> bool:
    """Whether one more of a class still fits."""
    more = (*mix[:place], mix[place] + 1, *mix[place + 1 :])
    return more[place] <= most[place] and room.holds(more, classes)


def _fitting(
    room: _Room, classes: tuple[Class, ...], most: tuple[int, ...], mix: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """Every mix that fits, class by class."""
    place = len(mix)
    if place == len(classes):
        yield mix
        return
    rest = (0,) * (len(classes) - place - 1)
    for count in range(most[place] + 1):
        if not room.holds((*mix, count, *rest), classes):
            return
        yield from _fitting(room, classes, most, (*mix, count))
