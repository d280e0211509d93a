"""Requests for services that are put to the test."""

from __future__ import annotations

import json
from functools import cache

from solver.make.request import make_request


@cache
def a_week(seconds: float, clinicians: int = 3, appointments: int = 60) -> bytes:
    """A week whose solve takes all the seconds that it is given, in one process."""
    told = make_request(clinicians, appointments, 1)
    return json.dumps({**told, "effort": {"seconds": seconds, "workers": 1, "gap": 0.0}}).encode()
