"""A request whose only fault may be its pins: read so that these can be explained."""

from __future__ import annotations

from solver.question.clinic import Clinic
from solver.question.compile import compile_clinic
from solver.question.faults import BadRequest
from solver.question.reading import read_request
from solver.question.request import Request

PINS = "pins_"
NOT_ELIGIBLE = "pin_not_eligible"


def read_week(data: bytes) -> Clinic:
    """The week of a request, pins that cannot be kept included.

    Raises
    ------
    BadRequest
        If anything but its pins is wrong with it.
    """
    try:
        return read_request(data).clinic
    except BadRequest as bad:
        if not all(f.code.startswith(PINS) or f.code == NOT_ELIGIBLE for f in bad.faults):
            raise
    return compile_clinic(Request.model_validate_json(data))
