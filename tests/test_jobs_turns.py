"""Whose turn it is, and that a job is in one worker's hands only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.jobs.ledger import LOST, Ledger
from api.store import Database, beats, turns
from api.store.moment import now
from tests.job_builders import NORTH, SOUTH, a_store, an_accepted_job, taken, the_job


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = a_store(tmp_path)
    yield database
    database.close()


def test_teams_are_served_by_turns_however_many_jobs_one_has(database: Database) -> None:
    north = [an_accepted_job(database, NORTH) for _ in range(3)]
    south = an_accepted_job(database, SOUTH)
    order = []
    for index in range(4):
        claimed = taken(database, f"w{index}")
        Ledger(database, f"w{index}").fail(claimed, "solver_failed", cancelled=False)
        order.append(claimed.job)
    assert order == [north[0], south, north[1], north[2]]


def test_a_team_with_a_job_under_way_waits_for_one_without(database: Database) -> None:
    an_accepted_job(database, NORTH)
    an_accepted_job(database, NORTH)
    taken(database)
    south = an_accepted_job(database, SOUTH)
    assert taken(database, "w2").job == south


def test_within_a_team_priority_comes_first_then_the_deadline_then_age(database: Database) -> None:
    soon = now() + timedelta(hours=1)
    last = an_accepted_job(database, replace(NORTH, priority=1))
    old = an_accepted_job(database, NORTH)
    urgent = an_accepted_job(database, replace(NORTH, deadline=soon))
    first = an_accepted_job(database, replace(NORTH, priority=9))
    assert [taken(database, f"w{i}").job for i in range(4)] == [first, urgent, old, last]


def test_a_job_is_given_to_one_worker(database: Database) -> None:
    job = an_accepted_job(database)
    assert taken(database).job == job
    assert Ledger(database, "w2").take() is None
    stood = the_job(database, job)
    assert (stood.state, stood.worker, stood.attempts) == ("running", "w1", 1)


def test_what_a_worker_writes_after_it_was_taken_for_dead_changes_nothing(database: Database) -> None:
    job = an_accepted_job(database)
    zombie = taken(database, "w1")
    with database.write() as s:
        turns.put_back(turns.of_nobody(s)[0])
    again = taken(database, "w2")
    assert (again.job, again.attempt) == (job, 2)
    ledger = Ledger(database, "w1")
    assert ledger.asked(zombie) == LOST
    ledger.tell(zombie, {"seconds": 9.0}, {"form": 1})
    assert not ledger.finish(zombie, {}, cancelled=False)
    assert not ledger.fail(zombie, "solver_failed", cancelled=False)
    ledger.hand_back(zombie)
    stood = the_job(database, job)
    assert (stood.state, stood.worker, stood.attempts, stood.progress) == ("running", "w2", 2, None)


def test_jobs_of_workers_that_live_are_left_to_them(database: Database) -> None:
    an_accepted_job(database)
    taken(database, "w1")
    with database.write() as s:
        beats.show(s, "w1")
        assert turns.of_nobody(s) == []
        beats.forget(s, ["w1"])
        assert [job.worker for job in turns.of_nobody(s)] == ["w1"]
