"""A guide row for the overload rule: which weeks the search should try, never what is allowed.

By the normal approximation a week keeps the rule where `mu + z sqrt(V) <= C`; the root is concave,
so its tangent at a usual variance `V0` gives a row that is linear in the bookings,

.. math:: \\sum_a y_a [ p_a d_a + z d_a^2 p_a (1 - p_a) / (2 \\sqrt{V_0}) ] \\le C - z \\sqrt{V_0} / 2.

Its right side is moved after each week that is judged by the exact law, up where the true chance
leaves room and down where it passes the limit. ``p`` is attendance, ``d`` and ``C`` minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from scipy.special import ndtri

from solver.model.programme import Row
from solver.model.week import Column, WeekModel
from solver.question.clinic import FULL
from solver.risk.law import overload_probability

FINE = 1000
"""Coefficients are whole numbers of 1/FINE minute."""


@dataclass
class Guide:
    """One clinician's guide row."""

    week: WeekModel
    clinician: int
    shift: float = 0.0
    usual: float = field(init=False)

    def __post_init__(self) -> None:
        person = self.week.clinic.clinicians[self.clinician]
        alpha = person.policy.max_overload_risk
        self.z = float(ndtri(1 - alpha)) if 0 < alpha < 1 else (4.0 if alpha <= 0 else -4.0)
        seen = {c.appointment: self.week.appointment(c) for c in self.week.of_clinician(self.clinician)}
        variance = sum(a.minutes**2 * a.attendance * (FULL - a.attendance) / FULL**2 for a in seen.values())
        minutes = sum(a.expected for a in seen.values()) / FULL
        self.usual = max(25.0, variance * min(1.0, person.target / max(1.0, minutes)))

    def row(self) -> Row | None:
        """The row, or None where no week of this clinician can pass the ceiling."""
        columns = list(self.week.of_clinician(self.clinician))
        person = self.week.clinic.clinicians[self.clinician]
        if sum({c.appointment: self.week.appointment(c).minutes for c in columns}.values()) <= person.ceiling:
            return None
        root = sqrt(self.usual)
        weights = []
        for column in columns:
            a = self.week.appointment(column)
            spread = a.minutes**2 * a.attendance * (FULL - a.attendance) / FULL**2
            weights.append(round(FINE * (a.expected / FULL + self.z * spread / (2 * root))))
        limit = round(FINE * (person.ceiling - self.z * root / 2 + self.shift))
        return Row("overload", tuple(c.variable for c in columns), tuple(weights), -(1 << 40), limit)

    def learn(self, columns: Sequence[Column]) -> None:
        """Move the row by what the exact law says of a week."""
        person = self.week.clinic.clinicians[self.clinician]
        bookings = [(self.week.appointment(c).minutes, self.week.appointment(c).attendance) for c in columns]
        if not bookings or sum(minutes for minutes, _ in bookings) <= person.ceiling:
            return
        chance = min(max(overload_probability(bookings, person.ceiling), 1e-4), 1 - 1e-4)
        limit = min(max(person.policy.max_overload_risk, 1e-4), 1 - 1e-4)
        spread = sum(d * d * p * (FULL - p) / FULL**2 for d, p in bookings)
        used = self._used(columns) - (person.ceiling - self.z * sqrt(self.usual) / 2)
        room = (float(ndtri(1 - chance)) - float(ndtri(1 - limit))) * sqrt(spread)
        if room < 0:
            self.shift = min(self.shift, used + room - 0.5)
        else:
            self.shift = max(self.shift, used + room) if used + room > self.shift else self.shift

    def _used(self, columns: Sequence[Column]) -> float:
        root = sqrt(self.usual)
        total = 0.0
        for column in columns:
            a = self.week.appointment(column)
            spread = a.minutes**2 * a.attendance * (FULL - a.attendance) / FULL**2
            total += a.expected / FULL + self.z * spread / (2 * root)
        return total
