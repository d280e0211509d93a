"""Whose turn it is, and that a job is in one worker's hands only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from api.jobs import told
from api.jobs.intake import stop
from api.jobs.ledger import LOST, Ledger
from api.store import Database, beats, events, jobs, rotas, turns
from api.store.moment import now
from api.store.tables import Job
from tests.job_builders import NORTH, SOUTH, a_runner, a_store, an_accepted_job, taken, the_job
from tests.store_builders import at_once


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


def let_go_of(database: Database) -> None:
    """What another worker does for those that are silent."""
    with database.write() as s:
        for job in turns.of_nobody(s):
            turns.put_back(job)
            told.state(s, job)


def test_a_worker_that_comes_back_has_its_job_again_unless_another_has_begun_it(database: Database) -> None:
    job = an_accepted_job(database)
    claimed, ledger = taken(database, "w1"), Ledger(database, "w1")
    let_go_of(database)
    assert the_job(database, job).state == "queued"
    assert ledger.asked(claimed) is None
    stood = the_job(database, job)
    assert (stood.state, stood.worker, stood.attempts) == ("running", "w1", 1)
    assert Ledger(database, "w2").take() is None
    with database.write() as s:
        assert turns.of_nobody(s) == []  # it has shown life with it
    with database.read() as s:
        states = [event.data["state"] for event in events.after(s, job, 0) if event.kind == "state"]
    assert states == ["queued", "running", "queued", "running"]


def test_an_answer_that_was_finished_meanwhile_is_stored_when_its_worker_comes_back(
    database: Database,
) -> None:
    job = an_accepted_job(database)
    claimed = taken(database, "w1")
    let_go_of(database)
    a_runner(database, worker="w1").run(claimed)
    assert the_job(database, job).state == "done"
    assert Ledger(database, "w2").take() is None
    with database.read() as s:
        assert [rota.id for rota in rotas.of_week(s, "north", date(2026, 11, 30))] == [job]


def test_what_was_cancelled_meanwhile_is_not_stored(database: Database) -> None:
    job = an_accepted_job(database)
    claimed = taken(database, "w1")
    let_go_of(database)
    with database.write() as s:
        stop(s, jobs.get(s, "north", job), "cancel")
    a_runner(database, worker="w1").run(claimed)
    assert the_job(database, job).state == "cancelled"
    with database.read() as s:
        assert rotas.get(s, "north", job) is None


def test_a_finished_answer_waits_in_its_worker_until_the_database_is_there_again(database: Database) -> None:
    job = an_accepted_job(database)
    claimed = taken(database, "w1")
    hasty = Database(str(database.engine.url), patience=0.05)
    away = sqlite3.connect(database.engine.url.database or "", isolation_level=None)
    away.execute("begin immediate")
    running = Thread(target=a_runner(hasty, worker="w1").run, args=(claimed,))
    running.start()
    sleep(0.5)  # the solve is over by then, and storing it has failed more than once
    assert running.is_alive()
    away.execute("rollback")
    running.join(30)
    assert the_job(database, job).state == "done"
    away.close()
    hasty.close()


def test_a_finished_answer_is_dropped_where_another_has_begun_the_job_meanwhile(database: Database) -> None:
    job = an_accepted_job(database)
    claimed = taken(database, "w1")
    let_go_of(database)
    assert taken(database, "w2").job == job
    a_runner(database, worker="w1").run(claimed)
    stood = the_job(database, job)
    assert (stood.state, stood.worker) == ("running", "w2")
    with database.read() as s:
        assert rotas.get(s, "north", job) is None


def test_a_job_that_has_told_a_rota_is_not_failed_for_a_deadline_that_passes_while_it_waits(
    database: Database,
) -> None:
    late = replace(NORTH, deadline=now() - timedelta(seconds=1))
    begun, fresh = an_accepted_job(database, late), an_accepted_job(database, late)
    with database.write() as s:
        s.get_one(Job, begun).incumbent = {"form": 1}
    with database.read() as s:
        assert [job.id for job in turns.overdue(s, now())] == [fresh]


def test_of_a_worker_that_comes_back_and_one_that_takes_a_job_at_once_one_has_it(database_url: str) -> None:
    database = Database(database_url)
    for _ in range(8):
        job = an_accepted_job(database)
        claimed = taken(database, "w1")
        let_go_of(database)
        old, new = Ledger(database, "w1"), Ledger(database, "w2")
        asked, took = at_once(2, lambda who: new.take() if who else old.asked(claimed))  # noqa: B023
        assert (asked == LOST) == (took is not None)
        with database.write() as s:
            beats.forget(s, ["w1"])
            told.failed(s, s.get_one(Job, job), "solver_failed")
    database.close()
