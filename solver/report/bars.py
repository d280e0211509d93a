"""Plots of a few bars: the verdict, the levers, and what is unplaced."""

from __future__ import annotations

from collections import Counter

from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from solver.answer.shape import Lever, Verdict
from solver.report.drawing import BLUE, GREY, INK, ORANGE, PALE, SKY, blank, style
from solver.report.plot import Plot
from solver.report.tables import Table
from solver.report.week import Week
from solver.report.words import count, hours, hours_at_most, plain

_LITTLE = 3.0
"""Minutes; what gains less is shown as 0.0 h."""

PROVEN = "Attainable, proven at most"
"""What a figure is called that is rounded up."""


def verdict(week: Week) -> Plot:
    """Target, what this rota expects, the most that was found, and the most that is possible."""
    found, expected = week.document.verdict, week.document.risk.expected_delivered_minutes
    rows = [("Target", float(found.target_minutes)), ("Expected from this rota", expected)]
    if found.attainable_minutes is not None:
        rows.append(("Attainable, best found", found.attainable_minutes))
    if found.attainable_bound_minutes is not None:
        rows.append((PROVEN, found.attainable_bound_minutes))
    with style():
        figure = _verdict(found, rows)
    told = tuple((name, _told(found, name, minutes)) for name, minutes in rows)
    table = Table("Hours of the whole service.", ("Figure", "Hours"), told)
    text = "; ".join(f"{name.lower()}: {said}" for name, said in told)
    return Plot("verdict", "Target and what can be had", f"{text[0].upper()}{text[1:]}.", (figure,), (table,))


def _told(found: Verdict, name: str, minutes: float) -> str:
    return hours_at_most(minutes, found.attainable_minutes) if name == PROVEN else hours(minutes)


def _verdict(found: Verdict, rows: list[tuple[str, float]]) -> Figure:
    figure = blank(0.45 + 0.3 * len(rows))
    axis = figure.subplots()
    colours = [GREY, BLUE, SKY, PALE]
    for row, (name, minutes) in enumerate(rows):
        edge = INK if row else GREY
        axis.barh(row, minutes / 60, 0.66, color=colours[row], edgecolor=edge, linewidth=0.4)
        axis.text(minutes / 60, row, f"  {_told(found, name, minutes)}", va="center", ha="left", fontsize=8)
        axis.set_yticks(range(len(rows)), [name for name, _ in rows])
    axis.axvline(rows[0][1] / 60, color=INK, linewidth=1.0, linestyle=(0, (2, 1.4)))
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.margins(x=0.1)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.set_xlabel("hours")
    return figure


def levers(week: Week) -> Plot | None:
    """What each lever gains, and the most that it could; None where none was measured."""
    found = week.document.verdict.levers
    if not found:
        return None
    with style():
        figure = _levers(found)
    text = f"{count(len(found), 'change')}, each measured by solving again{_but(found)}. {_most(found)}"
    rows = tuple(
        (
            name,
            lever.detail,
            hours(lever.gain_minutes) if lever.measured else "not measured",
            hours_at_most(lever.gain_bound_minutes, lever.gain_minutes),
            "weakens a clinician's protection" if lever.weakens_protection else "no",
        )
        for name, lever in zip(_names(found), found, strict=True)
    )
    titles = ("Lever", "What was changed", "Gain found", "Gain at most", "Weakens protection")
    table = Table("Delivered hours that each change would gain.", titles, rows)
    return Plot("levers", "What would help", f"{text}.", (figure,), (table,))


def _names(found: tuple[Lever, ...]) -> list[str]:
    """Each lever by name, with a number where several have the same."""
    several, seen = Counter(lever.lever for lever in found), Counter[str]()
    names = []
    for lever in found:
        seen[lever.lever] += 1
        number = f" {seen[lever.lever]}" if several[lever.lever] > 1 else ""
        names.append(f"{plain(lever.lever)}{number}")
    return names


