"""The report: one printable page of HTML on a week, with plots, and a table for each plot."""

from solver.report.page import report_html, report_plots
from solver.report.reading import read_week

__all__ = ["read_week", "report_html", "report_plots"]
