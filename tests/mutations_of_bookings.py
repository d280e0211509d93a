"""Mutations of who is booked where: moved, swapped, forgotten, booked twice, out of turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations
from random import Random

from solver.question.clinic import Appointment, Clinic, Clinician
from solver.rota import Booking, Rota, Unplaced
from tests.edits import Spot, freed, instead, put, rewritten, spots, unplace, without

Wrong = Iterator[tuple[Rota, str]]


def move_off_the_grid(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A slot starts 5 minutes late, which is no start: and if it was pinned, not where it was pinned."""
    for spot in spots(clinic, rota, rng, "appointment"):
        start = spot.entry.start + 5
        if spot.next is None or spot.next.minutes <= 5 or _is_start(spot.clinician, spot, start):
            continue
        pinned = all(clinic.appointments[i].pin for i in spot.entry.appointments)
        late = replace(spot.entry, start=start, end=spot.entry.end + 5)
        parts = (replace(freed(spot.entry), end=start), late, replace(spot.next, start=late.end))
        yield instead(rota, spot, *parts, over=2), "pinned" if pinned else "eligible"


def move_out_of_the_window(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A booking is written at a time of the same clinician that none of its patient's windows holds."""
    for booking in _shuffled(rota, rng):
        a, clinician = clinic.appointments[booking.appointment], clinic.clinicians[booking.clinician]
        for start in _times(clinician, a, rng):
            if a.windows and not _held(a, start):
                yield put(without(rota, a.index), clinician.index, start, a), "eligible"
                break


def move_into_a_commitment(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A booking is written over the start of a commitment."""
    for spot in spots(clinic, rota, rng, "commitment"):
        for a in (
            clinic.appointments[b.appointment] for b in rota.bookings if b.clinician == spot.clinician.index
        ):
            yield put(without(rota, a.index), spot.clinician.index, spot.entry.start, a), "eligible"


def give_to_the_wrong_clinician(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A booking is written in the diary of a clinician who may not see the patient."""
    for booking in _shuffled(rota, rng):
        a = clinic.appointments[booking.appointment]
        for clinician in rng.sample(clinic.clinicians, len(clinic.clinicians)):
            times = _times(clinician, a, rng)
            if times and not _could_see(a, clinician):
                yield put(without(rota, a.index), clinician.index, times[0], a), "eligible"


def swap(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """Two single bookings change places where lengths, windows, clinicians or pins forbid it."""
    single = [s for s in spots(clinic, rota, rng, "appointment") if len(s.entry.appointments) == 1]
    for one, two in combinations(single, 2):
        (i,), (j,) = one.entry.appointments, two.entry.appointments
        rule = _fault(clinic.appointments[i], two) or _fault(clinic.appointments[j], one)
        if rule is not None:
            yield _swapped(rota, {i: j, j: i}), rule


def unpin(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A pinned appointment is unplaced."""
    for booking in _shuffled(rota, rng):
        if clinic.appointments[booking.appointment].pin is not None:
            yield unplace(rota, booking.appointment), "pinned"


def forget(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """An appointment is neither booked nor unplaced."""
    for booking in _shuffled(rota, rng):
        yield without(rota, booking.appointment), "conservation"
    for left in rng.sample(rota.unplaced, len(rota.unplaced)):
        yield replace(rota, unplaced=tuple(u for u in rota.unplaced if u is not left)), "conservation"


def contradict(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The bookings and the diary differ: one is missing from the list, or has another start in it."""
    for booking in _shuffled(rota, rng):
        others = tuple(b for b in rota.bookings if b is not booking)
        yield replace(rota, bookings=others), "conservation"
        late = replace(booking, start=booking.start + 15)
        yield replace(rota, bookings=(*others, late)), "conservation"


def book_twice(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """An appointment is written a second time where it does not stand yet."""
    for booking in _shuffled(rota, rng):
        a = clinic.appointments[booking.appointment]
        for clinician in rng.sample(clinic.clinicians, len(clinic.clinicians)):
            stands = Booking(a.index, clinician.index, booking.start) in rota.bookings
            free = [t for t in _times(clinician, a, rng) if not stands or abs(t - booking.start) >= a.minutes]
            if free:
                yield put(rota, clinician.index, free[0], a), "booked_once"


def unplace_what_is_booked(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A booked appointment is on the unplaced list too."""
    for booking in _shuffled(rota, rng):
        also = Unplaced(booking.appointment, "no_capacity", "No room this week.")
        yield replace(rota, unplaced=(*rota.unplaced, also)), "conservation"


def unplace_twice(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """An appointment is unplaced twice, or without a reason."""
    for left in rng.sample(rota.unplaced, len(rota.unplaced)):
        yield replace(rota, unplaced=(*rota.unplaced, left)), "conservation"
        others = tuple(u for u in rota.unplaced if u is not left)
        yield replace(rota, unplaced=(*others, replace(left, reason=" "))), "conservation"


def pass_over(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The first of two who are alike is unplaced, the second stays booked."""
    booked = [clinic.appointments[b.appointment] for b in _shuffled(rota, rng)]
    patients = [a.patient for a in booked]
    for a, b in permutations([a for a in booked if patients.count(a.patient) == 1], 2):
        if _alike(a, b) and (-a.waiting_days, a.index) < (-b.waiting_days, b.index):
            yield unplace(rota, a.index), "queue_order"


def see_a_patient_twice_a_day(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """An appointment is written on a day on which its patient has another."""
    for booking in _shuffled(rota, rng):
        a, clinician = clinic.appointments[booking.appointment], clinic.clinicians[booking.clinician]
        (day,) = {s.day for s in clinician.shifts if s.holds(booking.start, booking.start)}
        for b in clinic.appointments:
            if b.patient != a.patient or b is a:
                continue
            times = [t for t in _times(clinician, b, rng) if _on(clinician, t, day)]
            clear = [t for t in times if t >= booking.start + a.minutes or t + b.minutes <= booking.start]
            if clear:
                yield put(without(rota, b.index), clinician.index, clear[0], b), "booked_once"


def _shuffled(rota: Rota, rng: Random) -> list[Booking]:
    return rng.sample(rota.bookings, len(rota.bookings))


def _is_start(clinician: Clinician, spot: Spot, start: int) -> bool:
    if clinician.slots is not None:
        return any(slot.start == start for slot in clinician.slots)
    return (start - spot.shift.start) % clinician.policy.grid_minutes == 0


def _times(clinician: Clinician, a: Appointment, rng: Random) -> list[int]:
    """Times of the clinician's shifts at which the appointment could start, by its length alone."""
    found = [t for s in clinician.shifts for t in range(s.start, s.end - a.minutes + 1, 5)]
    return rng.sample(found, len(found))


def _on(clinician: Clinician, minute: int, day: int) -> bool:
    return any(s.start <= minute < s.end for s in clinician.shifts if s.day == day)


def _held(a: Appointment, start: int) -> bool:
    return any(w.start <= start and start + a.minutes <= w.end for w in a.windows)


def _could_see(a: Appointment, clinician: Clinician) -> bool:
    """Whether the clinician has what the appointment asks for, sites left aside."""
    return (
        a.clinician in (None, clinician.index)
        and clinician.index not in a.excluded
        and all(skill in clinician.skills for skill in a.skills)
        and (a.language is None or clinician.languages is None or a.language in clinician.languages)
        and (a.mode is None or clinician.modes is None or a.mode in clinician.modes)
    )


def _fault(a: Appointment, there: Spot) -> str | None:
    """What is surely wrong with an appointment in a slot that is left as long as it was."""
    if a.pin is not None:
        return "pinned"
    if a.minutes > there.entry.minutes:
        return "no_overlap"
    if not _could_see(a, there.clinician) or (a.windows and not _held(a, there.entry.start)):
        return "eligible"
    return None


def _swapped(rota: Rota, other: dict[int, int]) -> Rota:
    for diary in rota.diaries:
        rows = [
            replace(e, appointments=tuple(other.get(i, i) for i in e.appointments)) for e in diary.entries
        ]
        rota = rewritten(rota, diary.clinician, rows)
    return rota


def _alike(a: Appointment, b: Appointment) -> bool:
    """Whether two differ in nothing by which anybody may be told from the queue."""
    free = ("minutes", "admin", "kind", "skills", "language", "mode", "site", "clinician", "preferred")
    more = ("excluded", "windows", "priority", "intense", "double_bookable")
    own = a.pin or b.pin or a.published or b.published
    return not own and all(getattr(a, name) == getattr(b, name) for name in free + more)


ALL = (
    move_off_the_grid,
    move_out_of_the_window,
    move_into_a_commitment,
    give_to_the_wrong_clinician,
    swap,
    unpin,
    forget,
    contradict,
    book_twice,
    unplace_what_is_booked,
    unplace_twice,
    pass_over,
    see_a_patient_twice_a_day,
)
