"""Figures of the service for Prometheus; their labels are operations and states, never ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

MEDIA_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """What one process has counted, and what the store knows when it is asked."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "rota_http_answers", "Answers.", ("operation", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "rota_http_seconds",
            "Seconds until an answer began.",
            ("operation",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._checker = Counter(
            "rota_checker_failures",
            "Rotas that the checker found broken when they were to be published.",
            registry=self._registry,
        )
        self._failures = Counter("rota_http_failures", "Defects that ended as 500.", registry=self._registry)

    def answered(self, operation: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._answers.labels(operation, str(status)).inc()
        self._seconds.labels(operation).observe(seconds)

    def failed(self) -> None:
        """Count a defect."""
        self._failures.inc()

    def broken(self) -> None:
        """Count a rota that the checker refused."""
        self._checker.inc()

    def stand_by(self, figures: Callable[[], Iterable[Metric]]) -> None:
        """Ask for further figures whenever these are read."""
        self._registry.register(_Asked(figures))

    def text(self) -> bytes:
        """All of them in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Asked(Collector):
    def __init__(self, figures: Callable[[], Iterable[Metric]]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        return self._figures()

    def describe(self) -> Iterable[Metric]:
        return ()
