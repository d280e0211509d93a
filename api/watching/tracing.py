"""Traces, if OpenTelemetry is installed (the extra ``otel``) and told where to send them.

A span has the operation, the method and the status. It has no address, no query, no header and no message of
an exception, since those hold ids and tokens.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


class Span(Protocol):
    """What is told of one request."""

    def set_attribute(self, key: str, value: str | int) -> None:
        """Tell one thing."""


class Untold:
    """A span that goes nowhere."""

    def set_attribute(self, key: str, value: str | int) -> None:
        """Forget it."""


class Tracer:
    """Spans of requests; of nothing where OpenTelemetry is not at hand.

    Parameters
    ----------
    told
        An OpenTelemetry tracer, or None.
    """

    def __init__(self, told: Any = None) -> None:  # noqa: ANN401 - the extra may not be installed
        self._told = told

    @contextmanager
    def span(self, method: str) -> Iterator[Span]:
        """The span of one request."""
        if self._told is None:
            yield Untold()
            return
        with self._told.start_as_current_span(
            f"HTTP {method}", record_exception=False, set_status_on_exception=False
        ) as span:
            span.set_attribute("http.request.method", method)
            yield span


def tracer() -> Tracer:
    """The tracer that the environment asks for: set ``OTEL_EXPORTER_OTLP_ENDPOINT``."""
    if not os.environ.get(ENDPOINT):
        return Tracer()
    try:
        trace = importlib.import_module("opentelemetry.trace")
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        export = importlib.import_module("opentelemetry.sdk.trace.export")
        otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        resources = importlib.import_module("opentelemetry.sdk.resources")
    except ImportError:
        return Tracer()
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": "clinic-rota"}))
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return Tracer(trace.get_tracer("clinic-rota"))
