"""The report of a rota and its plots; runs in a process of its own, with the slow import of the plots."""

from __future__ import annotations

from api.routes.apart_work import AskedReport, No, behind_others
from solver.question.reading import read_request
from solver.report import read_week, report_html, report_plots
from solver.search.line import Line


def report(asked: AskedReport, _: Line) -> bytes | No:
    """The page as UTF-8, or a plot as PNG."""
    behind_others()
    question = read_request(asked.request)
    if asked.plot is None:
        return report_html(read_week(asked.rota, question, standing=asked.standing)).encode()
    week = read_week(asked.rota, question, why_seconds=0.0)
    for name, picture in report_plots(week):
        if name == asked.plot:
            return picture
    return No("not_found")
