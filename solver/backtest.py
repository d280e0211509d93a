"""The backtest: every risk figure of a rota, held against weeks that were lived through.

The predictions come from `solver.risk`, the weeks from `solver.simulate`, which share no code. What does not
fit, beyond what chance explains, is an objection; a sound engine and a sound simulation meet one in about
one backtest of five hundred, by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from solver.question.clinic import Clinic
from solver.question.when import WEEKDAYS
from solver.risk.backlog import backlog
from solver.risk.diary import DiaryRisk, booked, diary_risk
from solver.risk.law import Law, delivered, total
from solver.risk.service import ServiceRisk, service_risk
from solver.risk.stress import stressed
from solver.rota import Diary, Rota
from solver.simulate import chance
from solver.simulate.counted import SERVICE, Key, Mean, hits, means
from solver.simulate.draws import Reals
from solver.simulate.pit import Forecast, Histogram, histogram
from solver.simulate.week import Simulated, simulate

ENOUGH = 100
"""Weeks in which an amount is not 0, for the normal law to speak of its mean."""

AT_A_TIME = 60
"""Minutes: an amount whose expected sum over all weeks is `ENOUGH` of these is not seldom."""

_AMOUNTS = (
    "expected_delivered_minutes",
    "expected_overload_minutes",
    "expected_break_minutes_lost",
    "expected_overtime_minutes",
)
_CHANCES = ("p_below_target", "p_above_ceiling", "p_break_lost", "p_admin_lost", "p_late_finish")


@dataclass(frozen=True, slots=True)
class Predicted:
    """What the risk engine says: probabilities, means in minutes, and laws of delivered minutes."""

    chances: dict[Key, float]
    amounts: dict[Key, float]
    laws: dict[str, Forecast]


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure, as predicted and as it came out; ``surprise`` is how likely a worse miss is."""

    figure: str
    who: str
    predicted: float
    realised: float
    surprise: float

    @property
    def inside(self) -> bool:
        """Whether the prediction lies in the 99 % interval of what came out."""
        return self.surprise > chance.OUTSIDE


@dataclass(frozen=True, slots=True)
class Backtest:
    """Predictions and what came of them.

    ``uncertain`` probabilities are those that chance could put outside their interval: neither 0 nor 1,
    nor too near. ``allowed`` of the probabilities may lie outside; `chance.NEVER` bounds more than that.
    """

    weeks: int
    seed: int
    shock: bool
    chances: tuple[Finding, ...]
    uncertain: int
    allowed: int
    amounts: tuple[Finding, ...]
    untold: int
    """Means of what happened too seldom for a judgement."""
    pit: dict[str, Histogram]
    objections: tuple[str, ...]

    @property
    def allowed_amounts(self) -> int:
        """How many means chance may put outside their 99 % intervals: a binomial test."""
        return chance.allowed(np.full(len(self.amounts), chance.OUTSIDE))

    @property
    def outside(self) -> tuple[Finding, ...]:
        """Probabilities outside their 99 % intervals."""
        return tuple(one for one in self.chances if not one.inside)


def backtest(
    clinic: Clinic,
    rota: Rota,
    weeks: int,
    seed: int = 0,
    *,
    shock: bool = False,
    against: Predicted | None = None,
) -> Backtest:
    """Live through weeks of a rota and compare.

    Parameters
    ----------
    clinic, rota
        The question, and an answer that keeps the structural rules of `solver.check`.
    weeks, seed, shock
        As in `solver.simulate.week.simulate`. With the shock, only what the stress band speaks of is
        compared.
    against
        Predictions other than the risk engine's.

    Raises
    ------
    solver.simulate.week.Disagreement
        If the two simulations differ.
    """
    said = against or predicted(clinic, rota, shock=shock)
    lived = simulate(clinic, rota, weeks, seed, shock=shock)
    chances, astray = _chances(said, hits(clinic, lived), weeks)
    amounts, untold = _amounts(said, means(clinic, lived))
    found = Backtest(
        weeks=weeks,
        seed=seed,
        shock=shock,
        chances=chances,
        uncertain=int((astray > 0).sum()),
        allowed=chance.allowed(astray),
        amounts=amounts,
        untold=untold,
        pit=_pit(clinic, said, lived),
        objections=(),
    )
    return replace(found, objections=tuple(_objections(found)))


def predicted(clinic: Clinic, rota: Rota, *, shock: bool = False) -> Predicted:
    """What the risk engine says of a rota, or what its stress band says with the shared shock."""
    said = Predicted({}, {}, {})
    parts = []
    for diary in rota.diaries:
        name, risk = clinic.clinicians[diary.clinician].id, diary_risk(clinic, diary)
        law = stressed(booked(clinic, diary)).shared if shock else delivered(booked(clinic, diary))
        parts.append(law)
        said.laws[name] = _forecast(law)
        if shock:
            own = risk.stress.shared_shock
            said.chances["p_below_target", name] = own.p_below_target
            said.chances["p_above_ceiling", name] = own.p_above_ceiling
            said.amounts["expected_delivered_minutes", name] = risk.expected_delivered_minutes
        else:
            _tell(said, clinic, diary, risk)
    _tell_service(said, service_risk(clinic, rota), shock=shock)
    if not shock:
        said.laws[SERVICE] = _forecast(total(parts))
    return said


