"""The report of a rota and its plots; runs in a process of its own, with the slow import of the plots."""

from __future__ import annotations

from dataclasses import dataclass

from api.routes.apart_work import No, behind_others
from solver.question.reading import read_request
from solver.search.line import Line


@dataclass(frozen=True, slots=True)
class Asked:
    """A stored request and rota, and the name of a plot; without one it is the whole page."""

    request: bytes
    rota: bytes
    plot: str | None = None


def report(asked: Asked, _: Line) -> bytes | No:
    """The page as UTF-8, or a plot as PNG."""
    from solver.report import read_week, report_html, report_plots  # noqa: PLC0415 - a service starts without

    behind_others()
    week = read_week(asked.rota, read_request(asked.request))
    if asked.plot is None:
        return report_html(week).encode()
    for name, picture in report_plots(week):
        if name == asked.plot:
            return picture
    return No("not_found")
