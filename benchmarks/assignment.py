r"""The generalised assignment problem, and a faithful reduction of it to a request.

.. math:: \max \sum_{ij} c_{ij} x_{ij}, \quad \sum_j r_{ij} x_{ij} \le b_i, \quad \sum_i x_{ij} = 1, \quad
          x_{ij} \in \{0, 1\}

Sizes hang on the agent, and an appointment lasts as long with everyone. So a job becomes one patient with
an appointment for each agent, tied to that clinician and ``5 r[i, j]`` minutes long. Everybody works on
Monday only, and a patient is seen at most once a day: a job goes to one agent at most. The capacity is the
booked ceiling: target ``5 b[i]``, ``max_booked_ratio`` 1. The shift is long enough for any legal set in any
order (capacity, one longest appointment and lunch), breaks and contacts are not limited, nobody can pass a
ceiling that equals the target, and every job has a kind of its own, so there is no queue.

Booking saves ``w1 d (126 + w) / 126`` of ``unplaced`` (``w`` waiting days) and ``w2 d p`` of
``below_target`` (``p`` attendance: expected minutes never pass the target, so the term is linear). ``p`` in
1/1000 is the coarse screw and ``w`` the fine one: ``w1 = w2 / 1000``. They are set to save ``u (c[i, j] +
K)`` but for an error that is known exactly; it adds up to less than half a unit of profit, and profits are
whole, so nothing is lost. ``K`` makes it pay to place a job at all. If all jobs are placed in the best rota
it is the best assignment: every assignment places all jobs and gains the same ``n K``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from solver.question.reading import Question, read_request
from solver.rota import Rota

PLACED = 25
"""``K``: what placing a job is worth in itself, in units of profit."""

FINE, COARSE = Fraction(1, 1000), Fraction(1)
"""Weights of ``unplaced`` and ``below_target``: ``w1`` and ``w2``."""

LONGEST_SHIFT = 960
"""Minutes from 08:00 to midnight."""


@dataclass(frozen=True)
class Assignment:
    """An instance: ``profit`` and ``size`` by agent and job, ``capacity`` by agent; ``best`` if known."""

    name: str
    profit: tuple[tuple[int, ...], ...]
    size: tuple[tuple[int, ...], ...]
    capacity: tuple[int, ...]
    best: int | None = None

    @property
    def agents(self) -> range:
        """Agents by number."""
        return range(len(self.capacity))

    @property
    def jobs(self) -> range:
        """Jobs by number."""
        return range(len(self.profit[0]))

    def value(self, agent_of: dict[int, int]) -> int:
        """The profit of an assignment, agent by job.

        Raises
        ------
        ValueError
            If a job is missing, or an agent has more than fits.
        """
        if set(agent_of) != set(self.jobs):
            raise ValueError(f"{self.name}: not every job is assigned")
        for agent in self.agents:
            if sum(self.size[agent][j] for j in self.jobs if agent_of[j] == agent) > self.capacity[agent]:
                raise ValueError(f"{self.name}: agent {agent} has more than fits")
        return sum(self.profit[i][j] for j, i in agent_of.items())


def parsed(text: str, name: str, best: tuple[int, ...] = ()) -> Iterator[Assignment]:
    """The instances of an OR-Library file.

    Their number; then for each: agents and jobs, profits by agent, sizes by agent, capacities.
    """
    numbers = iter(int(word) for word in text.split())
    for turn in range(next(numbers)):
        agents, jobs = next(numbers), next(numbers)
        profit = tuple(tuple(next(numbers) for _ in range(jobs)) for _ in range(agents))
        size = tuple(tuple(next(numbers) for _ in range(jobs)) for _ in range(agents))
        capacity = tuple(next(numbers) for _ in range(agents))
        known = best[turn] if turn < len(best) else None
        yield Assignment(f"{name}-{turn + 1}", profit, size, capacity, known)


def generated(agents: int, jobs: int, seed: int) -> Assignment:
    """An instance after the recipe of type C (profits 15 to 25, sizes 5 to 25, capacity 80 % of a share).

    Raises
    ------
    ValueError
        If no assignment holds all jobs.
    """
    dice = Random(f"{agents}/{jobs}/{seed}")
    profit = tuple(tuple(dice.randint(15, 25) for _ in range(jobs)) for _ in range(agents))
    size = tuple(tuple(dice.randint(5, 25) for _ in range(jobs)) for _ in range(agents))
    capacity = tuple(8 * sum(row) // (10 * agents) for row in size)
    made = Assignment(f"generated {agents}x{jobs} {seed}", profit, size, capacity)
    return Assignment(made.name, profit, size, capacity, optimum(made))


def optimum(problem: Assignment) -> int:
    """The greatest profit by HiGHS: a second opinion.

    Raises
    ------
    ValueError
        If there is no assignment.
    """
    m, n = len(problem.agents), len(problem.jobs)
    rows, columns, values = [], [], []
    for i in problem.agents:
        for j in problem.jobs:
            rows += [i, m + j]
            columns += [i * n + j] * 2
            values += [problem.size[i][j], 1]
    matrix = csr_array((values, (rows, columns)), shape=(m + n, m * n))
    lower = np.array([-np.inf] * m + [1.0] * n)
    upper = np.array([*problem.capacity, *[1] * n], dtype=float)
    found = milp(
        -np.array(problem.profit, dtype=float).ravel(),
        integrality=np.ones(m * n, np.int8),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, lower, upper),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ValueError(f"{problem.name}: no assignment holds all jobs")
    return round(-found.fun)


@dataclass(frozen=True)
class Reduced:
    """A request, and how to read its costs as profits; ``error`` in units of profit, over a whole rota."""

    question: Question
    constant: Fraction
    unit: Fraction
    error: Fraction

    def most(self, bound: float, jobs: int) -> int:
        """The greatest profit that a lower bound on the cost leaves possible."""
        saved = (float(self.constant) - bound) / float(self.unit)
        return floor(saved + float(self.error) + 1e-6 - PLACED * jobs)


def reduced(problem: Assignment) -> Reduced:
    """The request of an instance.

    Raises
    ------
    ValueError
        If a day is too short for it, or the error does not stay under half a unit.
    """
    cells = [(i, j) for i in problem.agents for j in problem.jobs]
    minutes = {(i, j): 5 * problem.size[i][j] for i, j in cells}
    unit = min(COARSE * minutes[i, j] / (problem.profit[i][j] + PLACED) for i, j in cells) * Fraction(9, 10)
    screws = {(i, j): _screws(unit * (problem.profit[i][j] + PLACED), minutes[i, j]) for i, j in cells}
    saved = {at: _saved(minutes[at], *screws[at]) for at in cells}
    error = sum(
        (
            max(abs(saved[i, j] / unit - problem.profit[i][j] - PLACED) for i in problem.agents)
            for j in problem.jobs
        ),
        Fraction(0),
    )
    if error >= Fraction(1, 2):
        raise ValueError(f"{problem.name}: the error is {float(error):.3f} units, not less than a half")
    whole = sum((FINE * minutes[at] * (126 + screws[at][1]) / 126 for at in cells), Fraction(0))
    constant = whole + COARSE * 5 * sum(problem.capacity)
    return Reduced(_question(problem, minutes, screws), constant, unit, error)


def _screws(wanted: Fraction, minutes: int) -> tuple[int, int]:
    """Attendance in 1/1000 and waiting days that save nearly so much."""
    attendance = floor((wanted - FINE * minutes) / (COARSE * minutes) * 1000)
    rest = wanted - FINE * minutes - COARSE * minutes * Fraction(attendance, 1000)
    return attendance, min(126, round(rest * 126 / (FINE * minutes)))


def _saved(minutes: int, attendance: int, waiting: int) -> Fraction:
    return COARSE * minutes * Fraction(attendance, 1000) + FINE * minutes * Fraction(126 + waiting, 126)


def _question(
    problem: Assignment,
    minutes: dict[tuple[int, int], int],
    screws: dict[tuple[int, int], tuple[int, int]],
) -> Question:
    longest = max(minutes.values())
    clinicians = [_clinician(i, 5 * problem.capacity[i], longest) for i in problem.agents]
    appointments = [
        {
            "id": f"a{j}-{i}",
            "patient": f"p{j}",
            "kind": f"job{j}",
            "clinician": f"c{i}",
            "minutes": minutes[i, j],
            "attendance": screws[i, j][0] / 1000,
            "waiting_days": screws[i, j][1],
        }
        for j in problem.jobs
        for i in problem.agents
    ]
    request = {
        "week": {"start": "2026-11-30", "timezone": "Europe/London"},
        "clinicians": clinicians,
        "appointments": appointments,
        "policy": POLICY,
        "weights": WEIGHTS,
    }
    return read_request(json.dumps(request))


POLICY: dict[str, Any] = {
    "grid_minutes": 5,
    "max_booked_ratio": 1.0,
    "tolerance_minutes": 0,
    "max_contacts_per_day": 100,
    "max_contact_run_minutes": 1440,
    "lunch_minutes": 20,
    "lunch_earliest": "08:05",
    "lunch_latest": "23:55",
}

WEIGHTS = {
    "unplaced": float(FINE),
    "below_target": float(COARSE),
    "above_target": 0,
    "uneven": 0,
    "not_preferred": 0,
    "late": 0,
    "moved": 0,
}


def _clinician(number: int, target: int, longest: int) -> dict[str, Any]:
    length = target + longest + 20
    if length > LONGEST_SHIFT:
        raise ValueError(f"agent {number} needs a shift of {length} minutes, more than {LONGEST_SHIFT}")
    hour, minute = divmod(8 * 60 + length, 60)
    shift = {"start": "2026-11-30T08:00:00+00:00", "end": f"2026-11-30T{hour:02}:{minute:02}:00+00:00"}
    return {"id": f"c{number}", "target_minutes": target, "ceiling_minutes": target, "shifts": [shift]}


def agent_of(question: Question, rota: Rota) -> dict[int, int]:
    """The agent of each job that a rota places."""
    clinic = question.clinic
    return {int(clinic.appointments[b.appointment].patient[1:]): b.clinician for b in rota.bookings}
