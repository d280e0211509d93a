"""The figures that stand in the store, as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf

from prometheus_client.metrics_core import GaugeMetricFamily, HistogramMetricFamily, Metric

from api.problems import Refused
from api.store import Database
from api.store.moment import now
from api.store.standing import Standing, standing
from api.store.tables import JOB_STATES
from api.store.tallies import BOUNDS, Histogram, histograms

_WORDS = {
    "queue_seconds": "Seconds that jobs waited until they were begun first.",
    "solve_seconds": "Seconds from a job's first begin to its end, of jobs that are done.",
    "solve_gap": "Gaps of rotas of jobs that are done.",
}


def figures(database: Database) -> Iterable[Metric]:
    """The queue, solves, gaps, and what the checker refused; nothing while the database is away.

    They are the database's, and so the same from every process that answers.
    """
    try:
        with database.read() as s:
            found, counted = standing(s), histograms(s)
    except Refused:
        return
    yield from _standing(found)
    for name in BOUNDS:
        yield _histogram(name, [one for one in counted if one.name == name])


def _standing(found: Standing) -> Iterable[Metric]:
    states = {state: float(found.states.get(state, 0)) for state in JOB_STATES}
    waited = 0.0 if found.oldest is None else (now() - found.oldest).total_seconds()
    broken = float(found.errors.get("broken_rota", 0))
    yield _labelled("rota_jobs", "Jobs by state.", "state", states)
    yield GaugeMetricFamily("rota_queue_oldest_seconds", "How long the oldest job waits.", value=waited)
    yield _labelled("rota_jobs_failed", "Jobs without a rota, by reason.", "code", found.errors)
    yield GaugeMetricFamily("rota_checker_refusals", "Solves that the checker threw away.", value=broken)


def _labelled(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value in sorted(values):
        family.add_metric([value], values[value])
    return family


def _histogram(name: str, counted: Iterable[Histogram]) -> Metric:
    family = HistogramMetricFamily(f"rota_{name}", _WORDS[name], labels=["kind"])
    for one in counted:
        buckets = [
            ("+Inf" if bound == inf else str(float(bound)), float(n)) for bound, n in one.at_most.items()
        ]
        family.add_metric([one.kind], buckets, one.total)
    return family
