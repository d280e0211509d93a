"""Jobs come in, are told to stop, and are planned again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.jobs.intake import accept, accept_batch, read_batch, revise, stop
from api.jobs.ledger import Ledger
from api.jobs.settings import Intake
from api.problems import Refused
from api.store import Database, batches, jobs, rotas
from benchmarks.service.queue import TINY
from solver.question.faults import BadRequest
from tests.job_builders import NORTH, SOUTH, a_runner, a_store, an_accepted_job, taken, the_job


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = a_store(tmp_path)
    yield database
    database.close()


def done(database: Database) -> str:
    """The id of a job that has a rota."""
    job = an_accepted_job(database)
    a_runner(database).run(taken(database))
    return job


def test_a_full_queue_says_when_to_come_again(database: Database) -> None:
    an_accepted_job(database)
    small = Intake(most_waiting=1, most_waiting_of_a_team=1, retry_after_seconds=7)
    with pytest.raises(Refused) as refused, database.write() as s:
        accept(s, small, SOUTH, TINY)
    assert (refused.value.code, refused.value.headers) == ("queue_full", {"Retry-After": "7"})
    with database.read() as s:
        assert jobs.counts(s) == {"queued": 1}


def test_a_team_that_has_filled_its_part_leaves_room_for_others(database: Database) -> None:
    an_accepted_job(database, NORTH)
    small = Intake(most_waiting=10, most_waiting_of_a_team=1)
    with pytest.raises(Refused), database.write() as s:
        accept(s, small, NORTH, TINY)
    with database.write() as s:
        assert accept(s, small, SOUTH, TINY).state == "queued"


def test_a_batch_is_taken_whole_or_not_at_all(database: Database) -> None:
    with pytest.raises(BadRequest) as wrong:
        read_batch([TINY, b"{}"])
    assert {fault.pointer.split("/")[2] for fault in wrong.value.faults} == {"1"}
    with database.write() as s:
        batch = batches.add(s, "north", "somebody")
        taken_in = accept_batch(
            s, Intake(), replace(NORTH, batch=batch.id), [TINY, TINY], read_batch([TINY, TINY])
        )
        assert [job.id for job in batches.jobs(s, batch)] == [job.id for job in taken_in]


def test_a_job_that_waits_is_cancelled_at_once_and_cannot_be_finished(database: Database) -> None:
    job = an_accepted_job(database)
    with pytest.raises(Refused) as refused, database.write() as s:
        stop(s, jobs.get(s, "north", job), "finish")
    assert refused.value.code == "conflict"
    with database.write() as s:
        assert stop(s, jobs.get(s, "north", job), "cancel").state == "cancelled"
    assert Ledger(database, "w1").take() is None


def test_a_job_that_runs_is_asked_to_stop_and_one_that_ended_is_left_alone(database: Database) -> None:
    job = an_accepted_job(database)
    claimed = taken(database)
    with database.write() as s:
        stop(s, jobs.get(s, "north", job), "cancel")
    assert Ledger(database, "w1").asked(claimed) == "cancel"
    assert the_job(database, job).state == "cancelling"
    Ledger(database, "w1").fail(claimed, "solver_failed", cancelled=True)
    with pytest.raises(Refused), database.write() as s:
        stop(s, jobs.get(s, "north", job), "cancel")


def test_a_revision_asks_the_same_with_the_bookings_of_its_parent_as_published(database: Database) -> None:
    parent = done(database)
    with database.write() as s:
        child = revise(s, Intake(), NORTH, jobs.get(s, "north", parent))
        told = json.loads(jobs.body(s, child))
    assert (child.kind, child.parent) == ("replan", parent)
    with database.read() as s:
        rota = rotas.get(s, "north", parent)
        assert rota is not None
        booked = {(b["appointment"], b["clinician"], b["start"]) for b in rota.document["bookings"]}
    assert {(p["appointment"], p["clinician"], p["start"]) for p in told["published"]} == booked
    assert booked


def test_a_revision_leaves_out_who_is_not_there_any_more(database: Database) -> None:
    parent = done(database)
    week = json.loads(TINY)
    gone = week["appointments"].pop()["id"]
    with database.write() as s:
        child = revise(s, Intake(), NORTH, jobs.get(s, "north", parent), json.dumps(week).encode())
        told = json.loads(jobs.body(s, child))
    assert gone not in {p["appointment"] for p in told["published"]}


def test_there_is_nothing_to_revise_before_there_is_a_rota(database: Database) -> None:
    parent = an_accepted_job(database)
    with pytest.raises(Refused) as refused, database.write() as s:
        revise(s, Intake(), NORTH, jobs.get(s, "north", parent))
    assert refused.value.code == "not_done"
