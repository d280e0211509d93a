"""Wrong rotas made from right ones, each with the rules of which one must be named.

Given a rota that keeps every rule, a mutation changes one thing, and what it must break follows from
the change and the question alone: a break is dropped only where the contact around it adds up to more
than the limit, and so on. Other rules may be broken on the way; those named must be among the found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from solver.question.clinic import Clinic
from solver.rota import Rota
from tests import mutations_of_bookings, mutations_of_diaries, mutations_of_loads

Mutation = Callable[[Clinic, Rota, Random], Iterator[tuple[Rota, str]]]

MUTATIONS: tuple[Mutation, ...] = (
    *mutations_of_diaries.ALL,
    *mutations_of_bookings.ALL,
    *mutations_of_loads.ALL,
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong rota, how it came about, and the rules of which at least one must be reported."""

    rota: Rota
    kind: str
    expected: frozenset[str]


def mutants(clinic: Clinic, rota: Rota, rng: Random) -> Iterator[Mutant]:
    """Mutants of a rota that keeps every rule: of each kind in turn, as long as there are any."""
    kinds = [(mutation.__name__, mutation(clinic, rota, rng)) for mutation in MUTATIONS]
    while kinds:
        going = []
        for kind, made in kinds:
            for wrong, rules in made:
                yield Mutant(wrong, kind, frozenset(rules.split()))
                going.append((kind, made))
                break
        kinds = going
