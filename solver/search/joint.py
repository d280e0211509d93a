"""Lay out several days at once, with CP-SAT, where something couples them or the day's own search gave up.

Rooms couple the clinicians of a site, a weekly admin scope the days of a clinician. The reserve rule
with a positive limit is a law, not a row: where a day's starts cannot keep it, by the day's own exact
search, they are forbidden together and the model is solved again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solver.model.day import LABELS, DayModel
from solver.model.programme import Row, made_row
from solver.model.week import FrameKey
from solver.question.clinic import Clinic
from solver.rota import Entry
from solver.rules import day_model
from solver.search.cpsat import Tries, solve
from solver.search.gap import frames
from solver.search.layout import Layout, OutOfNodes, lay_out
from solver.search.plan import Chosen, task_of

ATTEMPTS = 500
"""How many sets of starts may break the reserve rule before the search gives up."""

NODES = 20_000
"""Effort for one day whose starts are given."""


def lay_out_together(
    clinic: Clinic, bookings: Chosen, doubles: Mapping[FrameKey, int], tries: Tries
) -> dict[FrameKey, Layout] | None:
    """Layouts of all days that keep every rule of days, or None as a proof that there are none.

    Raises
    ------
    OutOfNodes
        If neither was found within ``tries``.
    """
    day = day_model(clinic, bookings, doubles)
    cuts: list[Row] = []
    for _ in range(ATTEMPTS):
        answer = solve(day.programme, cuts, tries)
        if answer.infeasible:
            return None
        if answer.values is None:
            raise OutOfNodes
        layouts = {key: _layout(day, key, answer.values) for key in bookings}
        lawful = {key: found for key, layout in layouts.items() if (found := _lawful(day, key, layout))}
        if len(lawful) == len(layouts):
            return lawful
        cuts.extend(_not_so(day, key, answer.values) for key in layouts if key not in lawful)
    raise OutOfNodes


def _layout(day: DayModel, key: FrameKey, values: Sequence[int]) -> Layout:
    entries = []
    for start in day.slot_starts(key):
        seen = [column for column, x in day.standing(key, start) if values[x]]
        if seen:
            longest = max(day.appointment(column).minutes for column in seen)
            appointments = tuple(sorted(column.appointment for column in seen))
            entries.append(Entry("appointment", start, start + longest, appointments))
    for label in LABELS:
        entries.extend(_labelled(day, key, label, values))
    entries.sort(key=lambda entry: entry.start)
    admin = sum(entry.minutes for entry in entries if entry.kind == "admin")
    return Layout(tuple(entries), admin, sum(len(entry.appointments) > 1 for entry in entries))


def _labelled(day: DayModel, key: FrameKey, label: str, values: Sequence[int]) -> list[Entry]:
    """The entries of one kind: each begins where its literal says and runs while its cells do."""
    found: list[Entry] = []
    cells = sorted(cell for kind, frame, cell in day.on if (kind, frame) == (label, key))
    for cell in cells:
        if not values[day.on[label, key, cell]]:
            continue
        if values[day.begins[label, key, cell]] or not found or found[-1].end != cell:
            found.append(Entry(label, cell, cell + 5))
        else:
            found[-1] = Entry(label, found[-1].start, cell + 5)
    return found


def _lawful(day: DayModel, key: FrameKey, layout: Layout) -> Layout | None:
    """A layout with the same starts that keeps the reserve rule's law, or None where there is none."""
    clinician = day.clinician(key)
    if clinician.policy.whole_reserve or not layout.doubles:
        return layout
    starts = {a: entry.start for entry in layout.entries for a in entry.appointments}
    tasks = [task_of(day.appointment(c), (starts[c.appointment],)) for c in day.bookings[key]]
    frame = next(frame for frame in frames(clinician) if frame.key == key)
    need = layout.admin if clinician.policy.admin_scope == "week" else day.days[key].admin_base
    if clinician.policy.admin_scope == "day":
        need += sum(day.appointment(column).admin for column in day.bookings[key])
    return lay_out(frame, tasks, need, layout.doubles, nodes=NODES)


def _not_so(day: DayModel, key: FrameKey, values: Sequence[int]) -> Row:
    """Forbid the starts of a day together; with a weekly admin scope, only along with its admin."""
    literals = [day.starts[c.variable, s] for c in day.bookings[key] for s in c.starts]
    standing = [v for v in literals if values[v]]
    if day.clinician(key).policy.admin_scope == "week":
        admin = [v for (label, frame, _), v in day.on.items() if frame == key and label == "admin"]
        standing += [v for v in admin if values[v]]
    return made_row("reserve", [(1, v) for v in standing], upper=len(standing) - 1)
