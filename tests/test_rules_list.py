"""What holds for every rule on the list, present and future."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

import solver.rules
from solver.question.clinic import WEIGHTS
from solver.rules import HARD, SOFT, cost, terms
from solver.rules.rule import HardRule, SoftRule
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment

EVERY: tuple[HardRule | SoftRule, ...] = (*HARD, *SOFT)


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.NAME)
def test_a_rule_is_named_after_its_module(rule: HardRule | SoftRule) -> None:
    assert cast(ModuleType, rule).__name__ == f"solver.rules.{rule.NAME}"


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.NAME)
def test_a_rule_says_itself_in_one_sentence(rule: HardRule | SoftRule) -> None:
    assert rule.STATEMENT[0].isupper()
    assert rule.STATEMENT.endswith(".")
    assert rule.STATEMENT.count(".") == 1
    assert len(rule.STATEMENT) <= 110


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.NAME)
def test_a_rule_says_itself_in_mathematics_with_units_and_a_source(rule: HardRule | SoftRule) -> None:
    words = rule.__doc__ or ""
    assert words.startswith(rule.NAME.replace("_", " ").capitalize() + ":")
    assert ".. math:: " in words
    assert "Source:" in words


def test_every_rule_module_is_on_the_list_once() -> None:
    folder = Path(solver.rules.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "rule"}
    assert sorted(rule.NAME for rule in EVERY) == sorted(modules)


def test_soft_terms_stand_in_the_order_of_their_weights() -> None:
    assert [rule.NAME for rule in SOFT] == list(WEIGHTS)


def test_the_cost_is_the_sum_of_weight_times_amount() -> None:
    # One clinician, target 60, tolerance 30, nothing booked: 60 - 30 - 0 = 30 minutes below at 2 each.
    # One routine hour unplaced, no wait: 60 x 1 at 1 each. In all 60 + 60.
    clinic = a_clinic(a_clinician(target=60), [an_appointment()])
    rota = a_rota(clinic)
    assert cost(clinic, rota) == 120
    assert [(t.name, t.unit, int(t.amount), int(t.weight), int(t.cost)) for t in terms(clinic, rota)][:2] == [
        ("unplaced", "min x urgency", 60, 1, 60),
        ("below_target", "min", 30, 2, 60),
    ]


def test_a_weight_of_the_request_changes_the_cost_and_not_the_amount() -> None:
    clinic = a_clinic(a_clinician(target=60), [an_appointment()], weights={"below_target": 5})
    below = terms(clinic, a_rota(clinic))[1]
    assert below.amount == 30
    assert below.cost == 150
