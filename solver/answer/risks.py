"""Every risk figure of a rota, ours or hand-made, ready to be given out."""

from __future__ import annotations

from solver.answer.figures import (
    BookingFigures,
    DiaryFigures,
    KeptFigures,
    PlacedFigures,
    RotaFigures,
    ServiceFigures,
)
from solver.question.clinic import Clinic
from solver.risk.diary import diary_risk
from solver.risk.service import service_risk
from solver.rota import Rota


def figures(clinic: Clinic, rota: Rota) -> RotaFigures:
    """All figures, exact but for the shared shock.

    Parameters
    ----------
    clinic
        The question.
    rota
        Any answer whose places in the request's lists exist. What the diaries show counts, in their order,
        also where the list of bookings says something else.
    """
    placed: list[PlacedFigures] = []
    kept: list[KeptFigures] = []
    for diary in rota.diaries:
        name, risk = clinic.clinicians[diary.clinician].id, diary_risk(clinic, diary)
        kept.append(KeptFigures(clinician=name, risk=DiaryFigures.model_validate(risk)))
        for booking in risk.bookings:
            appointment = clinic.appointments[booking.appointment].id
            own = BookingFigures.model_validate(booking)
            placed.append(PlacedFigures(appointment=appointment, clinician=name, risk=own))
    service = ServiceFigures.model_validate(service_risk(clinic, rota))
    return RotaFigures(bookings=tuple(placed), diaries=tuple(kept), risk=service)
