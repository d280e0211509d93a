"""From a solve to the document of its rota, and to its bytes.

The document has no wall-clock figure and no time stamp in it: equal questions and equal solves give equal
bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from solver import __version__, rules
from solver import rota as plain
from solver.answer.figures import RotaFigures
from solver.answer.risks import figures
from solver.answer.shape import Booking, Diary, Entry, Lever, Provenance, RotaDocument, Term, Unplaced
from solver.answer.verdict import verdict
from solver.question.clinic import Clinic
from solver.question.reading import Question
from solver.solve import Solved

FAILED = "solver_failed"


def document(
    question: Question, solved: Solved, binding: Sequence[str] = (), levers: Sequence[Lever] = ()
) -> dict[str, Any]:
    """What `described` says, as plain JSON."""
    return plain_json(described(question, solved, binding, levers))


def described(
    question: Question,
    solved: Solved,
    binding: Sequence[str] = (),
    levers: Sequence[Lever] = (),
    not_binding: Sequence[str] = (),
) -> RotaDocument:
    """The rota of a solve with everything that is said about it.

    Parameters
    ----------
    question
        The question, with the effort that was spent on it.
    solved
        What came of it. A rota's bookings stand in its diaries (see `solver.answer.verify`).
    binding, levers, not_binding
        What explanation has found, if it was asked.
    """
    clinic = question.clinic
    rota = solved.rota or _nothing(clinic)
    risk = figures(clinic, rota)
    return RotaDocument(
        outcome=solved.outcome,  # type: ignore[arg-type]
        stop_reason=solved.stop_reason,  # type: ignore[arg-type]
        cost=None if solved.cost is None else float(solved.cost),
        bound=solved.bound,
        gap=solved.gap,
        bookings=_bookings(clinic, rota, risk),
        unplaced=tuple(
            Unplaced(appointment=clinic.appointments[u.appointment].id, code=u.code, reason=u.reason)
            for u in rota.unplaced
        ),
        diaries=_diaries(clinic, rota, risk),
        terms=() if solved.rota is None else terms(clinic, rota),
        risk=risk.risk,
        verdict=verdict(clinic, rota, solved, binding, levers, not_binding),
        provenance=provenance(question),
    )


def plain_json(found: RotaDocument) -> dict[str, Any]:
    """A document as plain JSON; an entry that is no slot has no field `appointments`."""
    told = found.model_dump(mode="json")
    for diary in told["diaries"]:
        for entry in diary["entries"]:
            if entry["appointments"] is None:
                del entry["appointments"]
    return told


def to_bytes(told: dict[str, Any]) -> bytes:
    """The canonical bytes of a document: UTF-8, fields in the order of its definition, a newline at the end.

    Parameters
    ----------
    told
        Plain JSON as `document` gives it; its fields may have come out of order since.

    Raises
    ------
    pydantic.ValidationError
        If it is no such document.
    """
    found = RotaDocument.model_validate_json(json.dumps(told))
    return (json.dumps(plain_json(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def provenance(question: Question) -> Provenance:
    """What makes the rota of a question here."""
    return Provenance(
        request_sha256=question.sha256,
        seed=question.effort.seed,
        solver=f"ortools {version('ortools')}, HiGHS (scipy {version('scipy')})",
        version=__version__,
    )


def _nothing(clinic: Clinic) -> plain.Rota:
    reason = "The solver failed, so nothing is booked."
    left = tuple(plain.Unplaced(a.index, FAILED, reason) for a in clinic.appointments)
    return plain.Rota((), left, ())


def _bookings(clinic: Clinic, rota: plain.Rota, risk: RotaFigures) -> tuple[Booking, ...]:
    held = Counter((booking.clinician, booking.start) for booking in rota.bookings)
    own = {placed.appointment: placed.risk for placed in risk.bookings}
    return tuple(
        Booking(
            appointment=(one := clinic.appointments[booking.appointment]).id,
            clinician=clinic.clinicians[booking.clinician].id,
            start=_time(clinic, booking.start),
            end=_time(clinic, booking.start + one.minutes),
            double=held[booking.clinician, booking.start] > 1,
            risk=own[one.id],
        )
        for booking in rota.bookings
    )


def _diaries(clinic: Clinic, rota: plain.Rota, risk: RotaFigures) -> tuple[Diary, ...]:
    return tuple(
        Diary(
            clinician=kept.clinician,
            target_minutes=clinic.clinicians[diary.clinician].target,
            ceiling_minutes=clinic.clinicians[diary.clinician].ceiling,
            entries=tuple(_entry(clinic, entry) for entry in diary.entries),
            risk=kept.risk,
        )
        for diary, kept in zip(rota.diaries, risk.diaries, strict=True)
    )


def _entry(clinic: Clinic, entry: plain.Entry) -> Entry:
    return Entry(
        kind=entry.kind,  # type: ignore[arg-type]
        start=_time(clinic, entry.start),
        end=_time(clinic, entry.end),
        appointments=tuple(clinic.appointments[i].id for i in entry.appointments) or None,
    )


def terms(clinic: Clinic, rota: plain.Rota) -> tuple[Term, ...]:
    """What a rota costs, by term."""
    return tuple(
        Term(
            name=term.name,
            unit=term.unit,
            amount=float(term.amount),
            weight=float(term.weight),
            cost=float(term.cost),
        )
        for term in rules.terms(clinic, rota)
    )


def _time(clinic: Clinic, minute: int) -> str:
    return clinic.moment(minute).isoformat()
