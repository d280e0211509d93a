"""A few weeks laid out by hand that keep every rule."""

from __future__ import annotations

from dataclasses import replace

from solver.question.clinic import Clinic, Slot
from solver.rota import Rota
from tests.builders import (
    a_clinic,
    a_clinician,
    a_rota,
    an_appointment,
    appointments,
    at,
    commitment,
    doubling,
    place,
    shift,
    span,
)


def a_plain_day() -> tuple[Clinic, Rota]:
    """One clinician's Monday: a pin off the grid, two runs of contact that need their breaks, a lunch."""
    clinician = a_clinician(
        shifts=("Mon 09:00-17:00",),
        commitments=(commitment("Mon 16:00-17:00", "supervision"), commitment("Mon 16:30-17:30")),
    )
    wanted = [
        an_appointment(pin=place("Mon 09:05"), admin=15),
        *appointments(3, minutes=60, admin=15, waiting_days=9),
        an_appointment(minutes=30, windows=(span("Mon 09:00-13:00"),)),
        *appointments(8, minutes=30, intense=True),
    ]
    clinic = a_clinic(clinician, wanted)
    day = (
        "Mon 09:00 free 5 | a1 | break 10 | a2 | a5 | break 15 | admin 30 | lunch 30"
        " | a3 | break 15 | a4 | admin 30 | free 15 | commitment"
    )
    return clinic, a_rota(clinic, c1=day)


def a_week_with_doubles() -> tuple[Clinic, Rota]:
    """Two clinicians at a site with one room: doubles with their reserve, skills, windows, a queue."""
    days = tuple(shift(f"{day} 09:00-13:00", "north") for day in ("Mon", "Tue"))
    policy = doubling(admin_daily_minutes=30)
    team = [
        a_clinician(target=400, ceiling=440, shifts=days, policy=policy, skills=frozenset({"cbt"})),
        a_clinician(
            target=300,
            ceiling=320,
            shifts=days[:1],
            policy=policy,
            languages=frozenset({"en"}),
            commitments=(commitment("Mon 12:00-13:00", "training"),),
        ),
    ]
    sharing = {"double_bookable": True, "minutes": 45, "attendance": 600, "admin": 10}
    wanted = [
        an_appointment(**sharing, mode="in_person"),
        an_appointment(**(sharing | {"minutes": 30}), windows=(span("Mon 09:00-10:15"),)),
        *appointments(2, **sharing),
        an_appointment(minutes=30, skills=frozenset({"cbt"}), mode="in_person"),
        an_appointment(minutes=60, mode="in_person", waiting_days=3),
        an_appointment(minutes=60, mode="in_person", waiting_days=3),
        an_appointment(minutes=30, language="pl", patient="p1"),
        *appointments(9, minutes=60, attendance=950, double_bookable=True),
    ]
    clinic = a_clinic(team, wanted, rooms={"north": 1})
    one = (
        "Mon 09:00 a1+a2 | reserve 30 | break 15 | a5 | admin 60 | free\n"
        "Tue 09:00 a3+a4 | reserve 45 | break 15 | a8 | admin 50 | free"
    )
    two = "Mon 09:00 admin 30 | free 90 | a6 | commitment"
    return clinic, a_rota(clinic, c1=one, c2=two)


def a_week_of_admin_elsewhere() -> tuple[Clinic, Rota]:
    """Admin counted by the week, given slots, one double at most, and risk allowed in place of reserve."""
    policy = replace(doubling(admin_scope="week", max_unreserved_risk=0.5), max_doubles_per_week=1)
    starts = ("Mon 09:00", "Mon 10:00", "Wed 09:00", "Wed 10:45")
    clinician = a_clinician(
        target=300,
        ceiling=330,
        shifts=("Mon 09:00-12:00", "Wed 09:00-12:00"),
        slots=tuple(Slot(at(start), 45) for start in starts),
        policy=policy,
    )
    wanted = appointments(5, minutes=30, admin=15, attendance=500, double_bookable=True)
    clinic = a_clinic(clinician, wanted)
    diary = "Mon 09:00 a1+a2 | break 10 | free 20 | a3 | free\nWed 09:00 a4 | admin 75 | a5 | free"
    return clinic, a_rota(clinic, c1=diary)


HAND_BUILT = (a_plain_day, a_week_with_doubles, a_week_of_admin_elsewhere)
