"""The sentences at the head of the report: what was found, whether the promise is kept, what can be had."""

from __future__ import annotations

from collections.abc import Iterable

from solver.answer.shape import Verdict
from solver.explain.verdict.without import REMOVALS
from solver.report.week import Week
from solver.report.words import STOPPED, count, hours, hours_at_most, percent, plain
from solver.rules import HARD


def found(week: Week) -> str:
    """How good the rota is known to be."""
    told = week.document
    if told.outcome == "none":
        return "The solver failed, so nothing is booked."
    if week.by_hand:
        return "Made by hand; how far it is from the best there is was not looked into."
    gap = "not known" if told.gap is None else percent(told.gap)
    return f"Best found under these rules (gap {gap}); {STOPPED[told.stop_reason]}."


def promise(week: Week) -> str:
    """What is known of promised time; never more than that."""
    counted = "(sessions that run over are counted)" if week.overrun else "(if sessions take the time booked)"
    days = [day for one in week.clinicians for day in one.days.values()]
    worst = max((day.p_touched for day in days), default=0.0)
    if worst == 0 and not any(day.touched_if_all_come for day in days):
        text = f"No break, lunch, notes or end of a shift is cut into, even if every patient comes {counted}."
    else:
        text = (
            f"On the worst day, promised time is cut into with a chance of {percent(worst)} {counted}; "
            "the map of risks says where."
        )
    if week.broken is None:
        return f"{text} The rules were not checked again: this page was made without the request."
    if week.broken:
        return f"{text} This rota breaks rules: {', '.join(map(plain, week.broken))}."
    return f"{text} The rules were checked again: no breaches."


def attainable(week: Week) -> str:
    """The verdict in a sentence."""
    told = week.document.verdict
    target = hours(told.target_minutes)
    if told.attainable is None:
        said = f"It is not settled whether the targets ({target} in all) can be met with this list."
    elif told.attainable:
        said = f"The targets ({target} in all, less what the request tolerates) can be met with this list."
    else:
        said = f"It is proven that the targets ({target} in all) cannot be met under these rules."
    return f"{said}{_best(told)}"


def _best(told: Verdict) -> str:
    """How far the best rota found is from the targets, and what none passes."""
    short, bound = told.shortfall_minutes, told.attainable_bound_minutes
    said = f" The best that was found is {hours(short)} short of them." if short else ""
    if told.attainable or bound is None:
        return said
    return (
        f"{said} No rota under these rules reaches more than {hours_at_most(bound, told.attainable_minutes)}."
    )


def binding(week: Week) -> tuple[tuple[str, str], ...]:
    """The rules without any one of which more could be reached, each as it states itself."""
    stated = {rule.NAME: rule.STATEMENT for rule in HARD}
    return tuple((plain(name), stated.get(name, "")) for name in week.document.verdict.binding)


def not_binding(week: Week) -> str:
    """The rules that are proven to gain nothing if any one of them were gone, and those not known of."""
    told = week.document.verdict
    known = {*told.binding, *told.not_binding}
    proven, unknown = _listed(told.not_binding), _listed(name for name in REMOVALS if name not in known)
    said = f"Proven to gain nothing if any one of them were gone: {proven}." if proven else ""
    return f"{said} Not known: {unknown}.".strip() if known and unknown else said


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(plain, names))


def facts(week: Week) -> tuple[tuple[str, str, str], ...]:
    """The few numbers to see first: what, how much, and a note."""
    told, service = week.document, week.document.risk
    bands = [one.risk.band for one in week.clinicians]
    moderate, high = bands.count("moderate"), bands.count("high")
    return (
        ("Booked", str(len(told.bookings)), f"{count(len(told.unplaced), 'appointment')} not placed"),
        (
            "Hours expected",
            f"{service.expected_delivered_minutes / 60:.1f}",
            f"target {hours(told.verdict.target_minutes)}",
        ),
        (
            "Hours in 8 of 10 weeks",
            f"{service.delivered_p10 / 60:.1f} to {service.delivered_p90 / 60:.1f}",
            f"below target: {percent(service.p_below_target)}",
        ),
        (
            "Anyone over ceiling",
            percent(service.p_any_above_ceiling),
            f"with a shared shock: {percent(service.stress.shared_shock.p_any_above_ceiling)}",
        ),
        ("Clinicians at risk", f"{moderate + high} of {len(bands)}", f"{moderate} moderate, {high} high"),
    )
