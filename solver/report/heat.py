"""Two heat maps of clinician by day: how full each day is, and how likely it goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure

from solver.report.drawing import PALE, Box, blank, boxes, readable_on, style
from solver.report.plot import Plot, pages
from solver.report.tables import Table
from solver.report.week import Shown, Week
from solver.report.words import count, hours, percent

_LOAD = LinearSegmentedColormap.from_list("load", ["#F4F8FB", "#9CC9E6", "#2F7FB8", "#0B3C5D"])
_RISK = LinearSegmentedColormap.from_list("risk", ["#FBF7F2", "#F6C28B", "#D9701E", "#7F2704"])
_HOURS = LinearSegmentedColormap.from_list("hours", ["#F6F7F8", "#C3C9D1", "#7B8592"])
_FULL = 0.3
"""Chance from which on a cell has the strongest colour; a week over 0.15 is in the band `high`."""

_SHORT = "below\ntarget"
_TOUCHED = "chance that promised time of the day is cut into"

Cells = list[list[float | None]]


@dataclass(frozen=True, slots=True)
class Scale:
    """Colours from 0 to ``top``, and how a value is said."""

    colours: LinearSegmentedColormap
    top: float
    said: Callable[[float], str]
    title: str = ""


def load(week: Week) -> Plot:
    """Hours of contact on each day if everyone comes."""
    top = max((day.booked_minutes / 60 for one in week.clinicians for day in one.days.values()), default=0.0)
    scale = Scale(_LOAD, top or 1.0, _hour, "hours of contact on each day")
    with style():
        figures = tuple(_figure(part, week, _loads(part, week), scale) for part in pages(week.clinicians))
    full = [(day.booked_minutes, one.id, day.day) for one in week.clinicians for day in one.days.values()]
    text = "Hours of contact of each clinician on each day if everyone comes"
    if full:
        most, who, day = max(full)
        text = f"{text}. The fullest day is {who}'s {week.day_name(day)}: {hours(most)}"
    titles = ("Clinician", *(week.day_name(day) for day in week.days), "Week")
    rows = tuple(
        (
            one.id,
            *(hours(one.days[day].booked_minutes) if day in one.days else "off" for day in week.days),
            hours(one.law.most),
        )
        for one in week.clinicians
    )
    table = Table("Hours of contact if everyone comes.", titles, rows)
    return Plot("full-days", "How full each day is if everyone comes", f"{text}.", figures, (table,))


def risk(week: Week) -> Plot:
    """Chances: of promised time touched on each day, and of the week over its ceiling or under its target."""
    scale, more = Scale(_RISK, _FULL, percent, _TOUCHED), ("over\nceiling", _SHORT)
    with style():
        figures = tuple(
            _figure(part, week, _risks(part, week), scale, more) for part in pages(week.clinicians)
        )
    touched = [(d.p_touched, one.id, d.day) for one in week.clinicians for d in one.days.values()]
    worst = max(touched, default=(0.0, "", 0))
    if worst[0] > 0:
        name = week.day_name(worst[2])
        text = f"The likeliest day to cut into promised time is {worst[1]}'s {name}: {percent(worst[0])}"
    else:
        text = "On no day is a break, lunch, notes, a commitment or the end of a shift cut into"
    over = sum(one.risk.p_above_ceiling > 0 for one in week.clinicians)
    text = f"{text}. {count(over, 'clinician')} may pass the ceiling over the week."
    titles = (
        *("Clinician", *(week.day_name(day) for day in week.days), "Over ceiling", "Below target"),
        *("Break lost", "Notes lost", "Late finish", "Score", "Band"),
    )
    rows = tuple(
        (
            one.id,
            *(percent(one.days[day].p_touched) if day in one.days else "off" for day in week.days),
            *map(percent, (one.risk.p_above_ceiling, one.risk.p_below_target, one.risk.p_break_lost)),
            *map(percent, (one.risk.p_admin_lost, one.risk.p_late_finish)),
            str(one.risk.score),
            one.risk.band,
        )
        for one in week.clinicians
    )
    caption = (
        "Chance that promised time of the day is cut into, and chances of the week "
        "(in the picture, colours are strongest from 30 % on; hours below target are grey). "
        "The score is 100 x the greatest of over ceiling, break lost, notes lost and late finish."
    )
    return Plot("risk-map", "How likely it is to go wrong", text, figures, (Table(caption, titles, rows),))


def _loads(part: Sequence[Shown], week: Week) -> Cells:
    return [
        [one.days[day].booked_minutes / 60 if day in one.days else None for day in week.days] for one in part
    ]


def _risks(part: Sequence[Shown], week: Week) -> Cells:
    return [
        [
            *(one.days[day].p_touched if day in one.days else None for day in week.days),
            one.risk.p_above_ceiling,
            one.risk.p_below_target,
        ]
        for one in part
    ]


def _hour(value: float) -> str:
    return f"{value:.1f}"


def _figure(
    part: tuple[Shown, ...], week: Week, cells: Cells, scale: Scale, more: tuple[str, ...] = ()
) -> Figure:
    figure = blank(0.8 + 0.27 * max(1, len(part)))
    axis = figure.subplots()
    names = [*(week.day_name(day) for day in week.days), *more]
    # The week's figures stand a little apart from the days.
    places = [column + (0.25 if column >= len(week.days) else 0.0) for column in range(len(names))]
    squares: list[tuple[Box, str]] = []
    for row, values in enumerate(cells):
        for name, at, value in zip(names, places, values, strict=True):
            # Hours that the service goes short of are no risk to the clinician: another colour.
            used = Scale(_HOURS, 1.0, percent) if name == _SHORT else scale
            squares.append(((at - 0.5, row - 0.5, 1.0, 1.0), _number(axis, row, at, value, used)))
    boxes(axis, [box for box, _ in squares], [colour for _, colour in squares], width=1.2)
    axis.set_xticks(places, names)
    axis.set_yticks(range(len(part)), [one.id for one in part])
    axis.set_xlim(-0.5, max([*places, 0]) + 0.5)
    axis.set_ylim(max(1, len(part)) - 0.5, -0.5)
    axis.xaxis.tick_top()
    axis.set_title(scale.title, loc="left", fontweight="normal")
    axis.tick_params(length=0)
    for spine in axis.spines.values():
        spine.set_visible(False)
    return figure


def _number(axis: Axes, row: int, at: float, value: float | None, scale: Scale) -> str:
    """Write a cell's value; the colour that is to be behind it."""
    colour = PALE if value is None else to_hex(scale.colours(min(1.0, value / scale.top)))
    text = "off" if value is None else scale.said(value)
    axis.text(at, row, text, ha="center", va="center", color=readable_on(colour), fontsize=7.5)
    return colour
