"""Decisions that place one more appointment: a pin, the queue's own order, a start that is not given."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from solver.explain.why_edits import added
from solver.explain.why_obstacles import Obstacle
from solver.explain.why_proposal import Now, Proposal, pinned, proved, written
from solver.explain.why_there import Placing, applied
from solver.explain.why_tries import MOST_TRIED, TRIES, allowed, at_most_one
from solver.question.clinic import STEP, Appointment
from solver.question.eligibility import may_see
from solver.rota import Booking
from solver.rules import eligible, queue_order

MOST_AHEAD = 5
"""People in a queue who are placed first, so that its order is kept."""


def ahead(now: Now, appointment: Appointment) -> list[Appointment]:
    """The unplaced who come before an appointment in its queue, first in the queue first."""
    queue = next((q for q in queue_order.queues(now.clinic) if appointment in q), ())
    before = queue[: queue.index(appointment)] if queue else ()
    stands_outside = _others_booked(now)
    if appointment.index in stands_outside:
        return []
    return [a for a in before if a.index not in {*now.standing.booked, *stands_outside}]


def _others_booked(now: Now) -> set[int]:
    """Appointments whose patients have another booking this week, and so stand outside their queue."""
    patients = now.clinic.by_patient
    held = {p: [i for i in own if i in now.standing.booked] for p, own in patients.items()}
    return {a.index for a in now.clinic.appointments if any(i != a.index for i in held[a.patient])}


def by_pin(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """It fits, and a pin decides it."""
    placing = Placing(now.standing, appointment)
    if placing.behind:
        return
    found = sorted(allowed(placing, placing.starts()), key=lambda t: (t.cost, t.start, t.clinician))
    for there in found[:TRIES]:
        text = f"Pin {appointment.id} to {now.at(there.clinician, there.start)}; nothing else has to move."
        yield from at_most_one(proved(now, "pin", text, [pinned(now, there.booking)], [there.booking]))


def by_queue(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """Those who come first in the queue fit too, one after the other."""
    first = ahead(now, appointment)
    if not first or len(first) > MOST_AHEAD:
        return
    rota, bookings = now.rota, list[Booking]()
    for one in (*first, appointment):
        placing = Placing(now.beside(now.clinic, rota), one)
        if placing.behind:
            return
        there = min(allowed(placing, placing.starts()), key=lambda t: (t.cost, t.start), default=None)
        if there is None:
            return
        rota, bookings = applied(rota, there), [*bookings, there.booking]
    places = "; ".join(
        f"{now.clinic.appointments[b.appointment].id} to {now.at(b.clinician, b.start)}" for b in bookings
    )
    text = f"Pin {places}: those who come first in the queue are placed first."
    yield from at_most_one(proved(now, "queue", text, [pinned(now, b) for b in bookings], bookings))


def off_grid(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """It fits between two starts of the grid, or at a start that is not given."""
    placing = Placing(now.standing, appointment)
    if placing.behind:
        return
    between = (
        (c.index, start)
        for c in now.clinic.clinicians
        if may_see(appointment, c)
        for shift in c.shifts
        for start in range(shift.start, shift.end - appointment.minutes + 1, STEP)
        if _in_windows(appointment, start)
    )
    tried = (placing.there(*at, blame=False) for at in islice(placing.hopeful(between), MOST_TRIED))
    for there in islice((t for t in tried if _only(t.obstacles, eligible.NAME, "start")), TRIES):
        yield from at_most_one(_started(now, appointment, there.booking))


def _started(now: Now, appointment: Appointment, booking: Booking) -> Proposal | None:
    clinician = now.clinic.clinicians[booking.clinician]
    place = now.at(booking.clinician, booking.start)
    if clinician.slots is None:
        text = f"Pin {appointment.id} to {place}, which is no point of the grid; nothing else has to move."
        return proved(now, "off_grid", text, [pinned(now, booking)], [booking])
    slot = {"start": written(now.clinic, booking.start), "minutes": appointment.minutes}
    text = f"Give one more slot, {place}, for {appointment.minutes} minutes."
    edits = [added(slot, "clinicians", clinician.index, "slots")]
    return proved(now, "off_grid", text, edits, [booking])


def _only(obstacles: tuple[Obstacle, ...], rule: str, field: str) -> bool:
    return bool(obstacles) and all(o.rule == rule and o.field == field for o in obstacles)


def _in_windows(appointment: Appointment, start: int) -> bool:
    end = start + appointment.minutes
    return not appointment.windows or any(w.holds(start, end) for w in appointment.windows)
