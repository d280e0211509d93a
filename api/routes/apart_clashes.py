"""What cannot all hold in a request; runs in a process of its own, and its searches in others."""

from __future__ import annotations

from typing import Any

from api.routes.apart_work import AskedClashes, No, behind_others
from solver.explain.clashes.find import Clash, pin_clashes
from solver.explain.clashes.pinned import RULES, hold
from solver.explain.clashes.reading import read_week
from solver.explain.clashes.targets import target_clash
from solver.explain.clashes.words import STATEMENTS, sentences
from solver.question.clinic import Clinic
from solver.question.faults import BadRequest
from solver.search.line import Line

Json = dict[str, Any]


def clashes(asked: AskedClashes, line: Line) -> Json | No:
    """Clashes of pins, told before anything is searched, or else of targets: `shapes_clashes.ClashList`."""
    behind_others()
    try:
        clinic = read_week(asked.request)
    except BadRequest as bad:
        return No("invalid_request", faults=bad.faults)
    found = pin_clashes(clinic)
    told = {
        "pins_hold": False if found else _all_hold(clinic),
        "targets": "not_looked_into",
        "clashes": [_told(clinic, clash) for clash in found],
    }
    if found or not asked.seconds:
        return told
    line.send({**told, "targets": "time_over"})
    clash = target_clash(clinic, asked.seconds, workers=1)
    if clash is None:
        return {**told, "targets": "no_clash_found"}
    return {**told, "targets": "clash", "clashes": [_told(clinic, clash)]}


def _all_hold(clinic: Clinic) -> bool | None:
    pins = [a.index for a in clinic.appointments if a.pin is not None]
    return hold(clinic, pins, RULES) if pins else True


def _told(clinic: Clinic, clash: Clash) -> Json:
    return {
        "pins": [_pin(clinic, index) for index in clash.pins],
        "targets": [_target(clinic, index) for index in clash.targets],
        "rules": [{"rule": name, "statement": STATEMENTS[name]} for name in clash.rules],
        "minimal": clash.minimal,
        "text": list(sentences(clinic, clash)),
    }


def _pin(clinic: Clinic, index: int) -> Json:
    appointment = clinic.appointments[index]
    assert appointment.pin is not None
    return {
        "appointment": appointment.id,
        "clinician": clinic.clinicians[appointment.pin.clinician].id,
        "start": clinic.moment(appointment.pin.start).isoformat(),
        "pointer": f"/appointments/{index}/pin",
    }


def _target(clinic: Clinic, index: int) -> Json:
    clinician = clinic.clinicians[index]
    return {
        "clinician": clinician.id,
        "minutes": clinician.target - clinician.policy.tolerance_minutes,
        "pointer": f"/clinicians/{index}/target_minutes",
    }
