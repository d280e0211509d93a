"""What one booking, placed or moved, changes: every term exactly, and every risk of those whom it touches."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from solver import rules
from solver.explain.score import COUNTED
from solver.question.clinic import Clinic
from solver.risk.diary import DiaryRisk, diary_risk
from solver.rota import Booking, Diary, Rota
from solver.rules import above_target, below_target, inequity, uneven, unplaced
from solver.rules.rule import SoftRule

OF_CLINICIANS: tuple[SoftRule, ...] = (below_target, above_target, uneven)
"""Terms that look only at who is booked with whom."""


@dataclass(frozen=True, slots=True)
class TermChange:
    """A term before and after, in its unit, and its weight."""

    name: str
    unit: str
    before: Fraction
    after: Fraction
    weight: Fraction

    @property
    def cost(self) -> Fraction:
        """What the change costs; negative where it saves."""
        return self.weight * (self.after - self.before)


@dataclass(frozen=True, slots=True)
class RiskChange:
    """A clinician's risk figures before and after."""

    clinician: int
    before: DiaryRisk
    after: DiaryRisk


class Ledger:
    """A rota's terms, and how they change with one booking. What depends on the clinician alone is kept."""

    def __init__(self, clinic: Clinic, rota: Rota) -> None:
        self.clinic, self.rota = clinic, rota
        self.terms = rules.terms(clinic, rota)
        self.held = Counter((b.clinician, b.start) for b in rota.bookings)
        self.risks: dict[int, DiaryRisk] = {}
        self.of: dict[int, list[Booking]] = defaultdict(list)
        for booking in rota.bookings:
            self.of[booking.appointment].append(booking)
        self._kept: dict[tuple[int, int], dict[str, Fraction]] = {}

    def changes(self, booking: Booking) -> tuple[TermChange, ...]:
        """Every term before and after a booking is made, in the place of any that its appointment has."""
        old = self.of.get(booking.appointment, [])
        after = {term.name: term.amount for term in self.terms} | self._of_clinicians(booking)
        if not old:
            appointment = self.clinic.appointments[booking.appointment]
            after[unplaced.NAME] -= appointment.minutes * appointment.urgency
        for rule in COUNTED:
            gone = sum((rule.measure(self.clinic, _only(b)) for b in old), Fraction(0))
            after[rule.NAME] += rule.measure(self.clinic, _only(booking)) - gone
        if self._touches_double([booking], 0) or self._touches_double(old, 1):
            after[inequity.NAME] = inequity.measure(self.clinic, _only(*self._doubled_after(booking, old)))
        return tuple(TermChange(t.name, t.unit, t.amount, after[t.name], t.weight) for t in self.terms)

    def risk_changes(self, diaries: tuple[Diary, ...]) -> tuple[RiskChange, ...]:
        """The risk figures of the clinicians who get new diaries; the clinician's week is walked anew."""
        return tuple(
            RiskChange(d.clinician, self._risk_before(d.clinician), diary_risk(self.clinic, d))
            for d in diaries
        )

    def _of_clinicians(self, booking: Booking) -> dict[str, Fraction]:
        key = (booking.appointment, booking.clinician)
        if key not in self._kept:
            rota = _only(*with_booking(self.rota, booking))
            self._kept[key] = {rule.NAME: rule.measure(self.clinic, rota) for rule in OF_CLINICIANS}
        return self._kept[key]

    def _touches_double(self, bookings: list[Booking], itself: int) -> bool:
        return any(self.held[b.clinician, b.start] > itself for b in bookings)

    def _doubled_after(self, booking: Booking, old: list[Booking]) -> Iterator[Booking]:
        """The bookings that share a slot once a booking is made; no others count for `inequity`."""
        held = self.held - Counter((b.clinician, b.start) for b in old)
        held[booking.clinician, booking.start] += 1
        shared = {at for at, count in held.items() if count > 1}
        if shared:
            after = with_booking(self.rota, booking)
            yield from (b for b in after if (b.clinician, b.start) in shared)

    def _risk_before(self, clinician: int) -> DiaryRisk:
        if clinician not in self.risks:
            diary = next((d for d in self.rota.diaries if d.clinician == clinician), Diary(clinician, ()))
            self.risks[clinician] = diary_risk(self.clinic, diary)
        return self.risks[clinician]


def with_booking(rota: Rota, booking: Booking) -> tuple[Booking, ...]:
    """A rota's bookings with one made, in the place of any that its appointment has, in the usual order."""
    others = (b for b in rota.bookings if b.appointment != booking.appointment)
    return tuple(sorted((*others, booking), key=lambda b: (b.clinician, b.start, b.appointment)))


def _only(*bookings: Booking) -> Rota:
    return Rota(bookings, (), ())
