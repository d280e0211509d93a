"""Posts: the clinicians of a synthetic service, their hours and what they have promised elsewhere.

Full time is 37.5 hours: five shifts of 8 hours with half an hour of lunch inside. Each week holds one
hour of supervision, skills supervision or an hour of training (every other week each), a huddle of 30
minutes and a team meeting of an hour: 34 hours are left.

References
----------
Hours, supervision and huddle: NHS Talking Therapies guidance and job descriptions. Target of 20 delivered
hours for a psychological wellbeing practitioner (PWP): Spiers, "Resilience: it's time to change the
conversation". 18 hours for high-intensity (HI) work, and targets that scale with the hours
that commitments leave: our judgement, so that they are attainable or nearly so.
"""

from __future__ import annotations

from dataclasses import dataclass

from solver.make.dice import Dice
from solver.make.flavours import Flavour
from solver.make.week import HOUR, Stretch

FULL_TARGET = {"pwp": 1200, "hi": 1080, "counsellor": 1080}
"""Minutes to deliver in a full-time week."""

FULL_WEEK = 34 * HOUR
"""Minutes of a full-time week that lunch and commitments leave."""

SHIFT, HALF_SHIFT, LUNCH = 8 * HOUR, 4 * HOUR, 30
STARTS = (8 * HOUR, 8 * HOUR + 30, 9 * HOUR, 9 * HOUR, 9 * HOUR + 30)
LATE_START = 11 * HOUR
SUNDAY, SUNDAY_START = 6, 10 * HOUR
SITES = ("north", "south", "east", "west", "central", "riverside")
OTHER_LANGUAGES = ("ur", "pl", "bn", "pa")
HUDDLE = Stretch(0, 9 * HOUR + 30, 10 * HOUR)
MEETING = Stretch(2, 15 * HOUR, 16 * HOUR)
MIDDAY = (11 * HOUR + 30, 14 * HOUR + 30)
"""Own commitments keep out of these hours, so that lunch always has its place."""


@dataclass(frozen=True, slots=True)
class Post:
    """One clinician: ``shifts`` by day, ``commitments`` with their kind, a home ``site`` (None: remote)."""

    id: str
    role: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    modes: tuple[str, ...]
    site: str | None
    shifts: tuple[Stretch, ...]
    commitments: tuple[tuple[Stretch, str], ...]
    target: int

    @property
    def open_shifts(self) -> tuple[Stretch, ...]:
        """The shifts that are not leave."""
        away = {stretch for stretch, kind in self.commitments if kind == "leave"}
        return tuple(shift for shift in self.shifts if shift not in away)


