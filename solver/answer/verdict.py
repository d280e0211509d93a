r"""The verdict's first figures: what is attainable, what is proven about it, and who is short.

.. math:: attainable = \max_{rotas} \sum_c \min(E_c, T_c), \qquad short_c = T_c - \min(T_c, E_c)

``E`` expected delivered and ``T`` target, in minutes. The returned rota is itself a witness of what is
attainable. Source: problem, section 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from solver.answer.shape import Lever, Shortfall, Verdict
from solver.diaries import expected_minutes
from solver.question.clinic import Clinic
from solver.risk.diary import least_wanted
from solver.rota import Rota
from solver.solve import Solved

_NEAR = 1e-6
"""Expected minutes are whole 1/1000; sums of them as doubles are off by far less than this."""


def verdict(
    clinic: Clinic,
    rota: Rota,
    solved: Solved,
    binding: Sequence[str] = (),
    levers: Sequence[Lever] = (),
    not_binding: Sequence[str] = (),
) -> Verdict:
    """What can be said about the targets.

    Parameters
    ----------
    clinic
        The question.
    rota
        The rota that is given out; nothing booked where the solver failed.
    solved
        What the solve found and proved.
    binding, levers, not_binding
        What explanation has found, if it was asked.
    """
    target = sum(clinician.target for clinician in clinic.clinicians)
    best = _best(clinic, rota, solved)
    return Verdict(
        attainable=_attainable(clinic, best, solved.attainable_bound_minutes),
        target_minutes=target,
        attainable_minutes=best,
        attainable_bound_minutes=solved.attainable_bound_minutes,
        shortfall_minutes=None if best is None else target - best,
        clinicians=tuple(
            Shortfall(clinician=clinician.id, shortfall_minutes=float(clinician.target - reached))
            for clinician, reached in zip(clinic.clinicians, _reached(clinic, rota), strict=True)
        ),
        binding=tuple(binding),
        not_binding=tuple(not_binding),
        levers=tuple(levers),
    )


def _reached(clinic: Clinic, rota: Rota) -> list[Fraction]:
    expected = expected_minutes(clinic, rota)
    return [min(Fraction(clinician.target), expected[clinician.index]) for clinician in clinic.clinicians]


def _best(clinic: Clinic, rota: Rota, solved: Solved) -> float | None:
    witness = None if solved.rota is None else float(sum(_reached(clinic, rota)))
    found = [minutes for minutes in (witness, solved.attainable_minutes) if minutes is not None]
    return max(found, default=None)


def _attainable(clinic: Clinic, best: float | None, bound: float | None) -> bool | None:
    wanted = sum(least_wanted(clinician) for clinician in clinic.clinicians)
    if best is not None and best >= wanted - _NEAR:
        return True
    if bound is not None and bound < wanted - _NEAR:
        return False
    return None
