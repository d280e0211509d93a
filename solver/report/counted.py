"""The document of a rota with every figure of it counted again from its request, as nobody's word is taken.

What was proven or measured cannot be counted again: outcome, bound, verdict and provenance stay as they were
told. A rota made by hand tells none of them, and is told of with none.
"""

from __future__ import annotations

from solver import rules
from solver.answer.document import described, terms
from solver.answer.risks import figures
from solver.answer.shape import RotaDocument
from solver.check import breaches
from solver.question.clinic import Clinic
from solver.question.faults import BadRequest, Fault
from solver.question.reading import Question
from solver.rota import Rota
from solver.solve import Solved, gap_between


def by_hand(question: Question, rota: Rota) -> RotaDocument:
    """The document of a rota that says nothing but who is booked where.

    Raises
    ------
    BadRequest
        If a booking stands in no diary, so that nothing can be said of it.
    """
    shown = {index for diary in rota.diaries for entry in diary.entries for index in entry.appointments}
    clinic = question.clinic
    faults = [
        Fault("not_in_a_diary", f"/bookings/{place}", f"{_name(clinic, b.appointment)} is in no diary.")
        for place, b in enumerate(rota.bookings)
        if b.appointment not in shown
    ]
    if faults:
        raise BadRequest(faults)
    solved = Solved("feasible", "finished_early", rota, rules.cost(clinic, rota), None, None)
    told = described(question, solved)
    if not breaches(clinic, rota):
        return told
    nothing_reached = {"attainable": None, "attainable_minutes": None, "shortfall_minutes": None}
    return told.model_copy(update={"verdict": told.verdict.model_copy(update=nothing_reached)})


def counted(question: Question, rota: Rota, told: RotaDocument) -> RotaDocument:
    """A document with the costs and risks that its bookings and diaries have under this request."""
    if told.outcome == "none":
        return told
    clinic, found = question.clinic, figures(question.clinic, rota)
    people = {clinician.id: clinician for clinician in clinic.clinicians}
    risks = {kept.clinician: kept.risk for kept in found.diaries}
    cost = rules.cost(clinic, rota)
    diaries = tuple(
        diary.model_copy(
            update={
                "risk": risks[diary.clinician],
                "target_minutes": people[diary.clinician].target,
                "ceiling_minutes": people[diary.clinician].ceiling,
            }
        )
        for diary in told.diaries
    )
    again = {"cost": float(cost), "gap": gap_between(float(cost), told.bound), "terms": terms(clinic, rota)}
    return told.model_copy(update=again | {"diaries": diaries, "risk": found.risk})


def _name(clinic: Clinic, appointment: int) -> str:
    return f"Appointment {clinic.appointments[appointment].id}"
