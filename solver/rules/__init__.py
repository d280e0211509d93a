"""The rules: one module a rule, and the one list of them.

`HARD` rules no weight buys off; `SOFT` terms make up the cost. To add a rule: write its module, name it
in the list, add its test case.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from solver.model.day import DayModel
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules import (
    above_target,
    admin,
    below_target,
    booked_ceiling,
    booked_once,
    breaks,
    contacts,
    double_limit,
    eligible,
    inequity,
    late,
    lunch,
    moved,
    no_overlap,
    not_preferred,
    overload,
    pinned,
    queue_order,
    reserve,
    rooms,
    slot_limit,
    uneven,
    unplaced,
)
from solver.rules.rule import DayRule, HardRule, OneMore, SoftRule, Term, WeekRule

HARD: tuple[HardRule, ...] = (
    booked_once,
    eligible,
    no_overlap,
    pinned,
    queue_order,
    slot_limit,
    double_limit,
    reserve,
    booked_ceiling,
    overload,
    contacts,
    breaks,
    lunch,
    admin,
    rooms,
)

SOFT: tuple[SoftRule, ...] = (
    unplaced,
    below_target,
    above_target,
    uneven,
    not_preferred,
    late,
    moved,
    inequity,
)

WEEK: tuple[WeekRule, ...] = (
    booked_once,
    pinned,
    queue_order,
    no_overlap,
    slot_limit,
    double_limit,
    booked_ceiling,
    contacts,
    breaks,
    lunch,
    admin,
    rooms,
    *SOFT,
)
"""Rules with rows in the week's model. The columns themselves keep `eligible`; `reserve` is kept by the
layout of each day, `overload` by cuts from its exact law."""


DAY: tuple[DayRule, ...] = (
    booked_once,
    eligible,
    no_overlap,
    slot_limit,
    double_limit,
    reserve,
    breaks,
    lunch,
    admin,
    rooms,
)
"""Rules with rows in the model of whole days."""


def day_model(
    clinic: Clinic, bookings: Mapping[FrameKey, tuple[Column, ...]], most_doubles: Mapping[FrameKey, int]
) -> DayModel:
    """The model of some days with given bookings, with every rule posted."""
    day = DayModel.over(clinic, bookings, most_doubles)
    for rule in DAY:
        rule.post_day(day)
    return day


def week_model(clinic: Clinic) -> WeekModel:
    """The week's model of a clinic, with every rule posted."""
    week = WeekModel.over(clinic)
    for rule in WEEK:
        rule.post_week(week)
    week.close()
    return week


def terms(clinic: Clinic, rota: Rota) -> tuple[Term, ...]:
    """Every soft term of a rota, in the list's order, at the request's weights."""
    return tuple(
        Term(rule.NAME, rule.UNIT, rule.measure(clinic, rota), clinic.weights[rule.NAME]) for rule in SOFT
    )


def cost(clinic: Clinic, rota: Rota) -> Fraction:
    """What a rota costs: the sum over its terms of weight x amount, exact."""
    return sum((term.cost for term in terms(clinic, rota)), Fraction(0))


def one_more(clinic: Clinic, rota: Rota) -> OneMore:
    """What a rota would cost more, exact, with one more booking of an appointment that has none.

    Negative where it would cost less. Whether a rule allows the booking is not asked.
    """
    weights = ((clinic.weights[rule.NAME], rule) for rule in SOFT)
    changes = [(weight, rule.one_more(clinic, rota)) for weight, rule in weights if weight]
    return lambda booking: sum((weight * change(booking) for weight, change in changes), Fraction(0))
