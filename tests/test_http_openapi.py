"""The OpenAPI document, and the promise that it does not change unseen.

After a change that is meant: ``rota openapi > tests/openapi.json``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.app import openapi_document
from api.people.matrix import open_to_all

SNAPSHOT = Path(__file__).parent / "openapi.json"


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return openapi_document()


def operations(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in told["paths"].values() for operation in path.values()]


def references(told: object) -> set[str]:
    if isinstance(told, dict):
        own = {told["$ref"]} if isinstance(told.get("$ref"), str) else set()
        return own.union(*(references(value) for value in told.values()))
    return set().union(*(references(value) for value in told)) if isinstance(told, list) else set()


def test_the_document_is_the_one_that_clients_know(told: dict[str, Any]) -> None:
    assert told == json.loads(SNAPSHOT.read_bytes())


def test_every_reference_leads_somewhere(told: dict[str, Any]) -> None:
    found = references(told)
    assert found
    assert found <= {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}


def test_every_operation_tells_how_it_refuses(told: dict[str, Any]) -> None:
    for operation in operations(told):
        for status in ("4XX", "5XX"):
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


def test_whatever_is_not_open_asks_for_a_token(told: dict[str, Any]) -> None:
    closed = {operation["operationId"] for operation in operations(told) if "security" in operation}
    everything = {operation["operationId"] for operation in operations(told)}
    assert everything - closed == {name for name in everything if open_to_all(name)}


def test_whatever_makes_something_takes_a_key(told: dict[str, Any]) -> None:
    making = {
        operation["operationId"]
        for operation in operations(told)
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "Idempotency-Key"
    }
    assert making == {
        "rotas.create",
        "rotas.replan",
        "rotas.recommendations",
        "batches.create",
        "feeds.create",
        "keys.create",
    }
