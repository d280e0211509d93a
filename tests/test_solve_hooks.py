"""A solve hands out each better rota, and takes one to begin with."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from solver.make.request import request_bytes
from solver.question.reading import Question, read_request
from solver.rota import Booking, Rota
from solver.rules import cost
from solver.solve import Progress, solve


def asked(seconds: float) -> Question:
    question = read_request(request_bytes(2, 40, 3))
    return replace(question, effort=question.effort.model_copy(update={"seconds": seconds, "gap": 0.0}))


def test_each_better_rota_is_handed_out_and_one_may_begin_the_next_solve() -> None:
    question = asked(3.0)
    rotas: list[Rota] = []
    solved = solve(question, on_rota=rotas.append)
    costs = [cost(question.clinic, rota) for rota in rotas]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == solved.cost

    told: list[Progress] = []
    again = solve(asked(1.0), told.append, begin_with=rotas[-1])
    assert told[0].cost == float(costs[-1])
    assert again.cost is not None
    assert again.cost <= costs[-1]


def test_a_rota_that_breaks_a_rule_does_not_begin_a_solve() -> None:
    question = asked(1.0)
    good = solve(question).rota
    assert good is not None
    first = good.bookings[0]
    broken = replace(
        good, bookings=(*good.bookings, Booking(first.appointment, first.clinician, first.start + 5))
    )
    told: list[Progress] = []
    solved = solve(question, told.append, begin_with=broken)
    assert told[0].cost != float(cost(question.clinic, broken))
    assert isinstance(solved.cost, Fraction)
