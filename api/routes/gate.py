"""Nobody comes in but by the gate: who asks, whether they may, and how fast."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from fastapi import Request

from api.people.matrix import MATRIX, open_to_all, verdict
from api.people.person import only_own
from api.problems import Refused
from api.routes import parameters
from api.routes.service import Service, service_of

Gate = Callable[[Request], None]

_OF_A_CLINICIAN = "/v1/clinicians/{id}/"


@cache
def gate(operation: str) -> Gate:
    """The dependency that lets a request through to an operation, or refuses it.

    Raises
    ------
    KeyError
        If the operation has no row in the matrix: nobody could say who may ask for it.
    """
    if operation not in MATRIX:
        raise KeyError(f"operation {operation} has no row in api.people.matrix.MATRIX")

    def let_through(request: Request) -> None:
        request.state.operation = operation
        service = service_of(request)
        if open_to_all(operation):
            service.pace.take(f"from {request.client.host if request.client else '-'}")
        else:
            _known(request, service, operation)
        parameters.check(request)

    return let_through


def _known(request: Request, service: Service, operation: str) -> None:
    if len(request.headers.getlist("authorization")) > 1:
        raise Refused("unauthenticated", headers={"WWW-Authenticate": "Bearer"})
    person = service.people.who(request.headers.get("authorization"))
    service.pace.take(f"of {person.team} {person.subject}")
    may = verdict(operation, person.roles, person.kind)
    if may == "deny" or (may == "own" and person.clinician is None):
        raise Refused("forbidden")
    if may == "own" and request.scope["route"].path.startswith(_OF_A_CLINICIAN):
        only_own(person, request.path_params["id"])
    request.state.person = person
    request.state.own = person.clinician if may == "own" else None