def posts(dice: Dice, count: int, flavour: Flavour) -> list[Post]:
    """The clinicians of a service: three in five PWPs, the rest high-intensity therapists and counsellors."""
    low = count if flavour.half_hours_only else max(1, (3 * count + 2) // 5)
    sites = SITES[: min(len(SITES), 1 + count // 8)]
    width = max(2, len(str(count)))
    return [
        _post(dice, f"c{index + 1:0{width}}", index, _role(index - low), sites, flavour)
        for index in range(count)
    ]


def _role(place: int) -> str:
    if place < 0:
        return "pwp"
    return "counsellor" if place % 4 == 2 else "hi"


def _post(dice: Dice, name: str, index: int, role: str, sites: tuple[str, ...], flavour: Flavour) -> Post:
    plain = flavour.half_hours_only
    remote = not plain and index >= len(sites) and dice.happens(12)
    days = list(range(5)) if plain else _days(dice, index)
    if flavour.sunday_clinic and index % 3 == 1:
        days = [*days[1:], SUNDAY]
    shifts = _shifts(dice, days, plain=plain)
    commitments = _three_hours(shifts) if plain else _commitments(dice, shifts, index)
    return Post(
        id=name,
        role=role,
        skills=_skills(role, index),
        languages=("en", dice.one(OTHER_LANGUAGES)) if dice.happens(25) else ("en",),
        modes=("telephone", "video") if remote else ("telephone", "video", "in_person"),
        site=None if remote else sites[index % len(sites)],
        shifts=shifts,
        commitments=commitments,
        target=FULL_TARGET[role] if plain else _target(role, shifts, commitments, flavour.target_percent),
    )


def _skills(role: str, index: int) -> tuple[str, ...]:
    if role == "pwp":
        return ("assessment", "guided_self_help")
    if role == "counsellor":
        return ("counselling",)
    return ("cbt", "emdr") if index % 3 == 0 else ("cbt",)


def _days(dice: Dice, index: int) -> list[int]:
    """The first of every role is full time; about one in three others is not."""
    count = 5 if index == 0 else dice.weighted([(5, 68), (4, 18), (3, 14)])
    return dice.some(range(5), count)


def _shifts(dice: Dice, days: list[int], *, plain: bool) -> tuple[Stretch, ...]:
    start = 9 * HOUR if plain else dice.one(STARTS)
    late = dice.one(days) if not plain and dice.happens(20) else None
    half = dice.one(days) if len(days) == 4 and dice.happens(50) else None
    return tuple(_shift(day, start, late=day == late and day not in (0, 2), half=day == half) for day in days)


def _shift(day: int, start: int, *, late: bool, half: bool) -> Stretch:
    begins = SUNDAY_START if day == SUNDAY else LATE_START if late else start
    return Stretch(day, begins, begins + (HALF_SHIFT if half else SHIFT))


def _three_hours(shifts: tuple[Stretch, ...]) -> tuple[tuple[Stretch, str], ...]:
    kinds = ("meeting", "supervision", "training")
    return tuple(
        (Stretch(shift.day, shift.end - HOUR, shift.end), kind)
        for shift, kind in zip(shifts[::2], kinds, strict=True)
    )


def _commitments(dice: Dice, shifts: tuple[Stretch, ...], index: int) -> tuple[tuple[Stretch, str], ...]:
    away = dice.one(shifts) if index % 12 == 7 else None
    taken = [(away, "leave")] if away else []
    here = [shift for shift in shifts if shift != away]
    taken += [(held, "meeting") for held in (HUDDLE, MEETING) if any(_within(held, shift) for shift in here)]
    for kind in ("supervision", "training" if index % 2 else "supervision"):
        taken.append((_own_hour(dice, shifts, [stretch for stretch, _ in taken]), kind))
    return tuple(sorted(taken))


def _within(stretch: Stretch, shift: Stretch) -> bool:
    return shift.day == stretch.day and shift.start <= stretch.start and stretch.end <= shift.end


def _own_hour(dice: Dice, shifts: tuple[Stretch, ...], taken: list[Stretch]) -> Stretch:
    """An hour of the clinician's own at the start or the end of a half-day, on a free day if there is one."""
    busy = {stretch.day for stretch in taken}
    hours = [
        hour
        for shift in shifts
        for start in (shift.start, shift.end - HOUR, MIDDAY[0] - HOUR, MIDDAY[1])
        if _within(hour := Stretch(shift.day, start, start + HOUR), shift)
        and not hour.touches(Stretch(shift.day, *MIDDAY))
        and not any(hour.touches(other) for other in taken)
    ]
    return dice.one([hour for hour in hours if hour.day not in busy] or hours)


def _target(
    role: str, shifts: tuple[Stretch, ...], commitments: tuple[tuple[Stretch, str], ...], percent: int
) -> int:
    """Target in minutes: in proportion to the time that lunch and commitments leave; a multiple of 5."""
    away = {stretch.day for stretch, kind in commitments if kind == "leave"}
    present = sum(
        s.end - s.start - (LUNCH if s.end - s.start == SHIFT else 0) for s in shifts if s.day not in away
    )
    left = present - sum(stretch.end - stretch.start for stretch, kind in commitments if kind != "leave")
    return FULL_TARGET[role] * min(left, FULL_WEEK) * percent // (FULL_WEEK * 100) // 5 * 5
