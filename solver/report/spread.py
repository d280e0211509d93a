"""Delivered hours: what each clinician may deliver, against target and ceiling."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from solver.report.drawing import BLUE, INK, ORANGE, PALE, SKY, blank, boxes, style
from solver.report.plot import Plot, pages
from solver.report.tables import Table
from solver.report.week import Shown, Week
from solver.report.words import count, hours, percent

_HIGH = 0.82
_SHOWN = 1e-4
"""Outcomes less likely than this share of the likeliest are not drawn."""


def spread(week: Week) -> Plot:
    """A hill a clinician: the higher, the likelier; lines at the target and the ceiling."""
    with style():
        figures = tuple(_figure(part) for part in pages(week.clinicians))
    under = [one for one in week.clinicians if one.risk.expected_delivered_minutes < one.target]
    text = f"How likely each number of hours is. {count(len(under), 'clinician')} expect less than target"
    if under:
        far = max(under, key=lambda one: one.target - one.risk.expected_delivered_minutes)
        gap = hours(far.target - far.risk.expected_delivered_minutes)
        text = f"{text}; the farthest is {far.id}, {gap} short"
    likely = max(week.clinicians, key=lambda one: one.risk.p_above_ceiling, default=None)
    if likely is not None and likely.risk.p_above_ceiling > 0:
        text = f"{text}. {likely.id} is likeliest to pass the ceiling: {percent(likely.risk.p_above_ceiling)}"
    return Plot("delivered-hours", "Hours that may be delivered", f"{text}.", figures, (_table(week),))


def _figure(part: tuple[Shown, ...]) -> Figure:
    figure = blank(1.05 + 0.34 * len(part))
    axis = figure.subplots()
    for row, one in enumerate(part):
        _hill(axis, row, one)
        _marks(axis, row, one)
    axis.set_yticks(range(len(part)), [one.id for one in part])
    axis.set_ylim(max(1, len(part)) - 0.45, -0.95)
    axis.set_xlim(*_limits(part))
    axis.set_xlabel("hours delivered in the week")
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x", color=PALE, linewidth=0.6)
    axis.set_axisbelow(True)
    axis.spines["left"].set_visible(False)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=5, frameon=False, fontsize=7.5)
    return figure


def _limits(part: tuple[Shown, ...]) -> tuple[float, float]:
    """Hours from the least likely outcome drawn, or the lowest mark, to the highest."""
    ends = [hour for one in part for hour in (one.target / 60, one.ceiling / 60)]
    for one in part:
        shown = one.law.values[one.law.pmf > one.law.pmf.max() * _SHOWN] / 60
        ends += [float(shown.min()), float(shown.max())]
    return max(0.0, min(ends, default=0.0) - 1.0), max(ends, default=1.0) + 1.0


def _hill(axis: Axes, row: int, one: Shown) -> None:
    law, top = one.law, float(one.law.pmf.max())
    drawn = law.pmf > top * _SHOWN
    base = row + 0.32
    at, high = law.values[drawn] / 60, law.pmf[drawn] / top * _HIGH
    wide = max(law.grid, 1) / 60
    past = law.values[drawn] > one.ceiling
    hill = [(x - wide / 2, base, wide, -y) for x, y in zip(at.tolist(), high.tolist(), strict=True)]
    boxes(axis, [box for box, over in zip(hill, past, strict=True) if not over], SKY, edge=SKY, width=0.2)
    boxes(axis, [box for box, over in zip(hill, past, strict=True) if over], ORANGE, hatch="////")
    axis.axhline(base, color=PALE, linewidth=0.6, zorder=0.5)


def _marks(axis: Axes, row: int, one: Shown) -> None:
    base, risk = row + 0.32, one.risk
    axis.plot([risk.delivered_p10 / 60, risk.delivered_p90 / 60], [base, base], color=BLUE, linewidth=2.6)
    axis.plot(
        risk.expected_delivered_minutes / 60, base, "o", color=BLUE, markersize=5, markeredgecolor="white"
    )
    top = base - _HIGH - 0.04
    axis.plot([one.target / 60] * 2, [base, top], color=INK, linewidth=1.3)
    axis.plot([one.ceiling / 60] * 2, [base, top], color=INK, linewidth=1.3, linestyle=(0, (2, 1.4)))


def _legend() -> list[Patch | Line2D]:
    return [
        Patch(facecolor=SKY, label="how likely (higher: likelier)"),
        Patch(facecolor=ORANGE, hatch="////", edgecolor="white", linewidth=0, label="past the ceiling"),
        Line2D(
            [],
            [],
            color=BLUE,
            linewidth=2.6,
            marker="o",
            markeredgecolor="white",
            label="expected; 8 of 10 weeks",
        ),
        Line2D([], [], color=INK, linewidth=1.3, label="target"),
        Line2D([], [], color=INK, linewidth=1.3, linestyle=(0, (2, 1.4)), label="ceiling"),
    ]


def _table(week: Week) -> Table:
    titles = (
        *(
            "Clinician",
            "Target",
            "Ceiling",
            "Expected",
            "Short of target",
            "8 of 10 weeks",
            "If everyone comes",
        ),
        *("Below target", "Over ceiling", "Over ceiling, stress"),
    )
    rows = []
    for one in week.clinicians:
        risk, stress = one.risk, one.risk.stress
        worst = [s.p_above_ceiling for s in (stress.low, stress.high, stress.shared_shock)]
        rows.append(
            (
                one.id,
                hours(one.target),
                hours(one.ceiling),
                hours(risk.expected_delivered_minutes),
                hours(max(0.0, one.target - risk.expected_delivered_minutes)),
                f"{risk.delivered_p10 / 60:.1f}\u00a0to\u00a0{hours(risk.delivered_p90)}",
                hours(risk.worst_case_minutes),
                percent(risk.p_below_target),
                percent(risk.p_above_ceiling),
                " to ".join(dict.fromkeys((percent(min(worst)), percent(max(worst))))),
            )
        )
    caption = "Delivered hours. Stress: attendance 2 points lower or higher, or moved together."
    return Table(caption, titles, tuple(rows))
