"""The score of a rota taken apart, as the answer tells it."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from solver import rules
from solver.answer.explained import part_json
from solver.explain.score import parts
from solver.question.reading import Question
from solver.rota import Rota

Json = dict[str, Any]

SIDES = ("clinician", "date", "appointment")


def score(question: Question, rota: Rota) -> Json:
    """Terms, parts, and the sums of the parts from each side: `shapes_score.ScoreDocument`, less its rota.

    Sums are added up as fractions, and only then become the nearest doubles.
    """
    clinic = question.clinic
    found = parts(clinic, rota)
    told = [part_json(clinic, part) for part in found]
    costs = [part.cost for part in found]
    terms = [
        {"name": term.name, "unit": term.unit, "amount": float(term.amount), "weight": float(term.weight)}
        | _cost(term.cost)
        for term in rules.terms(clinic, rota)
    ]
    sides = {f"by_{side}": _summed(side, told, costs) for side in SIDES}
    return {**_cost(rules.cost(clinic, rota)), "terms": terms, **sides, "parts": told}


def _summed(side: str, told: list[Json], costs: list[Fraction]) -> list[Json]:
    """What each costs, the dearest first; null is what no single one bears."""
    sums: dict[str | None, Fraction] = defaultdict(Fraction)
    for part, cost in zip(told, costs, strict=True):
        sums[part[side]] += cost
    ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0] or ""))
    return [{"name": name} | _cost(cost) for name, cost in ranked]


def _cost(cost: Fraction) -> Json:
    return {"cost": float(cost), "exact_cost": str(cost)}
