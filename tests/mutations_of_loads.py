"""Mutations of how much is booked: doubles, contacts, worst case, overload, rooms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, combinations
from random import Random

from solver.question.clinic import FULL, Appointment, Clinic, Clinician
from solver.rota import Rota
from tests.edits import Spot, crammed, freed, instead, put, rewritten, spots, without

Wrong = Iterator[tuple[Rota, str]]


def double_up(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A second appointment in a single slot that may not be shared, or not by these two."""
    for spot in spots(clinic, rota, rng, "appointment"):
        if len(spot.entry.appointments) == 1:
            a = clinic.appointments[spot.entry.appointments[0]]
            for u in rng.sample(rota.unplaced, len(rota.unplaced)):
                b = clinic.appointments[u.appointment]
                if b.minutes <= spot.entry.minutes and not _may_share(spot.clinician, a, b):
                    yield _joined(rota, spot, b), "slot_limit"


def treble(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A third appointment in a double."""
    for spot in spots(clinic, rota, rng, "appointment"):
        if len(spot.entry.appointments) == 2:
            for u in rota.unplaced:
                yield _joined(rota, spot, clinic.appointments[u.appointment]), "slot_limit"


def merge_two_slots(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """Two single slots of a day become a double where the day or the week has all it may have."""
    for one, two in combinations(spots(clinic, rota, rng, "appointment"), 2):
        single = len(one.entry.appointments) == len(two.entry.appointments) == 1
        if single and one.shift is two.shift and one.clinician is two.clinician and _full_of_doubles(one):
            b = clinic.appointments[two.entry.appointments[0]]
            yield _joined(instead(rota, two, freed(two.entry)), one, b), "double_limit"


def crowd_a_day(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """So many appointments are crammed into a day that the contacts pass their limit."""
    for clinician, start, wanted in _crammable(clinic, rota, rng):
        booked = _booked_on(clinic, rota, clinician, start)
        missing = clinician.policy.max_contacts_per_day + 1 - len(booked)
        if len(wanted) >= missing:
            yield crammed(rota, clinician.index, start, wanted[:missing]), "contacts"


def crowd_a_day_with_intense_ones(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """One intense appointment more than a day may have."""
    for clinician, start, wanted in _crammable(clinic, rota, rng):
        booked = [a for a in _booked_on(clinic, rota, clinician, start) if a.intense]
        missing = clinician.policy.max_intense_per_day + 1 - len(booked)
        intense = [a for a in wanted if a.intense]
        if len(intense) >= missing:
            yield crammed(rota, clinician.index, start, intense[:missing]), "contacts"


def pass_the_worst_case(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """So many appointments are crammed in that the booked minutes pass their limit."""
    for clinician, start, wanted in _crammable(clinic, rota, rng):
        spare = clinician.policy.max_booked_ratio * clinician.target - sum(
            a.minutes for a in _booked_with(clinic, rota, clinician)
        )
        enough = [n for n, total in enumerate(accumulate(a.minutes for a in wanted), 1) if total > spare]
        if enough:
            yield crammed(rota, clinician.index, start, wanted[: enough[0]]), "booked_ceiling"


def overload_the_week(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    r"""So many that the ceiling is surely passed too often.

    With worst case W and expected minutes E, E <= C P(D <= C) + W P(D > C), so P(D > C) is at least
    (E - C) / (W - C): no law has to be computed to know that it is over the limit.
    """
    for clinician, start, wanted in _crammable(clinic, rota, rng):
        booked = _booked_with(clinic, rota, clinician)
        for count in range(1, len(wanted) + 1):
            everyone = [*booked, *wanted[:count]]
            over = sum(a.minutes for a in everyone) - clinician.ceiling
            gain = sum(a.minutes * a.attendance for a in everyone) / FULL - clinician.ceiling
            if over > 0 and gain / over > clinician.policy.max_overload_risk + 1e-6:
                yield crammed(rota, clinician.index, start, wanted[:count]), "overload"
                break


def crowd_a_site(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """An in-person booking is written at a moment when others hold every room of the site."""
    held = [s for s in spots(clinic, rota, rng, "appointment") if _in_person(clinic, s)]
    for spot in held:
        site, minute = spot.shift.site, spot.entry.start
        here = {s.clinician.index for s in held if s.shift.site == site and _holds(clinic, s, minute)}
        if site is None or site not in clinic.rooms or len(here) < clinic.rooms[site]:
            continue
        for moved in held:
            a = clinic.appointments[moved.entry.appointments[0]]
            inside = moved.shift.site == site and moved.shift.holds(minute, minute + a.minutes)
            if len(moved.entry.appointments) == 1 and inside and moved.clinician.index not in here:
                yield put(without(rota, a.index), moved.clinician.index, minute, a), "rooms"


def _may_share(clinician: Clinician, a: Appointment, b: Appointment) -> bool:
    rare = a.attendance * b.attendance <= clinician.policy.max_collision * FULL**2
    return clinician.policy.max_per_slot > 1 and a.double_bookable and b.double_bookable and rare


def _joined(rota: Rota, spot: Spot, b: Appointment) -> Rota:
    """The rota with one more appointment in a slot, which lasts as long as it did, or as long as that."""
    end = max(spot.entry.end, spot.entry.start + b.minutes)
    shared = replace(spot.entry, end=end, appointments=(*spot.entry.appointments, b.index))
    (diary,) = (d for d in rota.diaries if d.clinician == spot.clinician.index)
    rows = [shared if e == spot.entry else e for e in diary.entries]
    return rewritten(rota, spot.clinician.index, rows, b.index)


def _full_of_doubles(spot: Spot) -> bool:
    policy, doubles = spot.clinician.policy, [e for e in spot.entries if len(e.appointments) == 2]
    shifts = [s for s in spot.clinician.shifts if s.day == spot.shift.day]
    today = [e for e in doubles if any(s.start <= e.start < s.end for s in shifts)]
    return len(today) >= policy.max_doubles_per_day or len(doubles) >= policy.max_doubles_per_week


def _crammable(clinic: Clinic, rota: Rota, rng: Random) -> Iterator[tuple[Clinician, int, list[Appointment]]]:
    """Each clinician's shift with its start, and the unplaced appointments in a random order."""
    wanted = [clinic.appointments[u.appointment] for u in rota.unplaced]
    for clinician in rng.sample(clinic.clinicians, len(clinic.clinicians)):
        for shift in clinician.shifts:
            room = (shift.minutes - 5) // 5
            yield clinician, shift.start, rng.sample(wanted, len(wanted))[:room]


def _booked_with(clinic: Clinic, rota: Rota, clinician: Clinician) -> list[Appointment]:
    return [clinic.appointments[b.appointment] for b in rota.bookings if b.clinician == clinician.index]


def _booked_on(clinic: Clinic, rota: Rota, clinician: Clinician, start: int) -> list[Appointment]:
    """What is booked on the day of the shift that starts then."""
    day = next(s.day for s in clinician.shifts if s.start == start)
    shifts = [s for s in clinician.shifts if s.day == day]
    own = [b for b in rota.bookings if b.clinician == clinician.index]
    return [
        clinic.appointments[b.appointment] for b in own if any(s.start <= b.start < s.end for s in shifts)
    ]


def _in_person(clinic: Clinic, spot: Spot) -> bool:
    return any(clinic.appointments[i].mode == "in_person" for i in spot.entry.appointments)


def _holds(clinic: Clinic, spot: Spot, minute: int) -> bool:
    """Whether the slot holds its room at a minute: through all its booked minutes."""
    minutes = sum(clinic.appointments[i].minutes for i in spot.entry.appointments)
    return spot.entry.start <= minute < spot.entry.start + minutes


ALL = (
    double_up,
    treble,
    merge_two_slots,
    crowd_a_day,
    crowd_a_day_with_intense_ones,
    pass_the_worst_case,
    overload_the_week,
    crowd_a_site,
)
