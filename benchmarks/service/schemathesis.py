"""Requests that schemathesis makes up from the OpenAPI document, half of them wrong on purpose.

No answer may be 5xx, or of a status, a media type, a header or a shape that the document does not tell; and
what the document forbids must not be accepted.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
import structlog
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import openapi_document
from api.routes.pace import Pace
from tests.http_service import House, a_house, as_role
from tests.question_builders import a_request

AnyCase = Case[Any]

_ALWAYS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_ROUND = 25
_MANY = 10_000_000
_PATIENCE = 300
"""Seconds; how fast is for others to measure, on machines that do nothing else."""


@dataclass
class Told:
    """What has been asked, and what was wrong with the answers."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    mismatches: list[str] = field(default_factory=list)


def run(n: int) -> dict[str, float | int | str]:
    """Ask ``n`` made-up things.

    Returns
    -------
    dict
        `requests`, `operations`, `answers_5xx`, `mismatches`, the `first` of them, and how many answers had
        each class of status.
    """
    told = Told()
    with TemporaryDirectory() as folder, _quiet(), a_house(Path(folder), pace=Pace(_MANY, _MANY)) as house:
        asked = list(_strategies(house))
        dice = 0
        while told.requests < n:
            each = max(1, min(_ROUND, (n - told.requests) // len(asked)))
            for strategy, headers in asked:
                _round(house, strategy, headers, told, min(each, n - told.requests), dice)
            dice += 1
    classes = Counter(f"answers_{status // 100}xx" for status in told.statuses.elements())
    return {
        "requests": told.requests,
        "operations": len(asked) // 4,
        "answers_5xx": classes.pop("answers_5xx", 0),
        "mismatches": len(told.mismatches),
        **dict(sorted(classes.items())),
        "first": told.mismatches[0] if told.mismatches else "",
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Without a line for every answer."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        yield
    finally:
        structlog.reset_defaults()


def _strategies(house: House) -> Iterator[tuple[SearchStrategy[AnyCase], Mapping[str, str]]]:
    """For each operation: anything, right and wrong, and then about things that exist."""
    known = _things(house)
    document = openapi_document()
    for path in document["paths"].values():
        for operation in path.values():
            operation.pop("security", None)  # tokens that it would make up get no further than 401
    schema = schemathesis.openapi.from_dict(document)
    schema.app = house.client.app
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        own = _own(operation.path, known)
        who = as_role("manager") | ({"If-Match": '"x"'} if operation.path.endswith("publish") else {})
        for mode in schemathesis.GenerationMode:
            yield operation.as_strategy(mode), who
            yield operation.as_strategy(mode, path_parameters=own), who


def _own(path: str, known: Mapping[str, str]) -> dict[str, str] | None:
    """The id of something that exists."""
    if "{id}" not in path:
        return None
    return {"id": known[path.split("/")[2]]}


def _things(house: House) -> dict[str, str]:
    """An id of each kind, under the part of the address that it stands after."""
    rota = house.published()
    batch = house.ask("POST", "/v1/batches", json={"requests": [a_request()]}).json()["id"]
    key = house.ask("POST", "/v1/keys", json={"name": "x", "roles": ["integrator"]}).json()["id"]
    return {
        "rotas": rota,
        "batches": batch,
        "keys": key,
        "feeds": house.feed()["id"],
        "clinicians": "c01",
    }


def _round(
    house: House,
    strategy: SearchStrategy[AnyCase],
    headers: Mapping[str, str],
    told: Told,
    most: int,
    dice: int,
) -> None:
    if most < 1:
        return

    @seed(dice)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def ask(case: AnyCase) -> None:
        if told.requests % 1000 < 1:
            _make_room(house)
        answer = case.call(headers=dict(headers), app=house.client.app, timeout=_PATIENCE)
        told.requests += 1
        told.statuses[answer.status_code] += 1
        checks = [*_ALWAYS, negative_data_rejection] if answer.status_code < 300 else _ALWAYS
        try:
            case.validate_response(answer, checks=checks)
        except BaseExceptionGroup as found:
            told.mismatches.append(f"{case.method} {case.operation.path}: {found.exceptions[0]}"[:500])

    try:
        ask()
    except Unsatisfiable:
        return  # the operation takes nothing that could be wrong


def _make_room(house: House) -> None:
    """Cancel what waits, so that the queue is never full."""
    for job in house.ask("GET", "/v1/rotas?limit=100").json()["rotas"]:
        if job["state"] == "queued":
            house.ask("POST", f"/v1/rotas/{job['id']}/cancel")
