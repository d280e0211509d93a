"""The risk figures as they are given out; their names are those of `solver.risk`."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from solver.question.fields import Frozen


class Figures(Frozen):
    """Figures that are read from the attributes of their names."""

    model_config = ConfigDict(from_attributes=True)


class BookingFigures(Figures):
    """What may come of one booking."""

    attendance: float = Field(description="Probability that the patient comes.")
    p_collision: float = Field(description="Probability that both patients of a double come; else 0.")
    expected_wait_minutes: float


class Strain(Figures):
    """Two probabilities of a diary under one assumption about attendance."""

    p_below_target: float
    p_above_ceiling: float


class DiaryStress(Figures):
    """Attendance 0.02 lower, 0.02 higher, and with one shared shock a clinician."""

    low: Strain
    high: Strain
    shared_shock: Strain


class DiaryFigures(Figures):
    """What may come of one diary."""

    expected_delivered_minutes: float
    delivered_p10: int
    delivered_p50: int
    delivered_p90: int
    worst_case_minutes: int = Field(description="Delivered if every patient comes.")
    p_below_target: float = Field(description="Of delivering less than target less tolerance.")
    p_above_ceiling: float
    expected_overload_minutes: float
    p_break_lost: float
    expected_break_minutes_lost: float
    p_admin_lost: float
    p_late_finish: float
    expected_overtime_minutes: float
    score: int = Field(description="0 to 100: how likely the week goes wrong for the clinician.")
    band: Literal["low", "moderate", "high"]
    stress: DiaryStress


class ServiceStrain(Figures):
    """Two probabilities of the service under one assumption about attendance."""

    p_below_target: float
    p_any_above_ceiling: float


class ServiceStress(Figures):
    """Attendance 0.02 lower, 0.02 higher, and with one shock that the whole service shares."""

    low: ServiceStrain
    high: ServiceStrain
    shared_shock: ServiceStrain


class ServiceFigures(Figures):
    """What may come of the whole rota."""

    expected_delivered_minutes: float
    delivered_p10: int
    delivered_p50: int
    delivered_p90: int
    p_below_target: float
    p_any_above_ceiling: float
    stress: ServiceStress


class PlacedFigures(Frozen):
    """A booking, and what may come of it."""

    appointment: str
    clinician: str
    risk: BookingFigures


class KeptFigures(Frozen):
    """A diary, and what may come of it."""

    clinician: str
    risk: DiaryFigures


class RotaFigures(Frozen):
    """Every risk figure of one rota, without the rota."""

    bookings: tuple[PlacedFigures, ...]
    diaries: tuple[KeptFigures, ...]
    risk: ServiceFigures
