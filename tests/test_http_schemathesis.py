"""Requests made up from the OpenAPI document find no defect and no answer that it does not tell."""

from __future__ import annotations

import pytest

from api.people.matrix import MATRIX
from benchmarks.service.schemathesis import run


@pytest.mark.slow
def test_five_hundred_made_up_requests_are_answered_as_the_document_says() -> None:
    told = run(500)
    assert told["requests"] == 500
    assert told["operations"] == len(MATRIX)
    assert (told["answers_5xx"], told["mismatches"], told["first"]) == (0, 0, "")
