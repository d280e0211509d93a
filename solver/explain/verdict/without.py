"""A week with one rule taken out of it, by the request's own figures.

A rule is taken out by setting what it reads to where it never bites: rooms uncounted, admin of no minutes,
as many contacts as there are. What the figures cannot say stays: no slot takes three, and nobody sees two
patients in two slots at once. So a rota of such a week breaks no rule but the one taken out, or breaks
that one less than it could.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from solver.question.clinic import Appointment, Clinic

PLENTY = 10_000
"""More minutes than a week has, more bookings than a day can hold."""

Removal = Callable[[Clinic], Clinic]


def without(clinic: Clinic, rule: str) -> Clinic:
    """The week without a rule.

    Raises
    ------
    KeyError
        If the rule is none of `REMOVALS`: `booked_once` and `no_overlap` say what a booking is.
    """
    return REMOVALS[rule](clinic)


def policies(**changes: Any) -> Removal:  # noqa: ANN401 (whatever fields a policy has)
    """A removal that sets fields of everybody's policy."""

    def removed(clinic: Clinic) -> Clinic:
        return replace(
            clinic,
            policy=replace(clinic.policy, **changes),
            clinicians=tuple(replace(c, policy=replace(c.policy, **changes)) for c in clinic.clinicians),
        )

    return removed


def _appointments(clinic: Clinic, change: Callable[[Appointment], Appointment]) -> Clinic:
    return replace(clinic, appointments=tuple(change(a) for a in clinic.appointments))


def _no_queues(clinic: Clinic) -> Clinic:
    """Everyone of a kind of their own."""
    return _appointments(clinic, lambda a: replace(a, kind=f"{a.index}"))


def _no_pins(clinic: Clinic) -> Clinic:
    return _appointments(clinic, lambda a: replace(a, pin=None))


def _no_rooms(clinic: Clinic) -> Clinic:
    return replace(clinic, rooms={})


def opened(clinic: Clinic, which: Collection[int]) -> Clinic:
    """The week where anyone may see some patients, at any start; in person they still need a room."""

    def open_(a: Appointment) -> Appointment:
        if a.index not in which or a.pin is not None:
            return a
        plain: dict[str, Any] = {"skills": frozenset(), "excluded": frozenset(), "windows": ()}
        mode = a.mode if a.in_person else None
        return replace(a, language=None, mode=mode, site=None, clinician=None, **plain)

    return _appointments(clinic, open_)


def _all_eligible(clinic: Clinic) -> Clinic:
    return opened(clinic, range(len(clinic.appointments)))


def _all_double(clinic: Clinic) -> Clinic:
    loose = policies(max_per_slot=2, max_collision=Fraction(1))(clinic)
    return _appointments(loose, lambda a: replace(a, double_bookable=True))


def _no_admin(clinic: Clinic) -> Clinic:
    loose = policies(admin_daily_minutes=0)(clinic)
    return _appointments(loose, lambda a: replace(a, admin=0))


REMOVALS: Mapping[str, Removal] = MappingProxyType(
    {
        "pinned": _no_pins,
        "eligible": _all_eligible,
        "queue_order": _no_queues,
        "rooms": _no_rooms,
        "slot_limit": _all_double,
        "double_limit": policies(max_doubles_per_day=PLENTY, max_doubles_per_week=PLENTY),
        "booked_ceiling": policies(max_booked_ratio=Fraction(PLENTY)),
        "contacts": policies(max_contacts_per_day=PLENTY, max_intense_per_day=PLENTY),
        "overload": policies(max_overload_risk=1.0),
        "reserve": policies(max_unreserved_risk=1.0),
        "admin": _no_admin,
        "lunch": policies(lunch_if_over_minutes=PLENTY),
        "breaks": policies(max_contact_run_minutes=PLENTY),
    }
)
"""How each rule is taken out; those that protect a clinician's time and rest come last."""
