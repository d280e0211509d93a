"""Every malformed fixture is refused with exactly the faults that are written down for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from solver.question.codes import CODES
from solver.question.faults import BadRequest, Fault
from solver.question.reading import read_request

HERE = Path(__file__).parents[1] / "fixtures" / "malformed"
EXPECTED: dict[str, list[list[str]]] = json.loads((HERE / "expected.json").read_text())
OLD_OR_NEW = re.compile(r"\W(None|True|False|Decimal|Fraction|Input|pydantic)\W")


def faults(name: str) -> tuple[Fault, ...]:
    with pytest.raises(BadRequest) as caught:
        read_request((HERE / f"{name}.json").read_bytes())
    return caught.value.faults


@pytest.mark.parametrize("name", EXPECTED)
def test_a_malformed_request_has_exactly_its_faults(name: str) -> None:
    given = sorted([fault.code, fault.pointer] for fault in faults(name))
    assert given == sorted(EXPECTED[name])


@pytest.mark.parametrize("name", EXPECTED)
def test_faults_are_sentences_in_our_own_words(name: str) -> None:
    for fault in faults(name):
        assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", fault.code)
        assert fault.text.endswith(".")
        assert not OLD_OR_NEW.search(fault.text), fault.text


def test_every_code_is_known_and_has_a_case() -> None:
    cases = {code for expected in EXPECTED.values() for code, _ in expected}
    large = {"json_too_large", "too_many"}  # see the reader's tests
    later = {"pins_overload", "pins_no_layout", "pins_admin"}  # the input alone does not show them
    assert cases == set(CODES) - large - later - {"invalid_value"}


def test_every_case_is_expected_and_listed() -> None:
    files = {path.stem for path in HERE.glob("*.json")} - {"expected"}
    listed = set(re.findall(r"^\| `(\w+)\.json` \|", (HERE / "README.md").read_text(), re.MULTILINE))
    assert files == set(EXPECTED) == listed
    assert len(files) >= 45
