"""Explanations as they are given out: plain JSON, ids instead of places, times as the request writes them.

They name appointments and clinicians, and never a patient. Exact fractions become the nearest double.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from solver.explain.compare import Comparison, Week
from solver.explain.evaluate import Evaluation
from solver.explain.score import Part
from solver.explain.why_change import RiskChange, TermChange
from solver.explain.why_proposal import Proposal
from solver.explain.why_there import There
from solver.explain.why_unplaced import Explanation
from solver.question.clinic import Clinic
from solver.risk.diary import DiaryRisk
from solver.rota import Booking

Json = dict[str, Any]


def there_json(clinic: Clinic, there: There, risks: Iterable[RiskChange] = ()) -> Json:
    """One start: how it fits, what forbids it, what it changes."""
    return {
        **booking_json(clinic, there.booking),
        "fit": there.fit,
        "forbidden_by": [{"rule": o.rule, "text": o.text} for o in there.obstacles],
        "cost_change": float(there.cost),
        "terms": [term_json(term) for term in there.terms],
        "risks": [
            {
                "clinician": clinic.clinicians[r.clinician].id,
                "before": risk_json(r.before),
                "after": risk_json(r.after),
            }
            for r in risks
        ],
    }


def explanation_json(clinic: Clinic, found: Explanation) -> Json:
    """Why one appointment is unplaced, and what would place it."""
    return {
        "appointment": clinic.appointments[found.appointment].id,
        "code": found.code,
        "reason": found.reason,
        "open_starts": found.open_starts,
        "allowed": found.allowed,
        "forbidden_by": dict(found.forbidden_by),
        "nearest": [there_json(clinic, there) for there in found.nearest],
        "proposals": [proposal_json(proposal) for proposal in found.proposals],
    }


def proposal_json(found: Proposal) -> Json:
    """One verified change: a JSON patch of the request with every field filled in, and what comes of it."""
    clinic = found.question.clinic
    return {
        "kind": found.kind,
        "text": found.text,
        "patch": [edit.plain() for edit in found.edits],
        "cost_change": float(found.cost),
        "placed": [booking_json(clinic, booking) for booking in found.placed],
        "moved": [booking_json(clinic, booking) for booking in found.moved],
    }


def evaluation_json(clinic: Clinic, found: Evaluation) -> Json:
    """A rota judged."""
    return {
        "cost": float(found.cost),
        "breaches": [asdict(breach) for breach in found.breaches],
        "terms": [
            {"name": t.name, "unit": t.unit, "amount": float(t.amount), "weight": float(t.weight)}
            | {"cost": float(t.cost)}
            for t in found.terms
        ],
        "parts": [part_json(clinic, part) for part in found.parts],
        "diaries": {clinic.clinicians[c].id: risk_json(risk) for c, risk in found.diaries.items()},
        "risk": asdict(found.service),
    }


def comparison_json(clinic: Clinic, found: Comparison) -> Json:
    """Two rotas side by side."""
    return {
        "cost_change": float(found.cost),
        "terms": [term_json(term) for term in found.terms],
        "breaches": {
            "before": [asdict(breach) for breach in found.before.breaches],
            "after": [asdict(breach) for breach in found.after.breaches],
        },
        "risk": {"before": asdict(found.before.service), "after": asdict(found.after.service)},
        "moved": [
            {
                "appointment": clinic.appointments[m.appointment].id,
                "before": m.before and booking_json(clinic, m.before),
                "after": m.after and booking_json(clinic, m.after),
            }
            for m in found.moved
        ],
        "gains": [_felt(clinic, f.appointment, float(f.cost)) for f in found.gains],
        "loses": [_felt(clinic, f.appointment, float(f.cost)) for f in found.loses],
        "clinicians": [_week(clinic, week) for week in found.weeks],
    }


def booking_json(clinic: Clinic, booking: Booking) -> Json:
    """A booking, by ids."""
    return {
        "appointment": clinic.appointments[booking.appointment].id,
        "clinician": clinic.clinicians[booking.clinician].id,
        "start": clinic.moment(booking.start).isoformat(),
    }


def term_json(term: TermChange) -> Json:
    """A term before and after."""
    return {
        "name": term.name,
        "unit": term.unit,
        "before": float(term.before),
        "after": float(term.after),
        "cost_change": float(term.cost),
    }


def part_json(clinic: Clinic, part: Part) -> Json:
    """A part of the score, by ids; ``amount`` and ``cost`` are also given exactly, as fractions."""
    return {
        "term": part.term,
        "unit": part.unit,
        "amount": float(part.amount),
        "cost": float(part.cost),
        "exact": {"amount": str(part.amount), "cost": str(part.cost)},
        "appointment": None if part.appointment is None else clinic.appointments[part.appointment].id,
        "clinician": None if part.clinician is None else clinic.clinicians[part.clinician].id,
        "date": None if part.day is None else clinic.date(part.day).isoformat(),
    }


def risk_json(risk: DiaryRisk) -> Json:
    """A diary's figures, without those of single bookings."""
    return {name: value for name, value in asdict(risk).items() if name != "bookings"}


def _felt(clinic: Clinic, appointment: int, cost: float) -> Json:
    return {"appointment": clinic.appointments[appointment].id, "cost_change": cost}


def _week(clinic: Clinic, week: Week) -> Json:
    return {
        "clinician": clinic.clinicians[week.clinician].id,
        "verdict": week.verdict,
        "better": list(week.better),
        "worse": list(week.worse),
        "before": risk_json(week.before),
        "after": risk_json(week.after),
    }
