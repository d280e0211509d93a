"""Flavours: what is particular about a synthetic week, beside its size and its seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Flavour:
    """How a synthetic week departs from an ordinary one.

    Parameters
    ----------
    says
        One line for people.
    monday
        The week's first day.
    sunday_clinic
        Whether every third clinician works on Sunday instead of one weekday.
    tied_percent
        Share of appointments that continue with a given clinician, in 100.
    target_percent
        Targets in 100 of what the presence would carry.
    low_share_percent
        Share of the demand that guided self-help gets, in 100 of its fair share; the rest goes to
        high-intensity work. 100 is fair.
    first_attendance
        Attendance of every first appointment in 1/1000; None leaves it to the model of attendance.
    half_hours_only
        Whether there is nothing but 30-minute appointments at attendance 0.87.
    slots
        ``grid``; ``sparse``: starts every two hours; ``fixed``: a clinic's usual day of starts.
    rooms_for
        Clinicians a room; larger is shorter of rooms.
    pins
        Whether part of the week is published, and part of that pinned.
    policy
        Fields of the request's policy that depart from the defaults.
    """

    says: str
    monday: date = date(2026, 11, 30)
    sunday_clinic: bool = False
    tied_percent: int = 70
    target_percent: int = 100
    low_share_percent: int = 100
    first_attendance: int | None = None
    half_hours_only: bool = False
    slots: str = "grid"
    rooms_for: int = 3
    pins: bool = False
    policy: dict[str, Any] = field(default_factory=dict)


FLAVOURS = MappingProxyType(
    {
        "mixed": Flavour("an ordinary week with rather more need than time"),
        "doubles": Flavour(
            "first appointments at attendance 0.6 that may share a slot, and few starts for them",
            first_attendance=600,
            target_percent=80,
            slots="sparse",
            policy={
                "max_per_slot": 2,
                "max_collision": 0.5,
                "max_doubles_per_day": 2,
                "max_doubles_per_week": 6,
                "max_unreserved_risk": 0.0,
            },
        ),
        "scarce": Flavour("too few high-intensity referrals for the hours", low_share_percent=135),
        "slack": Flavour("targets well within what the hours allow", target_percent=75),
        "fixed_slots": Flavour(
            "given starts, and short of rooms", target_percent=85, slots="fixed", rooms_for=6
        ),
        "clock_change_autumn": Flavour(
            "a Sunday clinic after the clocks have gone back", monday=date(2026, 10, 19), sunday_clinic=True
        ),
        "clock_change_spring": Flavour(
            "a Sunday clinic after the clocks have gone forward", monday=date(2026, 3, 23), sunday_clinic=True
        ),
        "unattainable": Flavour(
            "half-hours alone, which cannot deliver 20 hours", tied_percent=0, half_hours_only=True
        ),
        "pins": Flavour("a week that is partly published, and partly pinned", pins=True),
    }
)
"""Every flavour by its name."""
