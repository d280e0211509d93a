r"""Overload: the week's delivered minutes seldom pass the ceiling.

.. math:: \Pr[ \sum_a d_a X_a > C_c ] \le \alpha, \quad X_a \sim Bernoulli(p_a)

``d`` minutes, ``p`` attendance in 1/1000, ``C`` is ``ceiling_minutes``, ``alpha`` is
``max_overload_risk``, a probability. Exact, by convolution: no normal approximation. Source: problem,
sections 2 and 4; 20 delivered hours as target and limit: NHS Talking Therapies guidance on workload.
"""

from __future__ import annotations

from collections.abc import Iterator

from solver.diaries import by_clinician
from solver.question.clinic import Clinic
from solver.risk.law import exceeds, overload_probability
from solver.rota import Rota
from solver.rules.rule import Breach

NAME = "overload"
STATEMENT = "The chance of delivering more than the ceiling stays at or under the limit."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Clinicians who pass their ceiling too often."""
    for index, appointments in by_clinician(clinic, rota).items():
        clinician = clinic.clinicians[index]
        limit = clinician.policy.max_overload_risk
        chance = overload_probability([(a.minutes, a.attendance) for a in appointments], clinician.ceiling)
        if exceeds(chance, limit):
            text = f"{clinician.id} passes {clinician.ceiling} minutes with probability {chance:.6g}"
            yield Breach(NAME, clinician.id, None, f"{text}, more than {limit:.6g}.")
