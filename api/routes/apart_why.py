"""Why an appointment stands where it does, or nowhere; runs in a process of its own."""

from __future__ import annotations

from collections import Counter
from time import monotonic
from typing import Any

from api.problems.faults import Parameter
from api.routes.apart_work import AskedWhy, No, behind_others, with_changes
from solver.answer.explained import booking_json, explanation_json, proposal_json, there_json
from solver.answer.reading import read_rota
from solver.explain.why_remedies import proposals
from solver.explain.why_standing import Standing
from solver.explain.why_there import Placing, There
from solver.explain.why_unplaced import Unplacements
from solver.question.calendar import Calendar
from solver.question.clinic import Appointment, Clinic
from solver.question.reading import Question, read_request
from solver.rota import Rota
from solver.search.line import Line

Json = dict[str, Any]


def why(asked: AskedWhy, line: Line) -> Json | No:
    """The answer; an unplaced appointment's is told before, and then each change as it is found."""
    behind_others()
    question = read_request(asked.request)
    rota = read_rota(question.clinic, asked.rota)
    one = next((a for a in question.clinic.appointments if a.id == asked.appointment), None)
    if one is None:
        return _unknown("appointment")
    if asked.clinician is not None and asked.start is not None:
        return _place(question.clinic, rota, one, asked.clinician, asked.start)
    if all(b.appointment != one.index for b in rota.bookings):
        return _unplaced(question, rota, one, asked.seconds, line)
    return _starts(question.clinic, rota, one)


def _place(clinic: Clinic, rota: Rota, one: Appointment, clinician: str, start: str) -> Json | No:
    index = next((c.index for c in clinic.clinicians if c.id == clinician), None)
    if index is None:
        return _unknown("clinician")
    calendar = Calendar.of(clinic.date(0).isoformat(), clinic.timezone)
    minute = calendar.minute(start)
    if not 0 <= minute < calendar.minutes:
        return No("invalid_request", faults=(Parameter("outside_week", "/start", "", "query"),))
    placing = Placing(Standing(clinic, rota), one)
    there = placing.there(index, minute)
    return _about("place", clinic, rota, one) | {"place": _there(clinic, there, placing)}


def _unplaced(question: Question, rota: Rota, one: Appointment, seconds: float, line: Line) -> Json:
    clinic, found = question.clinic, Unplacements(question, rota)
    why_not = found.explained(one.index, 0)
    placing = Placing(found.now.standing, one)
    plain = explanation_json(clinic, why_not)
    del plain["appointment"]
    plain["nearest"] = [_there(clinic, there, placing) for there in why_not.nearest]
    told = _about("unplaced", clinic, rota, one) | {"unplaced": plain}
    line.send(told)
    began, changes, coming = monotonic(), list[Json](), proposals(found.now, one)
    while monotonic() - began < seconds:
        proposal = next(coming, None)
        if proposal is None:
            return with_changes(told, changes, complete=True)
        changes.append(proposal_json(proposal))
        line.send(changes[-1])
    return with_changes(told, changes, complete=False)


def _starts(clinic: Clinic, rota: Rota, one: Appointment) -> Json:
    placing = Placing(Standing(clinic, rota), one)
    tried = list(placing.everywhere())
    starts = {
        "open_starts": len(tried),
        "allowed": sum(there.allowed for there in tried),
        "forbidden_by": dict(Counter(rule for there in tried for rule in there.rules).most_common()),
        "starts": [_there(clinic, there) for there in tried],
    }
    return _about("starts", clinic, rota, one) | {"starts": starts}


def _about(what: str, clinic: Clinic, rota: Rota, one: Appointment) -> Json:
    place = next((b for b in rota.bookings if b.appointment == one.index), None)
    booked = None if place is None else booking_json(clinic, place)
    nothing = {"unplaced": None, "place": None, "starts": None}
    return {"appointment": one.id, "booked": booked, "about": what, **nothing}


def _there(clinic: Clinic, there: There, placing: Placing | None = None) -> Json:
    """One start; of the terms only those that change, and risks where they are asked for."""
    told = there_json(clinic, there, placing.risks(there) if placing else ())
    return told | {"terms": [term for term in told["terms"] if term["before"] != term["after"]]}


def _unknown(what: str) -> No:
    return No("invalid_request", faults=(Parameter(f"unknown_{what}", f"/{what}", "", "query"),))
