r"""Double limit: a clinician has few doubles a day and a week.

.. math:: \sum_{t \in d} y_{ct} \le D_c \quad \forall c, d; \qquad
          \sum_t y_{ct} \le W_c \quad \forall c

``y`` is 1 for a slot with two bookings, ``D`` is ``max_doubles_per_day``, ``W`` is
``max_doubles_per_week`` (doubles). Source: problem, section 2.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from solver.diaries import doubles
from solver.model.day import DayModel
from solver.model.week import WeekModel
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules.rule import Breach

NAME = "double_limit"
STATEMENT = "A clinician has no more doubles than the limits for a day and for a week."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Clinician-days, then clinicians, with too many doubles."""
    held = doubles(clinic, rota)
    daily = Counter((slot.clinician.index, slot.shift.day) for slot in held if slot.shift is not None)
    weekly = Counter(slot.clinician.index for slot in held)
    for (index, day), count in sorted(daily.items()):
        yield from _over(clinic, index, day, count)
    for index, count in sorted(weekly.items()):
        yield from _over(clinic, index, None, count)


def _over(clinic: Clinic, index: int, day: int | None, count: int) -> Iterator[Breach]:
    clinician = clinic.clinicians[index]
    policy = clinician.policy
    limit = policy.max_doubles_per_week if day is None else policy.max_doubles_per_day
    if count > limit:
        period = "week" if day is None else "day"
        text = f"{clinician.id} has {count} doubles a {period}, limit {limit}."
        yield Breach(NAME, clinician.id, day, text)


def post_week(week: WeekModel) -> None:
    """A day's doubles are counted one literal after the other, and over the week."""
    weekly: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (clinician, _), literals in week.doubles.items():
        weekly[clinician].extend((1, z) for z in literals)
        for fewer, more in pairwise(literals):
            week.programme.row(NAME, [(1, more), (-1, fewer)], upper=0)
    for clinician, terms in weekly.items():
        limit = week.clinic.clinicians[clinician].policy.max_doubles_per_week
        week.programme.row(NAME, terms, upper=limit)


def post_day(day: DayModel) -> None:
    """No more doubles in a day than the week gives it."""
    for key in day.bookings:
        terms = [(1, v) for (frame, _), v in day.doubles.items() if frame == key]
        day.programme.row(NAME, terms, upper=day.most_doubles.get(key, 0))
