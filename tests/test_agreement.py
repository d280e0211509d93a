"""The search on small weeks: every rota legal, every optimum that of the brute force, every promise kept."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from solver.check import breaches
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules import cost
from tests import agreement
from tests.small import small_clinic

CHUNK = 25
COMPARED = 400
CHECKED = 2000


def search_thoroughly(clinic: Clinic) -> tuple[Rota, Fraction, float]:
    """The search itself, in this process, to an end that rounded coefficients leave in reach."""
    from solver.search.run import search_week
    from solver.search.work import Work

    return search_week(Work(clinic, seconds=3.0, gap=1e-4))


def search_quickly(clinic: Clinic) -> tuple[Rota, Fraction, float]:
    """The same, as near to the end as requests ask for by default."""
    from solver.search.run import search_week
    from solver.search.work import Work

    return search_week(Work(clinic, seconds=2.0))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, COMPARED, CHUNK))
def test_search_finds_the_brute_forces_optimum(first: int) -> None:
    found = agreement.compared(range(first, first + CHUNK), search_thoroughly)
    assert not found.faults, "\n".join(found.faults)
    assert found.compared >= 0.9 * CHUNK


@pytest.mark.slow
@pytest.mark.parametrize("first", range(COMPARED, COMPARED + CHECKED, CHUNK))
def test_search_breaks_no_rule_and_loses_no_protected_time(first: int) -> None:
    found = agreement.checked(range(first, first + CHUNK), search_quickly)
    assert not found.faults, "\n".join(found.faults)


def test_the_comparison_itself_notices_what_is_wrong() -> None:
    # A solver that books nobody, says that it costs nothing, or proves too much.
    optima = {seed: agreement.least_of(seed) for seed in range(12)}
    seeds = [seed for seed, found in optima.items() if found is not None]

    def brute(clinic: Clinic) -> tuple[Rota, Fraction, float]:
        found = next(optima[seed] for seed in seeds if small_clinic(seed) == clinic)
        assert found is not None
        return found[1], found[0], float(found[0])

    right = agreement.compared(seeds, brute)
    assert right.faults == []
    assert right.compared == len(seeds)
    for spoil in (_too_cheap, _too_sure, _too_dear):
        faults = agreement.compared(seeds, lambda w, spoil=spoil: spoil(w, *brute(w))).faults  # type: ignore[misc]
        assert len({fault.split(":")[0] for fault in faults}) == len(seeds)


def _too_cheap(clinic: Clinic, rota: Rota, price: Fraction, bound: float) -> tuple[Rota, Fraction, float]:
    return rota, price - 1, bound - 2


def _too_sure(clinic: Clinic, rota: Rota, price: Fraction, bound: float) -> tuple[Rota, Fraction, float]:
    return rota, price, bound + 1


def _too_dear(clinic: Clinic, rota: Rota, price: Fraction, bound: float) -> tuple[Rota, Fraction, float]:
    """Someone who could be booked is not: dearer, or without a pin."""
    left = Random(len(rota.bookings)).choice(rota.bookings or (None,))
    return Rota(tuple(k for k in rota.bookings if k != left), rota.unplaced, rota.diaries), price + 1, bound


def test_legal_rotas_cost_what_the_rules_say() -> None:
    for seed in range(30):
        clinic = small_clinic(seed)
        found = agreement.least_of(seed)
        if found is not None:
            assert not breaches(clinic, found[1])
            assert cost(clinic, found[1]) == found[0]
