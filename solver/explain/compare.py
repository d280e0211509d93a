"""Two rotas of one question side by side: terms, risks, moved bookings, who gains and who loses.

A *patient's side* gains where what the rota charges at that one appointment (`unplaced`, `not_preferred`,
`late`, `moved`) falls, and loses where it grows. A *clinician* gains where at least one of the figures of
`STRAINS` falls and none grows, loses where at least one grows and none falls; else it is mixed, both lists
say why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from solver.explain.evaluate import Evaluation, evaluated
from solver.explain.score import Part, totals
from solver.explain.why_change import TermChange
from solver.question.clinic import Clinic
from solver.risk.diary import DiaryRisk
from solver.rota import Booking, Rota

PATIENTS = frozenset({"unplaced", "not_preferred", "late", "moved"})
"""Terms that one patient feels."""

STRAINS = (
    *("p_above_ceiling", "expected_overload_minutes", "p_break_lost", "expected_break_minutes_lost"),
    *("p_admin_lost", "p_late_finish", "expected_overtime_minutes", "minutes_off_target"),
)
"""Figures of a clinician's week of which less is better; the last is the distance of expected from target."""

SAME = 1e-9
"""Risk figures nearer than this are equal."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An appointment that stands elsewhere in the second rota; None where it is not booked."""

    appointment: int
    before: Booking | None
    after: Booking | None


@dataclass(frozen=True, slots=True)
class Felt:
    """What an appointment's own terms change by, exactly: under 0 its patient gains, over 0 loses."""

    appointment: int
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Week:
    """A clinician's week in both rotas: ``better`` and ``worse`` name figures of `STRAINS`."""

    clinician: int
    before: DiaryRisk
    after: DiaryRisk
    better: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """``gains``, ``loses``, ``mixed`` or ``same``."""
        if self.better and self.worse:
            return "mixed"
        return "gains" if self.better else "loses" if self.worse else "same"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rotas side by side; ``moved`` are the appointments with another clinician, start, or neither."""

    before: Evaluation
    after: Evaluation
    terms: tuple[TermChange, ...]
    moved: tuple[Moved, ...]
    felt: tuple[Felt, ...]
    weeks: tuple[Week, ...]

    @property
    def cost(self) -> Fraction:
        """What the second rota costs more; negative where it costs less."""
        return self.after.cost - self.before.cost

    @property
    def gains(self) -> tuple[Felt, ...]:
        """Appointments that are better served, most first."""
        return tuple(sorted((f for f in self.felt if f.cost < 0), key=lambda f: (f.cost, f.appointment)))

    @property
    def loses(self) -> tuple[Felt, ...]:
        """Appointments that are worse served, most first."""
        return tuple(sorted((f for f in self.felt if f.cost > 0), key=lambda f: (-f.cost, f.appointment)))


def compared(clinic: Clinic, first: Rota, second: Rota) -> Comparison:
    """Compare two rotas of one clinic, ours or hand-made."""
    before, after = evaluated(clinic, first), evaluated(clinic, second)
    return Comparison(
        before,
        after,
        tuple(
            TermChange(a.name, a.unit, a.amount, b.amount, a.weight)
            for a, b in zip(before.terms, after.terms, strict=True)
        ),
        tuple(_moved(clinic, first, second)),
        tuple(_felt(before.parts, after.parts)),
        tuple(_weeks(clinic, before.diaries, after.diaries)),
    )


def _moved(clinic: Clinic, first: Rota, second: Rota) -> Iterator[Moved]:
    old, new = ({b.appointment: b for b in rota.bookings} for rota in (first, second))
    for a in clinic.appointments:
        if old.get(a.index) != new.get(a.index):
            yield Moved(a.index, old.get(a.index), new.get(a.index))


def _felt(before: tuple[Part, ...], after: tuple[Part, ...]) -> Iterator[Felt]:
    old, new = (
        totals((p for p in parts if p.term in PATIENTS), lambda p: p.appointment) for parts in (before, after)
    )
    for index in sorted(i for i in {*old, *new} if i is not None):
        change = new.get(index, Fraction(0)) - old.get(index, Fraction(0))
        if change:
            yield Felt(index, change)


def _weeks(clinic: Clinic, before: Mapping[int, DiaryRisk], after: Mapping[int, DiaryRisk]) -> Iterator[Week]:
    for clinician in clinic.clinicians:
        index = clinician.index
        if index in before and index in after:
            old, new = strains(clinician.target, before[index]), strains(clinician.target, after[index])
            better = tuple(name for name in STRAINS if new[name] < old[name] - SAME)
            worse = tuple(name for name in STRAINS if new[name] > old[name] + SAME)
            yield Week(index, before[index], after[index], better, worse)


def strains(target: int, risk: DiaryRisk) -> dict[str, float]:
    """The figures of `STRAINS`, by name; target in minutes."""
    found: dict[str, float] = {name: getattr(risk, name) for name in STRAINS[:-1]}
    return found | {STRAINS[-1]: abs(risk.expected_delivered_minutes - target)}
