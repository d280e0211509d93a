"""Cover cuts for the overload rule, from its exact law.

The sets of bookings that keep `P(D > C) <= alpha` are downward closed, and swapping a booking for
one at least as long and at least as likely never helps: the delivered minutes only grow, in the
usual stochastic order (Shaked and Shanthikumar, "Stochastic Orders", 2007, theorem 1.A.3). So for
a minimal set ``S`` that breaks the rule, and ``E`` = ``S`` with every column at least as long and
as likely as each member of ``S``,

.. math:: \\sum_{j \\in E} y_j \\le |S| - 1

holds for every rota: any ``|S|`` members of ``E`` deliver, stochastically, at least what ``S`` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from solver.model.programme import Row, made_row
from solver.model.week import Column, WeekModel
from solver.question.clinic import FULL, Appointment, Clinician
from solver.risk.law import delivered, exceeds, overload_probability


def overloaded(week: WeekModel, clinician: int, columns: Iterable[Column]) -> bool:
    """Whether a clinician's bookings break the overload rule, by the exact law."""
    person = week.clinic.clinicians[clinician]
    bookings = [(week.appointment(c).minutes, week.appointment(c).attendance) for c in columns]
    if sum(minutes for minutes, _ in bookings) <= person.ceiling:
        return False
    return exceeds(overload_probability(bookings, person.ceiling), person.policy.max_overload_risk)


class Load:
    """A clinician's booked week, to ask what one more booking makes of its sums."""

    def __init__(self, clinician: Clinician, booked: Sequence[Appointment]) -> None:
        self.clinician = clinician
        most = clinician.policy.max_booked_ratio * clinician.target
        self.left = most - sum(a.minutes for a in booked)
        self.law = delivered((a.minutes, a.attendance) for a in booked)
        self.over = {0: self.law.above(clinician.ceiling)}

    def bears(self, one: Appointment) -> bool:
        """Whether the rules `booked_ceiling` and `overload` allow one more booking."""
        return one.minutes <= self.left and not self._overloaded_by(one)

    def _overloaded_by(self, one: Appointment) -> bool:
        r"""Whether one more booking would break the overload rule, by the exact law.

        .. math:: \Pr[D + d X > C] = p \Pr[D > C - d] + (1 - p) \Pr[D > C]
        """
        p = one.attendance / FULL
        if one.minutes not in self.over:
            self.over[one.minutes] = self.law.above(self.clinician.ceiling - one.minutes)
        chance = p * self.over[one.minutes] + (1 - p) * self.over[0]
        return exceeds(chance, self.clinician.policy.max_overload_risk)


def cover_cut(week: WeekModel, clinician: int, columns: Sequence[Column]) -> Row:
    """The extended cover of a set of bookings that breaks the overload rule."""
    cover = sorted(columns, key=lambda c: (week.appointment(c).expected, c.variable))
    for column in tuple(cover):
        rest = [c for c in cover if c is not column]
        if overloaded(week, clinician, rest):
            cover = rest
    longest = max(week.appointment(c).minutes for c in cover)
    likeliest = max(week.appointment(c).attendance for c in cover)
    members = {c.appointment for c in cover}
    extended = [
        c
        for c in week.of_clinician(clinician)
        if c.appointment in members or _beats(week, c, longest, likeliest)
    ]
    return made_row("overload", [(1, c.variable) for c in extended], upper=len(cover) - 1)


def _beats(week: WeekModel, column: Column, longest: int, likeliest: int) -> bool:
    appointment = week.appointment(column)
    return appointment.minutes >= longest and appointment.attendance >= likeliest