def _tell(said: Predicted, clinic: Clinic, diary: Diary, risk: DiaryRisk) -> None:
    name = clinic.clinicians[diary.clinician].id
    said.chances.update(((figure, name), getattr(risk, figure)) for figure in _CHANCES)
    said.amounts.update(((figure, name), getattr(risk, figure)) for figure in _AMOUNTS)
    said.chances.update(_days(clinic, diary))
    doubles = {
        index for entry in diary.entries if len(entry.appointments) > 1 for index in entry.appointments
    }
    for booking in risk.bookings:
        one = clinic.appointments[booking.appointment].id
        said.amounts["expected_wait_minutes", one] = booking.expected_wait_minutes
        if booking.appointment in doubles:
            said.chances["p_collision", one] = booking.p_collision


def _days(clinic: Clinic, diary: Diary) -> Iterator[tuple[Key, float]]:
    clinician = clinic.clinicians[diary.clinician]
    for day in sorted({shift.day for shift in clinician.shifts}):
        shifts = [shift for shift in clinician.shifts if shift.day == day]
        inside = [e for e in diary.entries if any(s.start <= e.start < s.end for s in shifts)]
        walked = backlog(inside, shifts, clinic.appointments, clinician.policy.overrun)
        yield ("p_promise_touched", f"{clinician.id} {WEEKDAYS[day]}"), walked.p_protected_touched


def _tell_service(said: Predicted, risk: ServiceRisk, *, shock: bool) -> None:
    own = risk.stress.shared_shock if shock else risk
    said.chances["p_below_target", SERVICE] = own.p_below_target
    said.chances["p_any_above_ceiling", SERVICE] = own.p_any_above_ceiling
    said.amounts["expected_delivered_minutes", SERVICE] = risk.expected_delivered_minutes


def _forecast(law: Law) -> Forecast:
    return Forecast(law.start, law.grid, law.pmf)


def _chances(said: Predicted, counted: dict[Key, int], weeks: int) -> tuple[tuple[Finding, ...], Reals]:
    keys = list(said.chances)
    rates = np.clip(np.array([said.chances[key] for key in keys], dtype=np.float64), 0.0, 1.0)
    came = np.array([counted[key] for key in keys], dtype=np.int32)
    surprises = chance.surprise(rates, came, weeks)
    found = tuple(
        Finding(*key, float(rate), int(hit) / weeks, float(odd))
        for key, rate, hit, odd in zip(keys, rates, came, surprises, strict=True)
    )
    return found, chance.astray(rates, weeks)


def _amounts(said: Predicted, counted: dict[Key, Mean]) -> tuple[tuple[Finding, ...], int]:
    found, untold = [], 0
    for key, wanted in said.amounts.items():
        came = counted.get(key)
        if came is None or _seldom(wanted, came):
            untold += 1
            continue
        odd = chance.mean_surprise(wanted, came.mean, came.deviation, came.weeks)
        found.append(Finding(*key, wanted, came.mean, odd))
    return tuple(found), untold


def _seldom(wanted: float, came: Mean) -> bool:
    return 0 < wanted * came.weeks < ENOUGH * AT_A_TIME and came.nonzero < ENOUGH


def _pit(clinic: Clinic, said: Predicted, lived: Simulated) -> dict[str, Histogram]:
    dice = np.random.default_rng(np.random.SeedSequence(lived.seed, spawn_key=(2,)))
    came = {clinic.clinicians[one.timetable.clinician].id: one.delivered for one in lived.lived}
    came[SERVICE] = lived.delivered
    return {who: histogram(law, came[who], dice) for who, law in said.laws.items()}


def _objections(found: Backtest) -> Iterator[str]:
    if len(found.outside) > found.allowed:
        yield (
            f"{len(found.outside)} of {len(found.chances)} predicted probabilities lie outside their 99 % "
            f"intervals; chance explains {found.allowed}."
        )
    amiss, explained = sum(not one.inside for one in found.amounts), found.allowed_amounts
    if amiss > explained:
        yield (
            f"{amiss} of {len(found.amounts)} predicted means lie outside their 99 % intervals; "
            f"chance explains {explained}."
        )
    judged = found.chances + found.amounts
    for one in judged:
        if one.surprise * len(judged) < chance.NEVER:
            yield f"{one.figure} of {one.who}: {one.predicted:.6g} predicted, {one.realised:.6g} came out."
    for who, shown in found.pit.items():
        if shown.surprise * len(found.pit) < chance.NEVER:
            yield f"The delivered minutes of {who} do not follow their predicted law."
