"""Every rule's two faces say the same: what the checker finds in a rota, and what the models make of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from random import Random

import pytest

from solver.check import CONSERVATION, DIARY, breaches
from solver.question.clinic import Clinic, Policy
from solver.rota import Rota
from solver.rules import HARD, SOFT, inequity, uneven
from solver.rules.rule import HardRule, SoftRule
from tests import builders as b
from tests.brute import best
from tests.hand_built import HAND_BUILT
from tests.in_models import InModels, price
from tests.jostle import jostled
from tests.mutations import mutants
from tests.small import small_clinic
from tests.tightened import tightened

SEEDS = 30
MUTANTS, STRAYS = 14, 20
"""Rotas made wrong on purpose, and rotas led astray, for each legal one; more of the former if hand-built."""

NOT_OURS = {CONSERVATION, DIARY}
"""What the checker finds by itself is no rule's business, and no model's."""


@dataclass(frozen=True)
class Case:
    """A rota of a clinic: the rules that it breaks, by the checker, and whether the models take it."""

    name: str
    clinic: Clinic
    rota: Rota
    broken: frozenset[str]
    accepted: bool


@lru_cache(maxsize=1)
def cases() -> tuple[Case, ...]:
    return tuple(_cases())


def _cases() -> Iterator[Case]:
    for name, clinic, rota in _legal():
        models, rng = InModels.of(clinic), Random(f"models/{name}")
        assert models.accepts(rota), name
        many = MUTANTS if name[0].isdigit() else 20 * MUTANTS
        wrong = (mutant.rota for mutant in islice(mutants(clinic, rota, rng), many))
        for number, other in enumerate([*wrong, *jostled(clinic, rota, rng, STRAYS)]):
            broken = frozenset(breach.rule for breach in breaches(clinic, other))
            if not broken & NOT_OURS:
                yield Case(f"{name}/{number}", clinic, other, broken, models.accepts(other))
        for number, stricter in enumerate(tightened(clinic, rota)):
            broken = frozenset(breach.rule for breach in breaches(stricter, rota))
            yield Case(f"{name}/tight {number}", stricter, rota, broken, _taken(stricter, rota))


def _taken(clinic: Clinic, rota: Rota) -> bool:
    return InModels.of(clinic).accepts(rota)


def _legal() -> Iterator[tuple[str, Clinic, Rota]]:
    for built in HAND_BUILT:
        yield (built.__name__, *built())
    for seed in range(SEEDS):
        clinic = small_clinic(seed)
        # The cheapest rota of the week, and the one that books the most, whatever that costs.
        fullest = replace(clinic, weights=only("unplaced", Fraction(1)))
        for week in (clinic, fullest):
            found = best(week, 100_000)
            if found is not None:
                yield f"{seed}{'' if week is clinic else ' full'}", week, found[1]


def only(name: str, weight: Fraction) -> dict[str, Fraction]:
    return {rule.NAME: weight if name == rule.NAME else Fraction(0) for rule in SOFT}


def test_the_models_take_a_rota_exactly_if_the_checker_finds_nothing() -> None:
    wrong = [(case.name, set(case.broken)) for case in cases() if case.accepted != (not case.broken)]
    assert wrong == []
    assert sum(not case.broken for case in cases()) > 200
    assert sum(bool(case.broken) for case in cases()) > 1200


@pytest.mark.parametrize("rule", HARD, ids=lambda rule: rule.NAME)
def test_what_breaks_one_rule_and_no_other_has_no_point(rule: HardRule) -> None:
    alone = [case for case in cases() if case.broken == {rule.NAME}]
    assert [case.name for case in alone if case.accepted] == []
    assert len(alone) >= 10


@lru_cache(maxsize=1)
def legal_rotas() -> tuple[tuple[str, Clinic, Rota], ...]:
    kept = [(case.name, case.clinic, case.rota) for case in cases() if not case.broken]
    return (*kept[:: max(1, len(kept) // 90)], *_with_groups())


def _with_groups() -> Iterator[tuple[str, Clinic, Rota]]:
    """Rotas of a week with two groups of ten, some of whom share slots."""
    policy = Policy(
        grid_minutes=5,
        max_per_slot=2,
        max_doubles_per_day=3,
        max_doubles_per_week=6,
        max_booked_ratio=Fraction(9),
        max_overload_risk=1.0,
    )
    team = [b.a_clinician(shifts=("Mon 09:00-13:00", "Tue 09:00-13:00"), policy=policy) for _ in range(2)]
    each = {"minutes": 20, "attendance": 500, "double_bookable": True}
    wanted = [b.an_appointment(**each, group=group, admin=5 * (i % 3)) for i in range(10) for group in "xy"]
    wanted += [b.an_appointment(**each), b.an_appointment(minutes=30, group="z")]
    clinic = b.a_clinic(team, [replace(a, kind=f"k{i}") for i, a in enumerate(wanted)])
    one = (
        "Mon 09:00 a1+a3 | reserve 20 | break 10 | a5+a6 | reserve 20 | break 10"
        " | a21+a8 | reserve 20 | admin 60 | free"
    )
    # Of groups x (odd) and y (even) in doubles: 1 and 2; 0 and 0; 3 and 4.
    chosen = [
        {"c1": one.replace("a1+a3 | reserve 20", "a1 | a3")},
        {"c1": "Mon 09:00 a1 | a3 | admin 60 | free", "c2": "Tue 09:00 a2 | a4 | admin 15 | free"},
        {"c1": one.replace("a8", "a4"), "c2": "Tue 09:00 a2+a10 | reserve 20 | admin 30 | free"},
    ]
    for number, diaries in enumerate(chosen):
        rota = b.a_rota(clinic, **diaries)
        assert breaches(clinic, rota) == ()
        yield f"groups {number}", clinic, rota


def _modest(clinic: Clinic) -> Clinic:
    """The same rotas are legal, and some pass the targets."""
    team = [
        replace(
            c, target=c.target // 4, policy=replace(c.policy, max_booked_ratio=10 * c.policy.max_booked_ratio)
        )
        for c in clinic.clinicians
    ]
    return replace(clinic, clinicians=tuple(team))


@pytest.mark.parametrize("rule", SOFT, ids=lambda rule: rule.NAME)
def test_a_term_by_itself_costs_in_the_model_what_it_measures(rule: SoftRule) -> None:
    rng, amounts = Random(rule.NAME), []
    for number, (name, clinic, rota) in enumerate(legal_rotas()):
        weight = rng.choice([Fraction(1), Fraction(375, 1000), Fraction(7501, 1000)])
        alone = replace(_modest(clinic) if number % 2 else clinic, weights=only(rule.NAME, weight))
        models = InModels.of(alone)
        answer = models.at_week(rota)
        amount, modelled = rule.measure(alone, rota), price(models.week.programme, answer) / weight
        # `uneven` and `inequity` round the largest share down and the smallest up, less than a part each.
        part = Fraction(1, uneven.FINE) if rule.NAME == uneven.NAME else Fraction(1)
        off = 2 * part if rule.NAME in {uneven.NAME, inequity.NAME} else Fraction(0)
        assert amount - off <= modelled <= amount, name
        amounts.append(amount)
    assert sum(amount > 0 for amount in amounts) >= 2


@pytest.mark.parametrize("rule", SOFT, ids=lambda rule: rule.NAME)
@pytest.mark.parametrize("weight", [Fraction(1, 1000), Fraction(1000)])
def test_no_soft_rule_forbids_a_legal_rota(rule: SoftRule, weight: Fraction) -> None:
    refused = []
    rotas = legal_rotas()
    for name, clinic, rota in (*rotas[::4], *rotas[-3:]):
        models = InModels.of(replace(clinic, weights=dict(clinic.weights) | {rule.NAME: weight}))
        if not models.accepts(rota):
            refused.append(name)
    assert refused == []
