"""What a small week has in it, by name."""

from __future__ import annotations

from collections.abc import Callable

from solver.question.clinic import Appointment, Clinic, Clinician
from solver.rules.queue_order import queues
from tests.brute_facts import frames_of

DAY = 24 * 60

Feature = Callable[[Clinic], object]


def _any_clinician(test: Callable[[Clinician], object]) -> Feature:
    return lambda clinic: any(test(c) for c in clinic.clinicians)


def _any_appointment(test: Callable[[Appointment], object]) -> Feature:
    return lambda clinic: any(test(a) for a in clinic.appointments)


def _shared(values: list[object]) -> bool:
    return len(values) > len(set(values))


def _clocks_change(clinic: Clinic) -> bool:
    offsets = {
        clinic.moment(m).utcoffset() for c in clinic.clinicians for s in c.shifts for m in (s.start, s.end)
    }
    return len(offsets) > 1


def _doubling(c: Clinician) -> bool:
    return c.policy.max_per_slot == 2


def _overnight(c: Clinician) -> bool:
    return any(s.start // DAY < (s.end - 65) // DAY for s in c.shifts)


FEATURES: dict[str, Feature] = {
    "one clinician": lambda w: len(w.clinicians) == 1,
    "three clinicians": lambda w: len(w.clinicians) == 3,
    "three days": _any_clinician(lambda c: len({s.day for s in c.shifts}) == 3),
    "two shifts a day": _any_clinician(lambda c: _shared([s.day for s in c.shifts])),
    "overnight shift": _any_clinician(_overnight),
    "clocks change between shifts": _clocks_change,
    "given slots": _any_clinician(lambda c: c.slots),
    "grid of 15": lambda w: w.policy.grid_minutes == 15,
    "grid of 20": lambda w: w.policy.grid_minutes == 20,
    "grid of 30": lambda w: w.policy.grid_minutes == 30,
    "lunch due": _any_clinician(lambda c: any(f.lunch_places for fs in frames_of(c).values() for f in fs)),
    "lunch outside its window": _any_clinician(
        lambda c: any(
            not p.touches(f.shift.lunch_window.start, f.shift.lunch_window.end)
            or f.shift.lunch_window.start > p.start
            for fs in frames_of(c).values()
            for f in fs
            for p in f.lunch_places
        )
    ),
    "no place for lunch": _any_clinician(
        lambda c: any(not f.takes_bookings for fs in frames_of(c).values() for f in fs)
    ),
    "leave": _any_clinician(lambda c: any(k.kind == "leave" for k in c.commitments)),
    "commitment": _any_clinician(lambda c: c.commitments),
    "own policy": lambda w: any(c.policy != w.policy for c in w.clinicians),
    "target 0": _any_clinician(lambda c: c.target == 0),
    "skills": _any_appointment(lambda a: a.skills),
    "language": _any_appointment(lambda a: a.language),
    "mode": _any_appointment(lambda a: a.mode),
    "site": _any_appointment(lambda a: a.in_person and a.site),
    "rooms short": lambda w: (
        bool(w.rooms) and sum(a.in_person for a in w.appointments) > min(w.rooms.values())
    ),
    "windows": _any_appointment(lambda a: a.windows),
    "doubles": _any_clinician(_doubling),
    "doubles reserved": _any_clinician(lambda c: _doubling(c) and c.policy.max_unreserved_risk == 0),
    "doubles at risk": _any_clinician(lambda c: _doubling(c) and c.policy.max_unreserved_risk > 0),
    "pin": _any_appointment(lambda a: a.pin),
    "double pin": lambda w: _shared([a.pin for a in w.appointments if a.pin]),
    "published": _any_appointment(lambda a: a.published),
    "queue": queues,
    "patient with two": lambda w: _shared([a.patient for a in w.appointments]),
    "continuity": _any_appointment(lambda a: a.clinician is not None),
    "excluded": _any_appointment(lambda a: a.excluded),
    "preferred": _any_appointment(lambda a: a.preferred),
    "urgent": _any_appointment(lambda a: a.priority == "urgent"),
    "soon": _any_appointment(lambda a: a.priority == "soon"),
    "intense": _any_appointment(lambda a: a.intense),
    "notes": _any_appointment(lambda a: a.admin),
    "daily admin": _any_clinician(lambda c: c.policy.admin_daily_minutes),
    "weekly admin": lambda w: w.policy.admin_scope == "week",
    "longer than a run": lambda w: any(
        a.minutes > c.policy.max_contact_run_minutes for a in w.appointments for c in w.clinicians
    ),
    "a weight of zero": lambda w: any(not v for k, v in w.weights.items() if k != "inequity"),
    "group": _any_appointment(lambda a: a.group),
    "certain to come": _any_appointment(lambda a: a.attendance == 1000),
    "never comes": _any_appointment(lambda a: a.attendance == 0),
}


def features(clinic: Clinic) -> frozenset[str]:
    """The names of everything that a week has in it."""
    return frozenset(name for name, has in FEATURES.items() if has(clinic))
