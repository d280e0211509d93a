"""Whether a solver of small weeks keeps every rule, finds the optimum, and claims only what is proved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from solver.check import breaches
from solver.question.clinic import Clinic
from solver.risk.diary import diary_risk
from solver.rota import Rota
from solver.rules import cost
from tests.brute import best
from tests.small import small_clinic

SolveSmall = Callable[[Clinic], tuple[Rota, Fraction, float]]
"""From a week to its rota, the rota's cost, and a proven lower bound."""

BOUND_SLACK = 1e-6
"""How far a bound may pass the cost, relative to it (or to 1): it is a float."""


@dataclass
class Findings:
    """What came of some seeds; ``faults`` is empty if all is well."""

    faults: list[str] = field(default_factory=list)
    compared: int = 0
    too_large: int = 0
    reserved: int = 0
    """Diaries with a double whose reserve is whole."""


def checked(seeds: Iterable[int], solve_small: SolveSmall) -> Findings:
    """Rota, cost, bound and risks of every seed, judged without the optimum."""
    found = Findings()
    for seed in seeds:
        clinic = small_clinic(seed)
        answer = _answer(seed, clinic, solve_small, found)
        if answer is not None:
            _judge(seed, clinic, answer, found)
    return found


@cache
def least_of(seed: int) -> tuple[Fraction, Rota] | None:
    """What the brute force finds for a seed's week; it depends on nothing else."""
    return best(small_clinic(seed))


def compared(seeds: Iterable[int], solve_small: SolveSmall) -> Findings:
    """The same, and the cost against the brute force where the week is small enough."""
    found = Findings()
    for seed in seeds:
        clinic = small_clinic(seed)
        answer, least = _answer(seed, clinic, solve_small, found), least_of(seed)
        if answer is not None:
            _judge(seed, clinic, answer, found)
            if least is not None and answer[1] != least[0]:
                off = f"costs {float(answer[1]):.6f}, the least is {float(least[0]):.6f}"
                found.faults.append(f"seed {seed}: {off}")
            if least is not None and answer[2] > float(least[0]) + _slack(least[0]):
                found.faults.append(
                    f"seed {seed}: bound {answer[2]!r} is over the least cost {float(least[0])!r}"
                )
        found.compared += least is not None
        found.too_large += least is None
    return found


def _answer(
    seed: int, clinic: Clinic, solve_small: SolveSmall, found: Findings
) -> tuple[Rota, Fraction, float] | None:
    """What the solver says; a crash is a finding like any other."""
    try:
        return solve_small(clinic)
    except Exception as error:  # noqa: BLE001
        found.faults.append(f"seed {seed}: {type(error).__name__}: {error}")
        return None


def _judge(seed: int, clinic: Clinic, answer: tuple[Rota, Fraction, float], found: Findings) -> None:
    rota, price, bound = answer
    wrong = [f"{b.rule}: {b.text}" for b in breaches(clinic, rota)]
    if cost(clinic, rota) != price:
        wrong.append(f"says that it costs {price}, and costs {cost(clinic, rota)}")
    if bound > float(price) + _slack(price):
        wrong.append(f"bound {bound!r} is over the cost {float(price)!r}")
    found.faults += [f"seed {seed}: {text}" for text in wrong]
    for diary in rota.diaries:
        clinician = clinic.clinicians[diary.clinician]
        if clinician.policy.whole_reserve and all(not extra for extra, _ in clinician.policy.overrun):
            risk = diary_risk(clinic, diary)
            lost = (risk.p_break_lost, risk.p_admin_lost, risk.p_late_finish)
            if lost != (0.0, 0.0, 0.0):
                found.faults.append(f"seed {seed}: {clinician.id} may lose protected time: {lost}")
            found.reserved += any(len(entry.appointments) == 2 for entry in diary.entries)


def _slack(price: Fraction) -> float:
    return BOUND_SLACK * max(1.0, float(price))
