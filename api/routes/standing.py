"""The figures that stand in the store, as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from api.problems import Refused
from api.store import Database
from api.store.moment import now
from api.store.standing import standing
from api.store.tables import JOB_STATES


def figures(database: Database) -> Iterable[Metric]:
    """The queue, solves, gaps, and what the checker refused; nothing while the database is away."""
    try:
        with database.read() as s:
            found = standing(s)
    except Refused:
        return
    states = {state: float(found.states.get(state, 0)) for state in JOB_STATES}
    waited = 0.0 if found.oldest is None else (now() - found.oldest).total_seconds()
    broken = float(found.errors.get("broken_rota", 0))
    yield _labelled("rota_jobs", "Jobs by state.", "state", states)
    yield GaugeMetricFamily("rota_queue_oldest_seconds", "How long the oldest job waits.", value=waited)
    yield _labelled("rota_jobs_failed", "Jobs without a rota, by reason.", "code", found.errors)
    yield GaugeMetricFamily("rota_checker_refusals", "Solves that the checker threw away.", value=broken)
    yield _labelled("rota_solve_seconds", "Of the last solves.", "quantile", _quantiles(found.seconds))
    yield _labelled("rota_solve_gap", "Of the last solves.", "quantile", _quantiles(found.gaps))


def _labelled(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value in sorted(values):
        family.add_metric([value], values[value])
    return family


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    ranked = sorted(values)
    return {str(q): ranked[min(len(ranked) - 1, int(q * len(ranked)))] for q in (0.5, 0.9, 1.0)}
