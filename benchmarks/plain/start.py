"""A known rota as a point of the slot-level week, for a solver to start from."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.plain.week import PlainWeek, Stay
from solver.rota import Entry, Rota


def point(week: PlainWeek, rota: Rota) -> dict[int, int]:
    """Values of all literals and runs; the rota has no double."""
    known: dict[int, int] = dict.fromkeys(
        [*week.x.values(), *week.slot.values(), *week.pair.values(), *week.shared.values()], 0
    )
    known |= dict.fromkeys([*week.rest.values(), *week.lunch.values(), *week.unplaced], 0)
    for stay, entry in entries(week, rota):
        for appointment in entry.appointments:
            known[week.x[appointment, stay.number, entry.start]] = 1
            known[week.slot[stay.number, entry.start, entry.minutes]] = 1
        for kind, literals in (("break", week.rest), ("lunch", week.lunch)):
            if entry.kind == kind and (stay.number, entry.start) in literals:
                known[literals[stay.number, entry.start]] = 1
    for left in rota.unplaced:
        known[week.unplaced[left.appointment]] = 1
    for stay in week.stays:
        known |= _runs(week, stay, known)
    return known


def entries(week: PlainWeek, rota: Rota) -> Iterator[tuple[Stay, Entry]]:
    """Every entry of a rota with its shift."""
    stays: dict[int, list[Stay]] = {}
    for stay in week.stays:
        stays.setdefault(stay.clinician, []).append(stay)
    for diary in rota.diaries:
        for entry in diary.entries:
            yield next(s for s in stays[diary.clinician] if s.span.holds(entry.start, entry.end)), entry


def _runs(week: PlainWeek, stay: Stay, known: dict[int, int]) -> Iterator[tuple[int, int]]:
    policy = week.clinician(stay).policy
    breaks = [(cell, v) for (n, cell), v in week.rest.items() if n == stay.number and known[v]]
    breaks += [(cell, v) for (n, cell), v in week.lunch.items() if n == stay.number and known[v]]
    last, run = stay.span.start, 0
    for start in week.starts(stay.number):
        if any(last <= cell < start for cell, _ in breaks):
            run = 0
        here = (week.clinic.appointments[a].minutes for a, x in week.at[stay.number, start] if known[x])
        run += sum(min(minutes, policy.max_contact_run_minutes) for minutes in here)
        yield week.run[stay.number, start], run
        last = start
