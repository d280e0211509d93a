"""What may come of a whole rota: delivered minutes summed over clinicians, and anyone's overload."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solver.question.clinic import FULL, Clinic
from solver.risk.backlog import either
from solver.risk.diary import booked, least_wanted
from solver.risk.law import Law, total
from solver.risk.stress import Stressed, shared_any_above, shared_below, stressed
from solver.rota import Rota


@dataclass(frozen=True, slots=True)
class ServiceStrain:
    """Two probabilities of the service under one assumption about attendance."""

    p_below_target: float
    p_any_above_ceiling: float


@dataclass(frozen=True, slots=True)
class ServiceStress:
    """Attendance 0.02 lower, 0.02 higher, and with one shock that the whole service shares."""

    low: ServiceStrain
    high: ServiceStrain
    shared_shock: ServiceStrain


@dataclass(frozen=True, slots=True)
class ServiceRisk:
    """Every risk figure of a rota, named as in the rota that is given out; times in minutes."""

    expected_delivered_minutes: float
    delivered_p10: int
    delivered_p50: int
    delivered_p90: int
    p_below_target: float
    p_any_above_ceiling: float
    stress: ServiceStress


def service_risk(clinic: Clinic, rota: Rota) -> ServiceRisk:
    """The service's figures.

    ``p_below_target`` is against the sum over all clinicians of target less tolerance. A clinician
    without a diary delivers nothing.
    """
    diaries = {diary.clinician: booked(clinic, diary) for diary in rota.diaries}
    held = [diaries.get(clinician.index, []) for clinician in clinic.clinicians]
    parts = [stressed(bookings) for bookings in held]
    ceilings = [clinician.ceiling for clinician in clinic.clinicians]
    wanted = sum(least_wanted(clinician) for clinician in clinic.clinicians)
    law = total([part.given for part in parts])
    expected = sum(minutes * attendance for bookings in held for minutes, attendance in bookings)
    return ServiceRisk(
        expected_delivered_minutes=expected / FULL,
        delivered_p10=law.quantile(0.1),
        delivered_p50=law.quantile(0.5),
        delivered_p90=law.quantile(0.9),
        p_below_target=law.below(wanted),
        p_any_above_ceiling=_any_above((part.given for part in parts), ceilings),
        stress=_stress(parts, ceilings, wanted),
    )


def _stress(parts: Sequence[Stressed], ceilings: Sequence[int], wanted: int) -> ServiceStress:
    def strain(laws: Sequence[Law]) -> ServiceStrain:
        return ServiceStrain(total(laws).below(wanted), _any_above(laws, ceilings))

    return ServiceStress(
        low=strain([part.low for part in parts]),
        high=strain([part.high for part in parts]),
        shared_shock=ServiceStrain(shared_below(parts, wanted), shared_any_above(parts, ceilings)),
    )


def _any_above(laws: Iterable[Law], ceilings: Sequence[int]) -> float:
    return either(law.above(ceiling) for law, ceiling in zip(laws, ceilings, strict=True))
