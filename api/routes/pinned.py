"""Pins that only laying out their days shows to clash are refused before a job is made of them.

What is not found in time is let in: the solve finds it then, and the job fails with ``invalid_request``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import structlog

from api.people import Person
from api.problems import Refused
from api.routes.apart import Late, Places, apart
from api.routes.apart_work import AskedPins, Unkept
from api.routes.service import Service
from solver.question.faults import BadRequest
from solver.question.reading import Question

SECONDS = 5.0
"""The longest; a week of 20 clinicians takes less than one."""

PLACES = Places(at_once=2, inside=16, of_a_team=8, patience=SECONDS)

log = structlog.get_logger("api.pinned")


def check_pins(service: Service, who: Person, body: bytes, question: Question) -> None:
    """Look at the pins of a request, if it has any.

    Raises
    ------
    BadRequest
        With a fault of each pin that no rota can keep beside the others.
    """
    for unkept in unkept_of(service, who, [body], [question]):
        raise BadRequest(unkept.faults)


def unkept_of(
    service: Service, who: Person, bodies: Sequence[bytes], questions: Sequence[Question]
) -> list[Unkept]:
    """Which of some requests have pins that no rota can keep."""
    both = zip(bodies, questions, strict=True)
    pinned = tuple((place, body) for place, (body, question) in enumerate(both) if _has_pins(question))
    if not pinned:
        return []
    try:
        with PLACES.taken(who.team):
            found: object = apart(service, "api.routes.apart_pins:pins", AskedPins(pinned), SECONDS)
    except Late as late:
        log.info("pins were not looked at to the end", team=who.team)
        found = late.heard
    except Refused:
        log.info("pins were not looked at", team=who.team)
        found = []
    return cast("list[Unkept]", found)


def _has_pins(question: Question) -> bool:
    return any(appointment.pin is not None for appointment in question.clinic.appointments)
