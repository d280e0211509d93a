"""The checker names what is wrong with every rota that was made wrong on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import islice
from random import Random

import pytest

from solver.check import breaches
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules import HARD
from tests.hand_built import HAND_BUILT
from tests.mutations import MUTATIONS, mutants

Built = Callable[[], tuple[Clinic, Rota]]


@pytest.mark.parametrize("built", HAND_BUILT)
def test_a_rota_that_keeps_every_rule_has_no_breaches(built: Built) -> None:
    assert breaches(*built()) == ()


@pytest.mark.parametrize("built", HAND_BUILT)
def test_every_mutant_is_caught_for_the_reason_that_made_it_wrong(built: Built) -> None:
    clinic, rota = built()
    missed = []
    for mutant in islice(mutants(clinic, rota, Random(0)), 600):
        found = {breach.rule for breach in breaches(clinic, mutant.rota)}
        if not found & mutant.expected:
            missed.append((mutant.kind, mutant.expected, found))
    assert missed == []


def test_every_kind_of_mutation_is_made() -> None:
    made = Counter(
        mutant.kind for built in HAND_BUILT for mutant in islice(mutants(*built(), Random(1)), 2000)
    )
    assert set(made) == {mutation.__name__ for mutation in MUTATIONS}


def test_every_hard_rule_is_broken_by_some_mutant() -> None:
    broken = {name for built in HAND_BUILT for m in mutants(*built(), Random(1)) for name in m.expected}
    assert broken == {rule.NAME for rule in HARD} | {"conservation", "diary"}


def test_the_same_seed_makes_the_same_mutants() -> None:
    clinic, rota = HAND_BUILT[1]()
    first = list(islice(mutants(clinic, rota, Random(7)), 100))
    assert first == list(islice(mutants(clinic, rota, Random(7)), 100))
    assert first != list(islice(mutants(clinic, rota, Random(8)), 100))
