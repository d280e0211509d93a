"""Any rota, ours or hand-made, judged: what it breaks, what it costs and where, what may come of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from solver import rules
from solver.check import breaches
from solver.explain.score import Part, parts
from solver.question.clinic import Clinic
from solver.risk.diary import DiaryRisk, diary_risk
from solver.risk.service import ServiceRisk, service_risk
from solver.rota import Rota
from solver.rules.rule import Breach, Term


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A rota judged; ``parts`` add up to ``cost`` exactly, ``diaries`` are by the clinician's place."""

    breaches: tuple[Breach, ...]
    terms: tuple[Term, ...]
    parts: tuple[Part, ...]
    diaries: dict[int, DiaryRisk]
    service: ServiceRisk

    @property
    def cost(self) -> Fraction:
        """The sum over terms of weight x amount."""
        return sum((term.cost for term in self.terms), Fraction(0))


def evaluated(clinic: Clinic, rota: Rota) -> Evaluation:
    """Judge a rota: the diaries count for risk, the bookings for terms; breaches say where they differ."""
    return Evaluation(
        breaches(clinic, rota),
        rules.terms(clinic, rota),
        parts(clinic, rota),
        {diary.clinician: diary_risk(clinic, diary) for diary in rota.diaries},
        service_risk(clinic, rota),
    )
