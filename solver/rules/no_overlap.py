r"""No overlap: a clinician does one thing at a time, and a slot holds time for its longest booking.

.. math:: e_i \le s_j \text{ for entries } i < j \text{ of one clinician}; \qquad
          e_i - s_i \ge \max_{a \in i} d_a

``s``, ``e`` start and end of an entry, ``d`` duration of a booking, all in minutes.
Source: problem, section 2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

from solver.diaries import entries, shift_at
from solver.model.day import LABELS, DayModel, cells
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import STEP, Clinic, Clinician, Span
from solver.question.day import ShiftDay
from solver.question.when import when
from solver.rota import Entry, Rota
from solver.rules.rule import Breach

NAME = "no_overlap"
STATEMENT = "A clinician does one thing at a time, and every slot lasts its longest booking."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Entries that start before an earlier one ends, and slots too short for a booking."""
    for index, rows in sorted(entries(rota).items()):
        yield from _overlaps(clinic, clinic.clinicians[index], rows)
        yield from _short(clinic, clinic.clinicians[index], rows)


def _overlaps(clinic: Clinic, clinician: Clinician, rows: list[Entry]) -> Iterator[Breach]:
    last: Entry | None = None
    for entry in rows:
        if last is not None and entry.start < last.end:
            shared = min(entry.end, last.end) - entry.start
            text = f"{clinician.id} has {last.kind} and {entry.kind} at {when(clinic, entry.start)}"
            yield _breach(clinician, entry, f"{text}: they share {shared} minutes.")
        if last is None or entry.end > last.end:
            last = entry


def _short(clinic: Clinic, clinician: Clinician, rows: list[Entry]) -> Iterator[Breach]:
    for entry in rows:
        for a in (clinic.appointments[i] for i in entry.appointments):
            if entry.minutes < a.minutes:
                text = f"The slot of {clinician.id} at {when(clinic, entry.start)} lasts {entry.minutes}"
                text = f"{text} minutes and appointment {a.id} needs {a.minutes}."
                yield _breach(clinician, entry, text)


def _breach(clinician: Clinician, entry: Entry, text: str) -> Breach:
    shift = shift_at(clinician, entry.start)
    return Breach(NAME, clinician.id, shift.day if shift else None, text)


def post_week(week: WeekModel) -> None:
    """Each booking takes its minutes out of its day, and out of every stretch that it cannot leave."""
    for key, columns in week.of_frame.items():
        for column in columns:
            week.spend(key, week.appointment(column).minutes, column.variable)
        hulls = _hulls(week, key)
        for shift in week.days[key].shifts:
            whole = Span(shift.shift.start, shift.shift.end)
            confined = {hull: own for hull, own in hulls.items() if whole.holds(hull.start, hull.end)}
            _post_stretches(week, key, shift, confined)


def _post_stretches(
    week: WeekModel, key: FrameKey, shift: ShiftDay, confined: Mapping[Span, list[Column]]
) -> None:
    r"""Rows for bookings that windows confine to a part of a shift.

    ``M`` minutes of contact in one stretch need at least ``M / L - 1`` breaks or lunches inside it (an
    appointment longer than the run limit ``L`` counts as ``L``), each of at least ``B`` minutes:
    :math:`\\sum_a (L d_a + B \\min(d_a, L)) y_a \\le L (free + B)`. Stretches are no longer than the
    bookings inside need, and as many of those as the day may have in all (`contacts`) have to be too much.
    """
    policy = week.clinician(key).policy
    limit, rest = policy.max_contact_run_minutes, min(policy.break_minutes, policy.lunch_minutes)
    relief = [(-week.saved_by_double(key) * limit, z) for z in week.doubles.get(key, ())]
    for stretch, inside in _confined(confined):
        free = sum(max(0, min(f.end, stretch.end) - max(f.start, stretch.start)) for f in shift.free)
        minutes = [week.appointment(c).minutes for c in inside]
        weights = [limit * m + rest * min(m, limit) for m in minutes]
        most = sum(sorted(weights)[-policy.max_contacts_per_day :])
        if sum(minutes) > free and most > limit * (free + rest):
            terms = [(weight, c.variable) for weight, c in zip(weights, inside, strict=True)]
            week.programme.row(NAME, [*terms, *relief], upper=limit * (free + rest))


def _confined(hulls: Mapping[Span, list[Column]]) -> Iterator[tuple[Span, list[Column]]]:
    """Every stretch that some bookings need and cannot leave, with all that cannot leave it."""
    for start, end in product({h.start for h in hulls}, {h.end for h in hulls}):
        inside = [hull for hull in hulls if start <= hull.start and hull.end <= end]
        if inside and min(h.start for h in inside) == start and max(h.end for h in inside) == end:
            columns = (column for hull in inside for column in hulls[hull])
            yield Span(start, end), sorted(columns, key=lambda column: column.variable)


def _hulls(week: WeekModel, key: FrameKey) -> dict[Span, list[Column]]:
    """The bookings of a day by the stretch that they cannot leave.

    It ends with the reserve behind the slot, where a booking may be doubled.
    """
    columns = week.of_frame[key]
    sharing = [week.appointment(c).minutes for c in columns if week.appointment(c).double_bookable]
    reserve = max(sharing, default=0) if week.doubles.get(key) else 0
    found: dict[Span, list[Column]] = defaultdict(list)
    for column in columns:
        appointment = week.appointment(column)
        end = column.starts[-1] + appointment.minutes
        if reserve and appointment.double_bookable:
            latest = max((w.end for w in appointment.windows), default=end + reserve)
            end = max(end, min(end + reserve, latest))
        found[Span(column.starts[0], end)].append(column)
    return found


def post_day(day: DayModel) -> None:
    """A cell is one slot's, or one label's, or free; an entry of a label begins where the label does."""
    for key in day.bookings:
        for _, stretch in day.stretches(key):
            for cell in cells(stretch):
                slots = [(1, v) for (k, s, n), v in day.slots.items() if k == key and s <= cell < s + n]
                labels = [(1, day.on[label, key, cell]) for label in LABELS]
                day.programme.row(NAME, [*slots, *labels], upper=1)
                for label in LABELS:
                    _post_begin(day, key, label, cell, stretch)


def _post_begin(day: DayModel, key: FrameKey, label: str, cell: int, stretch: Span) -> None:
    on, begins = day.on[label, key, cell], day.begins[label, key, cell]
    before = [(-1, day.on[label, key, cell - STEP])] if cell > stretch.start else []
    day.programme.row(NAME, [(1, begins), (-1, on)], upper=0)
    day.programme.row(NAME, [(1, on), (-1, begins), *before], upper=0)
