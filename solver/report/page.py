"""The page itself: one file of HTML that needs no network and no script, and prints.

Everything that comes from a rota is escaped. Each picture has a text that says what it shows, and beside it
a table of all that it shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from solver.report import words
from solver.report.bars import levers, unplaced, verdict
from solver.report.board import board
from solver.report.drawing import png, svg
from solver.report.heat import load, risk
from solver.report.plot import Plot
from solver.report.spread import spread
from solver.report.tables import Table
from solver.report.telling import attainable, binding, facts, found, not_binding, promise
from solver.report.week import Week


def report_html(week: Week) -> str:
    """The page.

    Parameters
    ----------
    week
        What `solver.report.reading.read_week` makes of a rota, with or without its request.
    """
    plots = {plot.name: plot for plot in _plots(week)}
    pictures = {
        name: [Markup(svg(figure, f"{name}-{i}")) for i, figure in enumerate(plot.figures)]
        for name, plot in plots.items()
    }
    return _template().render(
        week=week,
        document=week.document,
        title=_title(week),
        plots=plots,
        pictures=pictures,
        found=found(week),
        promise=promise(week),
        attainable=attainable(week),
        binding=binding(week),
        not_binding=not_binding(week),
        facts=facts(week),
        costs=_costs(week),
        words=words,
    )


def report_plots(week: Week) -> Iterator[tuple[str, bytes]]:
    """Each plot as a PNG: pairs of a name, without an ending, and the picture."""
    for plot in _plots(week):
        for number, figure in enumerate(plot.figures, 1):
            yield (plot.name if len(plot.figures) == 1 else f"{plot.name}-{number}"), png(figure, plot.title)


def _plots(week: Week) -> list[Plot]:
    made = [verdict(week), levers(week), board(week), spread(week), load(week), risk(week), unplaced(week)]
    return [plot for plot in made if plot is not None]


@cache
def _template() -> Template:
    house = Environment(
        loader=PackageLoader("solver.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return house.get_template("report.html")


def _title(week: Week) -> str:
    if week.monday is None:
        return "Rota of one week"
    return f"Rota, week of {week.monday.day} {week.monday:%B %Y}"


def _costs(week: Week) -> Table:
    rows = tuple(
        (words.plain(term.name), f"{term.amount:,.1f}", term.unit, f"{term.weight:g}", f"{term.cost:,.1f}")
        for term in week.document.terms
    )
    return Table("What this rota costs, by term.", ("Term", "Amount", "Unit", "Weight", "Cost"), rows)
