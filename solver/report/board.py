"""The week board: every clinician's week at a glance, a column a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from solver.report.drawing import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    YELLOW,
    Box,
    blank,
    boxes,
    style,
)
from solver.report.plot import Plot, pages
from solver.report.tables import Table
from solver.report.week import Shown, ShownDay, Week
from solver.report.words import KINDS, count, hours

COLOURS = {
    "appointment": (BLUE, ""),
    "double": (ORANGE, "xxxx"),
    "reserve": (YELLOW, "////"),
    "admin": (PALE, ""),
    "break": (GREEN, ""),
    "lunch": (SKY, ""),
    "commitment": (PURPLE, "...."),
    "free": ("#FFFFFF", ""),
}
_HIGH = 0.72


def board(week: Week) -> Plot:
    """The board; its table gives each day's hours and what stands in them."""
    with style():
        figures = tuple(_figure(week, part) for part in pages(week.clinicians))
    bookings = sum(one.bookings for one in week.clinicians)
    text = (
        "A bar for each clinician and day, from the start of the shift to its end, in blocks for bookings, "
        f"breaks, lunch, notes and commitments. {count(len(week.clinicians), 'clinician')} have "
        f"{count(bookings, 'booking')}. The diaries below hold every entry."
    )
    return Plot("week-board", "The week at a glance", text, figures, (_table(week),))


def _figure(week: Week, part: tuple[Shown, ...]) -> Figure:
    figure = blank(0.95 + 0.31 * len(part))
    days = week.days or (0,)
    axes = figure.subplots(1, len(days), sharey=True, squeeze=False)[0]
    first, last = _limits(part)
    for axis, day in zip(axes, days, strict=True):
        _blocks(axis, [one.days.get(day) for one in part])
        _frame(axis, first, last)
        axis.set_title(week.day_name(day))
    axes[0].set_yticks(range(len(part)), [one.id for one in part])
    axes[0].set_ylim(max(1, len(part)) - 0.5, -0.5)
    shown = {piece.label for one in part for day in one.days.values() for piece in day.pieces}
    patches = [
        Patch(facecolor=COLOURS[kind][0], hatch=COLOURS[kind][1], edgecolor=INK, linewidth=0.4, label=word)
        for kind, word in KINDS.items()
        if kind in shown
    ]
    figure.legend(handles=patches, loc="outside lower center", ncols=4, frameon=False, fontsize=7.5)
    return figure


def _blocks(axis: Axes, column: Sequence[ShownDay | None]) -> None:
    """One day of every clinician."""
    found: dict[str, list[Box]] = {label: [] for label in COLOURS}
    held = [(row, day) for row, day in enumerate(column) if day is not None]
    for row, day in held:
        for piece in day.pieces:
            start = _clock(piece.start, day.pieces[0].start)
            found[piece.label].append((start, row - _HIGH / 2, piece.minutes / 60, _HIGH))
    for label, places in found.items():
        colour, hatch = COLOURS[label]
        boxes(axis, places, colour, edge=GREY if label == "free" else INK, width=0.35, hatch=hatch)


def _clock(moment: datetime, begins: datetime) -> float:
    """Hours on the clock; past 24 where a shift goes on after midnight."""
    midnight = datetime.combine(begins.date(), datetime.min.time())
    return (moment.replace(tzinfo=None) - midnight) / timedelta(hours=1)


def _limits(part: tuple[Shown, ...]) -> tuple[float, float]:
    days = list(chain.from_iterable(one.days.values() for one in part))
    starts = [_clock(day.pieces[0].start, day.pieces[0].start) for day in days]
    ends = [_clock(day.pieces[-1].end, day.pieces[0].start) for day in days]
    return min(starts, default=9.0), max(ends, default=17.0)


def _frame(axis: Axes, first: float, last: float) -> None:
    axis.set_xlim(first - 0.1, last + 0.1)
    step = 2 if last - first <= 12 else 4
    ticks = [hour for hour in range(int(first), int(last) + 1) if hour % step == 0 and first <= hour <= last]
    axis.set_xticks(ticks, [str(hour % 24) for hour in ticks])
    axis.tick_params(axis="y", length=0)
    axis.tick_params(axis="x", length=2, labelsize=6.5)
    axis.grid(axis="x", color=PALE, linewidth=0.6, zorder=0)
    axis.set_axisbelow(True)
    for side in ("left", "top", "right"):
        axis.spines[side].set_visible(False)


def _table(week: Week) -> Table:
    titles = ("Clinician", *(week.day_name(day) for day in week.days), "Bookings", "If everyone comes")
    rows = (
        (
            one.id,
            *(_cell(one.days.get(day)) for day in week.days),
            str(one.bookings),
            hours(one.law.most),
        )
        for one in week.clinicians
    )
    return Table("Each day: when it starts and ends, and its bookings.", titles, tuple(rows))


def _cell(day: ShownDay | None) -> str:
    if day is None:
        return "off"
    spans = ", ".join(f"{s[0].start:%H:%M}-{s[-1].end:%H:%M}" for s in day.shifts)
    return f"{spans}: {count(day.bookings, 'booking')}"
