"""Why a rota is as it is: one appointment, the score taken apart, and two rotas side by side."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import JSONResponse

from api.problems import Refused
from api.problems.faults import Parameter
from api.routes.apart import APART, KEPT, NEAR, Late, apart, too_long
from api.routes.apart_work import AskedWhy, No, with_changes
from api.routes.beside import beside, comparison
from api.routes.desk import Answers, Desk
from api.routes.parameters import Id
from api.routes.score import score
from api.routes.service import Service, person_of, service_of
from api.routes.shapes_score import ComparisonDocument, ScoreDocument
from api.routes.shapes_why import WhyDocument
from api.routes.stored import Stored, Version, stored
from api.store import audit
from solver.question.moment import NotATime, instant

desk = Desk("explaining")

BESIDES = 15
"""Seconds for all but looking for changes, and for the last of these to end."""

_NAME = r"^[A-Za-z0-9._-]{1,64}$"

Appointment = Annotated[str, Query(pattern=_NAME, description="Its id in the request.")]
Clinician = Annotated[str | None, Query(pattern=_NAME, description="Why not there? Needs `start` too.")]
Start = Annotated[
    str | None,
    Query(description="RFC 3339; needs `clinician` too.", json_schema_extra={"format": "date-time"}),
]
Seconds = Annotated[
    int, Query(ge=1, le=30, description="How long to look for changes; what is found by then is told.")
]
With = Annotated[
    str,
    Query(alias="with", pattern=_NAME, description="What to compare it with: an id, or a version's number."),
]


@desk.get("/v1/rotas/{id}/why", "rotas.why", "Why an appointment is where it is.", Answers(WhyDocument))
def why(
    request: Request,
    id: Id,  # noqa: A002 - the interface's name
    appointment: Appointment,
    clinician: Clinician = None,
    start: Start = None,
    version: Version = None,
    seconds: Seconds = 10,
) -> JSONResponse:
    """An unplaced one: why, the nearest starts, what would place it. A booked one: every start open to it.

    With `clinician` and `start`: why it is not there, or what would come of it.
    """
    who, service = person_of(request), service_of(request)
    _both(clinician, start)
    with service.database.write() as s:
        rota = stored(s, who, id, version)
        audit.note(s, who, "rotas.why", f"rota:{rota.rota}")
    if rota.document["outcome"] == "none":
        raise Refused("conflict", "The rota books nothing, so there is nothing to explain.")
    asked = AskedWhy(rota.body, rota.text, appointment, clinician, start, seconds)
    key = ("why", rota.rota, appointment, clinician, start)
    try:
        told = KEPT.get(key, partial(_asked, service, who.team, asked), dict)
    except _Unfinished as unfinished:
        told = unfinished.told
    return JSONResponse({"rota": rota.rota, "version": rota.version, **told})


@desk.get("/v1/rotas/{id}/score", "rotas.score", "The score taken apart.", Answers(ScoreDocument))
def scored(request: Request, id: Id, version: Version = None) -> JSONResponse:  # noqa: A002
    """By term, clinician, day and appointment; every list adds up to the whole exactly, in fractions."""
    who, service = person_of(request), service_of(request)
    with service.database.write() as s:
        rota = stored(s, who, id, version)
        audit.note(s, who, "rotas.score", f"rota:{rota.rota}")
    with NEAR.taken(who.team):
        told = score(*rota.read())
    return JSONResponse({"rota": rota.rota, "version": rota.version, **told})


@desk.get("/v1/rotas/{id}/compare", "rotas.compare", "Beside another.", Answers(ComparisonDocument))
def compare(request: Request, id: Id, other: With) -> JSONResponse:  # noqa: A002
    """What changes from the other to this one: terms, risks, bookings, who gains and who loses.

    Both are judged by the request of this one.
    """
    who, service = person_of(request), service_of(request)
    with service.database.write() as s:
        after = stored(s, who, id)
        before = _other(stored(s, who, id, int(other)) if _is_number(other) else stored(s, who, other), after)
        audit.note(s, who, "rotas.compare", f"rota:{id}", f"rota:{before.rota}")
    with NEAR.taken(who.team):
        question, rota = after.read()
        earlier = beside(question.clinic, before.document)
        told = comparison(question.clinic, earlier.rota, rota)
    named = [{"rota": one.rota, "version": one.version} for one in (before, after)]
    same = before.body == after.body
    return JSONResponse(
        {"before": named[0], "after": named[1], "same_request": same, "left_out": earlier.left_out, **told}
    )


class _Unfinished(Exception):
    """What is told of an unplaced appointment when the time is over; it is not kept."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__("unfinished")
        self.told = told


def _asked(service: Service, team: str, asked: AskedWhy) -> dict[str, Any]:
    try:
        with APART.taken(team):
            told = apart(service, "api.routes.apart_why:why", asked, asked.seconds + BESIDES)
    except Late as late:
        first, *found = late.heard or [None]
        if not isinstance(first, dict):
            raise too_long() from None
        changes = [one for one in found if isinstance(one, dict)]
        raise _Unfinished(with_changes(first, changes, complete=False)) from None
    if isinstance(told, No):
        raise Refused(told.code, told.detail, told.faults)
    assert isinstance(told, dict)
    if told["unplaced"] and not told["unplaced"]["complete"]:
        raise _Unfinished(told)
    return told


def _both(clinician: str | None, start: str | None) -> None:
    """Refuse half of a place, and a start that is no time."""
    missing = [name for name, value in (("clinician", clinician), ("start", start)) if value is None]
    if len(missing) == 1:
        faults = [Parameter("missing_parameter", f"/{missing[0]}", "", "query")]
        raise Refused("invalid_request", faults=faults)
    try:
        if start is not None:
            instant(start)
    except NotATime as error:
        raise Refused("invalid_request", faults=[Parameter(error.code, "/start", "", "query")]) from None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6


def _other(before: Stored, after: Stored) -> Stored:
    if before.week != after.week:
        raise Refused("conflict", "The two are of different weeks.")
    return before
