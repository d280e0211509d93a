"""What the jobs rely on in DBOS, held to by contract: some of it is not public."""

from __future__ import annotations

import inspect
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from time import monotonic, sleep

from dbos import DBOS
from sqlalchemy import create_engine, text

from api.jobs.tickets import Tickets, prepare, tickets_url
from api.operations.retention import prune_tickets
from api.store.moment import now
from benchmarks.service.databases import migrated
from benchmarks.service.queue import Queue
from benchmarks.service.workers import SIMULATED, workers


def test_the_version_is_the_one_whose_private_call_was_tried() -> None:
    assert version("dbos").split(".")[:2] == ["3", "4"]


def test_the_private_call_takes_the_names_of_the_dead() -> None:
    recover = inspect.signature(DBOS._recover_pending_workflows)
    assert list(recover.parameters) == ["executor_ids"]


def test_tickets_stand_beside_a_postgresql_store_and_in_a_file_of_their_own_on_sqlite() -> None:
    assert tickets_url("postgresql://host/rota") == "postgresql://host/rota"
    assert tickets_url("sqlite:////data/rota.db") == "sqlite:////data/rota.db-tickets"


def test_a_ticket_that_cannot_be_put_is_no_failure_of_whoever_asks(tmp_path: Path) -> None:
    box = Tickets(f"sqlite:///{tmp_path / 'rota.db'}")
    assert not box.put("job")
    prepare(f"sqlite:///{tmp_path / 'rota.db'}")
    assert box.put("job")
    assert box.put("job")
    box.close()


def test_a_job_whose_ticket_was_lost_is_run_all_the_same(tmp_path: Path) -> None:
    url = migrated(f"sqlite:///{tmp_path / 'rota.db'}")
    queue = Queue(url)
    queue.put(2, tickets=False)
    with workers(url, 1, (*SIMULATED, "--seconds", "0.1")):
        queue.wait(60)
    assert (queue.lost(), queue.half()) == (0, 0)
    queue.close()


def test_a_worker_that_drains_hands_its_job_to_the_next(tmp_path: Path) -> None:
    url = migrated(f"sqlite:///{tmp_path / 'rota.db'}")
    queue = Queue(url)
    queue.put(1)
    with workers(url, 1, (*SIMULATED, "--seconds", "60", "--drain-seconds", "0")) as old:
        queue.wait(60, until=["running"])
        assert old[0].drain() == 0
    (stood,) = queue.stand()
    assert (stood.state, stood.attempts) == ("queued", 0)
    with workers(url, 1, (*SIMULATED, "--seconds", "0.1")):
        queue.wait(60)
    (stood,) = queue.stand()
    assert (stood.state, stood.attempts) == ("done", 1)
    queue.close()


def tickets_of(url: str) -> int:
    """All rows of tickets, and of the steps that they took."""
    engine = create_engine(tickets_url(url))
    with engine.connect() as connection:
        found = [
            connection.scalar(text(f"select count(*) from {table}")) or 0
            for table in ("workflow_status", "operation_outputs", "workflow_output", "workflow_input")
        ]
    engine.dispose()
    return sum(found)


def statuses(url: str) -> list[str]:
    """How each ticket stands."""
    engine = create_engine(tickets_url(url))
    with engine.connect() as connection:
        found = list(connection.scalars(text("select status from workflow_status")))
    engine.dispose()
    return found


def await_ticket(url: str, status: str) -> None:
    """Wait until a ticket stands so."""
    until = monotonic() + 60
    while status not in statuses(url):
        assert monotonic() < until, statuses(url)
        sleep(0.02)


def test_spent_tickets_are_let_go_of_by_command_and_those_that_wait_stay(tmp_path: Path) -> None:
    url = migrated(f"sqlite:///{tmp_path / 'rota.db'}")
    queue = Queue(url)
    queue.put(3)
    with workers(url, 1, (*SIMULATED, "--seconds", "0")) as some:
        queue.wait(60)
        await_ticket(url, "SUCCESS")
        assert some[0].drain() == 0
    queue.put(1)
    before = tickets_of(url)
    # The worker may have run all three jobs before it drew a ticket, and left two that still wait.
    assert 1 <= prune_tickets(url, now() + timedelta(seconds=1)) <= 3
    assert 0 < tickets_of(url) < before
    assert prune_tickets(url, now() + timedelta(seconds=1)) == 0
    with workers(url, 1, (*SIMULATED, "--seconds", "0")):
        queue.wait(60)
    queue.close()


def test_a_worker_lets_go_of_spent_tickets_by_itself(tmp_path: Path) -> None:
    url = migrated(f"sqlite:///{tmp_path / 'rota.db'}")
    queue = Queue(url)
    queue.put(2)
    with workers(url, 1, (*SIMULATED, "--seconds", "0", "--ticket", "0.5")):
        queue.wait(60)
        until = monotonic() + 30
        while tickets_of(url) and monotonic() < until:
            sleep(0.1)
        assert tickets_of(url) == 0
    queue.close()


def test_a_worker_that_leaves_has_its_tickets_written_down_as_spent(tmp_path: Path) -> None:
    url = migrated(f"sqlite:///{tmp_path / 'rota.db'}")
    queue = Queue(url)
    queue.put(1)
    with workers(url, 1, (*SIMULATED, "--seconds", "60", "--drain-seconds", "0")) as some:
        await_ticket(url, "PENDING")  # the job runs, and its ticket is in somebody's hands
        assert some[0].drain() == 0
    queue.close()
    assert statuses(url) == ["SUCCESS"]
