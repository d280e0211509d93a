"""A clash in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from solver.explain.clashes.find import Clash
from solver.question.clinic import Clinic
from solver.question.when import when
from solver.rules import HARD

STATEMENTS = {rule.NAME: rule.STATEMENT for rule in HARD}

ALWAYS = "whatever the rules: a pin must be eligible, one patient at a time, a patient once a day"


def sentences(clinic: Clinic, clash: Clash) -> Iterator[str]:
    """What cannot all hold, a line each: pins, targets, then the rules, those least to be blamed last."""
    yield "These cannot all hold" if clash.rules else f"These cannot all hold, {ALWAYS}"
    for index in clash.pins:
        appointment = clinic.appointments[index]
        if appointment.pin is not None:
            place = clinic.clinicians[appointment.pin.clinician].id
            place = f"{when(clinic, appointment.pin.start)} with {place}"
            yield f"{appointment.id} pinned at {place} ({appointment.minutes} minutes)"
    for index in clash.targets:
        clinician = clinic.clinicians[index]
        least = clinician.target - clinician.policy.tolerance_minutes
        yield f"{clinician.id} expected to deliver {least} minutes (target less tolerance)"
    for name in clash.rules:
        yield f"rule {name}: {STATEMENTS[name]}"
    yield _proof(clash)


def _proof(clash: Clash) -> str:
    if clash.minimal:
        return "Proven; and without any one of them the rest can hold."
    return "Proven; whether every one of them is needed is not known."
