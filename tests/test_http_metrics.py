"""What Prometheus is told, whichever process measured it."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.jobs.ledger import Ledger
from api.store import Database, tallies
from tests.http_service import a_house
from tests.store_builders import at_once


def samples(text: str, name: str, **labels: str) -> dict[str, float]:
    """The buckets of a histogram by upper bound, with its ``count`` and its ``sum``."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            rest = dict(sample.labels)
            bound = rest.pop("le", None)
            if rest == labels and sample.name.startswith(f"{name}_"):
                found[bound or sample.name.rpartition("_")[2]] = sample.value
    return found


def test_what_workers_measured_is_told_by_the_service_as_histograms(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        for _ in range(3):
            house.done()  # through a worker's ledger, with a proven bound of 0: a gap of 1
        text = house.client.get("/metrics").text
    for name in ("rota_queue_seconds", "rota_solve_seconds", "rota_solve_gap"):
        told = samples(text, name, kind="solve")
        assert (told["count"], told["+Inf"]) == (3.0, 3.0), name
    assert samples(text, "rota_solve_seconds", kind="solve")["30.0"] == 3.0
    gaps = samples(text, "rota_solve_gap", kind="solve")
    assert (gaps["0.5"], gaps["1.0"]) == (0.0, 3.0)
    assert samples(text, "rota_http_seconds", operation="rotas.create")["count"] == 3.0
    assert "quantile" not in text


def test_a_cancelled_job_is_no_solve_and_waits_are_counted_once(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        house.submitted()
        ledger = Ledger(house.service.database, "worker")
        claimed = ledger.take()
        assert claimed is not None
        ledger.fail(claimed, "solver_failed", cancelled=True)
        text = house.client.get("/metrics").text
    assert samples(text, "rota_queue_seconds", kind="solve")["count"] == 1.0
    assert samples(text, "rota_solve_seconds", kind="solve") == {}


def test_buckets_count_what_is_at_or_under_their_bound(database: Database) -> None:
    # Of 0, 1, 1.5, 2 and 9000 s: two are at or under 1, four at or under 2, one is over every bound.
    with database.write() as s:
        for value in (0.0, 1.0, 1.5, 2.0, 9000.0):
            tallies.observe(s, "solve_seconds", "solve", value)
    with database.read() as s:
        (one,) = tallies.histograms(s)
    assert (one.at_most[1], one.at_most[2], one.at_most[1800], one.at_most[float("inf")]) == (2, 4, 4, 5)
    assert one.total == pytest.approx(9004.5)


def test_no_count_is_lost_where_many_count_at_once(database: Database) -> None:
    def count(_: int) -> None:
        for _ in range(5):
            with database.write() as s:
                tallies.observe(s, "solve_gap", "solve", 0.0)

    at_once(6, count)
    with database.read() as s:
        (one,) = tallies.histograms(s)
    assert one.at_most[0] == 30
