"""The plain question: one week of one service, in integers.

Every time is a whole number of minutes since the week began (local Monday 00:00, counted as
elapsed minutes, so a clock change shifts wall time and never a duration). Attendance is in
1/1000. People are referred to by their place in the request's lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

STEP = 5
"""All times and durations are multiples of this many minutes."""

FULL = 1000
"""Attendance and weights are whole numbers of 1/FULL."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time ``[start, end)`` in minutes since the week began."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return self.end - self.start

    def holds(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` lies inside."""
        return self.start <= start and end <= self.end

    def touches(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` and this stretch share any time."""
        return start < self.end and self.start < end


@dataclass(frozen=True, slots=True, order=True)
class Shift(Span):
    """A stretch of presence; ``day`` 0 (Monday) to 6 is the local date on which it starts.

    ``lunch_window`` is the clinician's lunch window on that date, in minutes since the week began.
    """

    day: int
    site: str | None
    lunch_window: Span


@dataclass(frozen=True, slots=True, order=True)
class Commitment(Span):
    """Time given to something else: supervision, meeting, training, leave, other."""

    kind: str


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A given start, and the longest booking in minutes that it takes."""

    start: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a booking stands: a clinician's place in the list, and its start."""

    clinician: int
    start: int


@dataclass(frozen=True, slots=True)
class Policy:
    """The caps in force, fields as in the request; a clinician's has the tighter of the two."""

    grid_minutes: int = 15
    max_per_slot: int = 1
    max_collision: Fraction = Fraction(1, 2)
    max_doubles_per_day: int = 1
    max_doubles_per_week: int = 2
    max_unreserved_risk: float = 0.0
    max_booked_ratio: Fraction = Fraction(5, 4)
    max_overload_risk: float = 0.10
    tolerance_minutes: int = 30
    max_contacts_per_day: int = 8
    max_intense_per_day: int = 3
    max_contact_run_minutes: int = 90
    break_minutes: int = 10
    lunch_if_over_minutes: int = 360
    lunch_minutes: int = 30
    lunch_earliest: str = "11:30"
    lunch_latest: str = "14:30"
    admin_block_minutes: int = 15
    admin_daily_minutes: int = 0
    admin_scope: str = "day"
    overrun: tuple[tuple[int, float], ...] = ((0, 1.0),)
    """Pairs (extra minutes, probability)."""

    @property
    def whole_reserve(self) -> bool:
        """Whether everyone counts as attending in the reserve rule."""
        return self.max_unreserved_risk == 0


@dataclass(frozen=True, slots=True)
class Clinician:
    """One clinician's week; ``slots`` is None where the grid applies, () where there are none."""

    id: str
    index: int
    target: int
    ceiling: int
    shifts: tuple[Shift, ...]
    commitments: tuple[Commitment, ...] = ()
    slots: tuple[Slot, ...] | None = None
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] | None = None
    modes: frozenset[str] | None = None
    role: str | None = None
    policy: Policy = field(default_factory=Policy)

    def __hash__(self) -> int:
        """Few fields, for speed: equal clinicians still hash alike."""
        return hash((self.id, self.index, self.target, self.ceiling, len(self.shifts), len(self.commitments)))


@dataclass(frozen=True, slots=True)
class Appointment:
    """A need for one contact this week, booked or not; ``attendance`` in 1/1000."""

    id: str
    index: int
    patient: str
    minutes: int
    attendance: int
    admin: int = 0
    kind: str | None = None
    skills: frozenset[str] = frozenset()
    language: str | None = None
    mode: str | None = None
    site: str | None = None
    clinician: int | None = None
    preferred: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    windows: tuple[Span, ...] = ()
    """Sorted; empty means any time."""
    priority: str = "routine"
    waiting_days: int = 0
    intense: bool = False
    double_bookable: bool = False
    group: str | None = None
    pin: Place | None = None
    published: Place | None = None

    @property
    def expected(self) -> int:
        """Expected delivered minutes, in 1/1000 minute: exact."""
        return self.attendance * self.minutes

    @property
    def in_person(self) -> bool:
        """Whether it needs the patient, and so a room, on site."""
        return self.mode == "in_person"

    @property
    def urgency(self) -> Fraction:
        """{routine 1, soon 3, urgent 10} x (1 + min(waiting_days, 126) / 126): no unit."""
        base = {"routine": 1, "soon": 3, "urgent": 10}[self.priority]
        return base * (1 + Fraction(min(self.waiting_days, 126), 126))


WEIGHTS: Mapping[str, Fraction] = MappingProxyType(
    {
        "unplaced": Fraction(1),
        "below_target": Fraction(2),
        "above_target": Fraction(4),
        "uneven": Fraction(1, 10),
        "not_preferred": Fraction(1, 5),
        "late": Fraction(1, 10),
        "moved": Fraction(1),
        "inequity": Fraction(0),
    }
)
"""Default weight of each soft term, in the terms' order (problem: section 3)."""


@dataclass(frozen=True)
class Clinic:
    """One week of one service: the whole question except how hard to try."""

    start: datetime
    """The instant the week began (aware)."""
    timezone: str
    clinicians: tuple[Clinician, ...]
    appointments: tuple[Appointment, ...]
    rooms: Mapping[str, int] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    weights: Mapping[str, Fraction] = field(default_factory=lambda: WEIGHTS)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The week's one time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def by_patient(self) -> Mapping[str, tuple[int, ...]]:
        """Each patient's appointments, in request order."""
        found: dict[str, tuple[int, ...]] = {}
        for appointment in self.appointments:
            found[appointment.patient] = (*found.get(appointment.patient, ()), appointment.index)
        return found

    def moment(self, minute: int) -> datetime:
        """The local time, with its offset, of a minute of the week."""
        utc = self.start.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minute)
        return utc.astimezone(self.zone)

    def date(self, day: int) -> date:
        """The local date of a day of the week (0 is Monday)."""
        return self.start.astimezone(self.zone).date() + timedelta(days=day)
