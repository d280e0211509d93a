"""Which pins, or targets, of a request cannot all hold."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import JSONResponse

from api.routes.apart import APART, Late, apart, too_long
from api.routes.apart_work import AskedClashes, No
from api.routes.bodies import Large
from api.routes.desk import Answers, Asks, Desk
from api.routes.service import person_of, service_of
from api.routes.shapes_clashes import ClashList
from solver.question.faults import BadRequest

desk = Desk("judging")

PINS_SECONDS = 20
"""For reading a request and looking at its pins."""

Targets = Annotated[bool, Query(description="Whether every clinician's target is demanded too.")]
Seconds = Annotated[int, Query(ge=1, le=60, description="How long targets are looked into.")]


@desk.post("/v1/clashes", "clashes", "What cannot all hold.", Answers(ClashList), Asks("Request"))
def clashes(request: Request, data: Large, targets: Targets = False, seconds: Seconds = 20) -> JSONResponse:
    """Pins and rules that clash, and whether any can be spared; with `targets`, targets and rules."""
    who, service = person_of(request), service_of(request)
    asked = AskedClashes(data, seconds if targets else 0)
    with APART.taken(who.team):
        try:
            told = apart(service, "api.routes.apart_clashes:clashes", asked, PINS_SECONDS + asked.seconds)
        except Late as late:
            if not late.heard:
                raise too_long() from None
            told = late.heard[-1]
    if isinstance(told, No):
        raise BadRequest(told.faults)
    return JSONResponse(told)
