r"""Contacts: few bookings a clinician's day, and fewer intense ones.

.. math:: \sum_{a, t \in d} x_{act} \le N_c; \qquad \sum_{a \in I,\, t \in d} x_{act} \le M_c
          \quad \forall c, d

``N`` is ``max_contacts_per_day``, ``M`` is ``max_intense_per_day`` (bookings), ``I`` the appointments
marked intense; both patients of a double count. Source: problem, section 2 (services see 5 to 7.5 a day).
"""

from __future__ import annotations

from collections.abc import Iterator

from solver.diaries import by_day
from solver.model.week import WeekModel
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules.rule import Breach

NAME = "contacts"
STATEMENT = "A clinician's day has no more bookings, and no more intense ones, than the limits."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Clinician-days with too many bookings, or too many intense ones."""
    for (index, day), appointments in sorted(by_day(clinic, rota).items(), key=lambda item: item[0]):
        clinician = clinic.clinicians[index]
        intense = sum(a.intense for a in appointments)
        for count, limit, what in (
            (len(appointments), clinician.policy.max_contacts_per_day, "bookings"),
            (intense, clinician.policy.max_intense_per_day, "intense bookings"),
        ):
            if count > limit:
                text = f"{clinician.id} has {count} {what} a day, limit {limit}."
                yield Breach(NAME, clinician.id, day, text)


def post_week(week: WeekModel) -> None:
    """Bookings of a day, and intense ones, a row each."""
    for key, columns in week.of_frame.items():
        policy = week.clinician(key).policy
        intense = [(1, c.variable) for c in columns if week.appointment(c).intense]
        week.day_row(key, NAME, [(1, c.variable) for c in columns], policy.max_contacts_per_day)
        week.programme.row(NAME, intense, upper=policy.max_intense_per_day)
