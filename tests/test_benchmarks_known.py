"""The reduction of generalised assignment to a request, by enumeration and against HiGHS."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from benchmarks import known
from benchmarks.__main__ import main
from benchmarks.assignment import PLACED, Assignment, agent_of, generated, optimum, parsed, reduced
from benchmarks.known import PUBLISHED, proof
from solver.check import breaches
from solver.rota import Rota
from solver.rules import cost
from solver.search.clerk import clerk

# Two agents, three jobs. Job 0 to agent 0 and the others to agent 1 (sizes 6 and 5 of 12): 25 + 20 + 22 = 67.
# Both 0 and 1 to agent 0 do not fit (7 + 6 > 12), and 0 and 2 there (7 + 5 = 12) give 25 + 15 + 20 = 60.
SMALL = Assignment("small", ((25, 18, 15), (16, 20, 22)), ((7, 6, 5), (9, 6, 5)), (12, 12), best=67)

TEXT = "1\n 2 3\n 25 18 15\n 16 20 22\n 7 6 5\n 9 6 5\n 12 12\n"


def enumerated(problem: Assignment) -> int:
    found = []
    for agents in product(problem.agents, repeat=len(problem.jobs)):
        try:
            found.append(problem.value(dict(enumerate(agents))))
        except ValueError:
            continue
    return max(found)


def test_a_file_is_read_in_its_published_order() -> None:
    assert list(parsed(TEXT, "gap", (67,))) == [replace(SMALL, name="gap-1")]


def test_the_optimum_by_enumeration_is_that_of_highs() -> None:
    assert enumerated(SMALL) == optimum(SMALL) == 67
    for seed in (0, 1, 3):
        made = generated(3, 7, seed)
        assert enumerated(made) == made.best


def test_an_instance_that_no_assignment_solves_is_refused() -> None:
    # Job 1 fits no agent.
    with pytest.raises(ValueError, match="no assignment holds all jobs"):
        optimum(replace(SMALL, size=((7, 13, 5), (9, 13, 5))))


def test_a_rota_costs_the_constant_less_its_profit_within_the_error() -> None:
    made = reduced(SMALL)
    clinic = made.question.clinic
    rota = clerk(clinic)
    assert breaches(clinic, rota) == ()
    agents = agent_of(made.question, rota)
    assert agents
    profit = sum(SMALL.profit[i][j] + PLACED for j, i in agents.items())
    saved = (made.constant - cost(clinic, rota)) / made.unit
    assert abs(saved - profit) <= made.error < Fraction(1, 2)
    empty = Rota((), (), ())
    assert cost(clinic, empty) == made.constant


def test_a_bound_leaves_the_optimum_possible_and_no_whole_unit_more() -> None:
    made = reduced(SMALL)
    exact = float(made.constant - made.unit * (67 + 3 * PLACED))
    assert made.most(exact, 3) == 67
    assert made.most(exact + 0.8 * float(made.unit), 3) == 66


def test_an_optimum_is_found_and_proved_as_a_request() -> None:
    found = proof(SMALL, 15)
    assert (found.found, found.most) == (67, 67)
    assert found.proved
    assert found.right


def test_a_wrong_answer_would_be_noticed() -> None:
    assert not known.Proof(SMALL, found=68, most=None, seconds=1.0).right
    assert not known.Proof(SMALL, found=60, most=66, seconds=1.0).right
    assert not known.Proof(SMALL, found=60, most=67, seconds=1.0).proved


def test_values_of_what_is_no_assignment_are_refused() -> None:
    with pytest.raises(ValueError, match="not every job"):
        SMALL.value({0: 0})
    with pytest.raises(ValueError, match="agent 0 has more than fits"):
        SMALL.value({0: 0, 1: 0, 2: 1})


def test_a_day_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="agent 0 needs a shift"):
        reduced(replace(SMALL, capacity=(200, 12)))


def test_sixty_optima_are_published() -> None:
    assert len(PUBLISHED) == 12
    assert all(len(five) == 5 for five in PUBLISHED.values())


def test_a_file_is_solved_and_a_page_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.txt"
    path.write_text(TEXT)
    assert main(["known", str(path), "--seconds", "15", "--results", str(tmp_path)]) == 0
    assert "| own-1 | 2 x 3 | - | 67 | 67 | yes |" in (tmp_path / "known.md").read_text()
    assert "own-1" in capsys.readouterr().out
