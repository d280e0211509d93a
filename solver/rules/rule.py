"""What every rule is: a module with a NAME, a STATEMENT, and two faces.

One face posts the rule to a model (`post_week`, `post_day`); the other finds what is wrong with a
finished rota, or measures it, in plain Python. A rule imports no other rule and no solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from solver.diaries import expected_minutes
from solver.model.day import DayModel
from solver.model.week import WeekModel
from solver.question.clinic import FULL, Clinic, Clinician
from solver.rota import Booking, Rota

OneMore = Callable[[Booking], Fraction]
"""What one more booking, of an appointment that has none yet, adds to an amount or a cost; exact."""


def expecting_more(clinic: Clinic, rota: Rota, amount: Callable[[Clinician, Fraction], Fraction]) -> OneMore:
    """One more booking in an amount that depends on what each clinician is expected to deliver.

    Parameters
    ----------
    amount
        A clinician's part of it, by expected minutes.
    """
    expected = expected_minutes(clinic, rota)

    def change(booking: Booking) -> Fraction:
        clinician = clinic.clinicians[booking.clinician]
        before = expected[clinician.index]
        after = before + Fraction(clinic.appointments[booking.appointment].expected, FULL)
        return amount(clinician, after) - amount(clinician, before)

    return change


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a rota breaks a rule; ``clinician`` and ``day`` (0 is Monday) None where it is the service's."""

    rule: str
    clinician: str | None
    day: int | None
    text: str


class HardRule(Protocol):
    """A rule that no weight buys off."""

    NAME: str
    STATEMENT: str

    def breaches(self, clinic: Clinic, rota: Rota) -> Iterable[Breach]:
        """Every place where the rota breaks the rule."""


class WeekRule(Protocol):
    """A rule with rows, or costs, in the week's model."""

    NAME: str

    def post_week(self, week: WeekModel) -> None:
        """Post the rule to the week's model."""


class DayRule(Protocol):
    """A rule with rows in the model of whole days."""

    NAME: str

    def post_day(self, day: DayModel) -> None:
        """Post the rule to the model of some days."""


class SoftRule(WeekRule, Protocol):
    """A term of the cost: an amount in a unit."""

    NAME: str
    STATEMENT: str
    UNIT: str

    def measure(self, clinic: Clinic, rota: Rota) -> Fraction:
        """The exact amount of the term, in its unit, weight not counted."""

    def one_more(self, clinic: Clinic, rota: Rota) -> OneMore:
        """What the amount grows by with one more booking in the rota: as measured anew, and quick."""


@dataclass(frozen=True, slots=True)
class Term:
    """A soft term of one rota: an exact amount in a unit, and what it costs at the request's weight."""

    name: str
    unit: str
    amount: Fraction
    weight: Fraction

    @property
    def cost(self) -> Fraction:
        """Weight x amount."""
        return self.weight * self.amount
