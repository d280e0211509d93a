"""A rota checked and scored, and a request looked through, without solving anything."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.responses import JSONResponse

from api.problems import Refused
from api.problems.faults import told as fault_told
from api.routes.bodies import Large, inside, strict
from api.routes.desk import Answers, Asks, Desk
from api.routes.shapes_judged import Evaluation, Validation
from solver import rules
from solver.answer.reading import read_rota
from solver.answer.risks import figures
from solver.check import breaches
from solver.question.faults import BadRequest, Fault
from solver.question.reading import Question, read_request
from solver.question.strict_json import parse
from solver.rota import Rota

desk = Desk("judging")

_AT_ONCE = threading.BoundedSemaphore(2)
_INSIDE = threading.BoundedSemaphore(8)
"""Those that wait hold threads which answer everybody else."""

_PATIENCE = 20.0


@contextmanager
def one_of_few() -> Iterator[None]:
    """Keep some of the processor for reading: few are judged at once, and not many more wait.

    Raises
    ------
    Refused
        `unavailable` if too many wait, and after 20 seconds.
    """
    with _held(_INSIDE, 0.0), _held(_AT_ONCE, _PATIENCE):
        yield


@contextmanager
def _held(place: threading.BoundedSemaphore, seconds: float) -> Iterator[None]:
    if not place.acquire(timeout=seconds):
        raise Refused("unavailable", "Too many rotas are being judged.", headers={"Retry-After": "5"})
    try:
        yield
    finally:
        place.release()


@desk.post(
    "/v1/evaluate",
    "evaluate",
    "Check and score a rota without solving.",
    Answers(Evaluation),
    Asks("Evaluate"),
)
def evaluate(data: Large) -> JSONResponse:
    """Run the checker on any rota, ours or made by hand, and work out its cost and its risk."""
    request, rota = _two(strict(data))
    with one_of_few():
        with inside("request"):
            question = read_request(json.dumps(request))
        with inside("rota"):
            given = read_rota(question.clinic, json.dumps(rota))
        return JSONResponse(evaluation(question, given))


@desk.post("/v1/validate", "validate", "Look through a request without solving.", Answers(Validation), Asks())
def validate(data: Large) -> JSONResponse:
    """Every fault of a request at once; text that is no JSON at all is refused like any other."""
    parse(data)
    with one_of_few():
        try:
            question = read_request(data)
        except BadRequest as bad:
            faults = [fault_told(fault) for fault in bad.faults]
            return JSONResponse({"valid": False, "sha256": None, "faults": faults})
    return JSONResponse({"valid": True, "sha256": question.sha256, "faults": []})


def evaluation(question: Question, rota: Rota) -> dict[str, Any]:
    """What is said of a rota."""
    clinic = question.clinic
    found = [
        {
            "rule": breach.rule,
            "clinician": breach.clinician,
            "day": None if breach.day is None else clinic.date(breach.day).isoformat(),
            "text": breach.text,
        }
        for breach in breaches(clinic, rota)
    ]
    return {
        "obeys": not found,
        "breaches": found,
        "cost": float(rules.cost(clinic, rota)),
        "terms": [
            {
                "name": term.name,
                "unit": term.unit,
                "amount": float(term.amount),
                "weight": float(term.weight),
                "cost": float(term.cost),
            }
            for term in rules.terms(clinic, rota)
        ],
        "figures": figures(clinic, rota).model_dump(mode="json"),
    }


def _two(value: object) -> tuple[object, object]:
    """The request and the rota of a body."""
    if not isinstance(value, dict):
        raise BadRequest([Fault("wrong_type", "", "")])
    faults = [Fault("missing_field", f"/{name}", "") for name in ("request", "rota") if name not in value]
    if set(value) - {"request", "rota"}:
        faults.append(Fault("unknown_field", "", ""))
    if faults:
        raise BadRequest(faults)
    return value["request"], value["rota"]


def broken_rules(body: bytes, document: dict[str, Any]) -> list[str]:
    """Names of the rules that a stored rota breaks against its stored request; `outcome` if it books nothing.

    Parameters
    ----------
    body
        The request.
    document
        The rota.
    """
    if document["outcome"] == "none":
        return ["outcome"]
    with one_of_few():
        clinic = read_request(body).clinic
        rota = read_rota(clinic, json.dumps(document))
        return sorted({breach.rule for breach in breaches(clinic, rota)})