def _but(found: tuple[Lever, ...]) -> str:
    unknown = sum(not lever.measured for lever in found)
    return f", but for {unknown} for which there was no time" if unknown else ""


def _most(found: tuple[Lever, ...]) -> str:
    """Which change gains most; one that weakens protection is never named here."""
    told = zip(_names(found), found, strict=True)
    gains = [(n, one) for n, one in told if not one.weakens_protection and one.gain_minutes >= _LITTLE]
    if not gains:
        return f"None that leaves protection as it is was found to gain as much as {_LITTLE:.0f} minutes"
    name, most = max(gains, key=lambda told: told[1].gain_minutes)
    return f"The most is gained by {name}: {hours(most.gain_minutes)}"


def _levers(found: tuple[Lever, ...]) -> Figure:
    figure = blank(0.75 + 0.28 * len(found))
    axis = figure.subplots()
    for row, lever in enumerate(found):
        bad = lever.weakens_protection
        most = max(lever.gain_bound_minutes, lever.gain_minutes) / 60
        axis.barh(row, most, 0.66, color="white", edgecolor=GREY, linewidth=0.8, linestyle=(0, (2, 1.4)))
        axis.barh(
            row,
            lever.gain_minutes / 60,
            0.66,
            color=ORANGE if bad else BLUE,
            hatch="////" if bad else "",
            edgecolor="white",
            linewidth=0,
        )
        said = f"{lever.gain_minutes / 60:.1f}" if lever.measured else "not measured"
        axis.text(most, row, f"  {said}", va="center", fontsize=8)
    told = zip(_names(found), found, strict=True)
    labels = [f"{name}\n(weakens protection)" if one.weakens_protection else name for name, one in told]
    axis.set_yticks(range(len(found)), labels)
    axis.set_ylim(len(found) - 0.5, -0.5)
    axis.margins(x=0.1)
    axis.set_xlim(left=0)
    axis.set_xlabel("hours gained")
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    handles = [
        Patch(facecolor=BLUE, label="gain found"),
        Patch(facecolor="white", edgecolor=GREY, linestyle=(0, (2, 1.4)), label="gain at most"),
        Patch(facecolor=ORANGE, hatch="////", edgecolor="white", label="weakens protection"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False, fontsize=7.5)
    return figure


def unplaced(week: Week) -> Plot | None:
    """Unplaced appointments by reason; None where everyone is placed."""
    left = week.document.unplaced
    if not left:
        return None
    counted = Counter(one.code for one in left).most_common()
    with style():
        figure = blank(0.45 + 0.28 * len(counted))
        axis = figure.subplots()
        axis.barh(range(len(counted)), [number for _, number in counted], 0.66, color=BLUE)
        for row, (_, number) in enumerate(counted):
            axis.text(number, row, f"  {number}", va="center", fontsize=8)
        axis.set_yticks(range(len(counted)), [plain(code) for code, _ in counted])
        axis.set_ylim(len(counted) - 0.5, -0.5)
        axis.margins(x=0.08)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set_xlabel("appointments")
        axis.tick_params(axis="y", length=0)
        axis.spines["left"].set_visible(False)
    text = f"{count(len(left), 'appointment')} not placed, by reason: " + ", ".join(
        f"{plain(code)} {number}" for code, number in counted
    )
    return Plot("unplaced", "Who is not placed, and why", f"{text}.", (figure,), (_reasons(week),))


def _reasons(week: Week) -> Table:
    """Who is not placed, by what is said of them; those of whom the same is said stand together."""
    counted = Counter(one.code for one in week.document.unplaced)
    said: dict[tuple[str, str], list[str]] = {}
    for one in sorted(week.document.unplaced, key=lambda one: (-counted[one.code], one.code)):
        said.setdefault((one.code, one.reason), []).append(one.appointment)
    rows = tuple(
        (plain(code), str(len(names)), reason, ", ".join(names)) for (code, reason), names in said.items()
    )
    titles = ("Reason", "How many", "What it means", "Appointments")
    return Table("Every appointment that is not placed.", titles, rows)
