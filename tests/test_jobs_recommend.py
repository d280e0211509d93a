"""What would help, as a job: cancelled, finished early, handed back, taken over, and in its turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Timer
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.jobs.intake import recommend
from api.jobs.recommending import Finding, Inquiry, in_child_processes
from api.jobs.settings import Intake, Pace, Worker
from api.store import Database, events, jobs, turns
from api.store.moment import now
from api.store.tables import Job
from benchmarks.service.weeks import a_week
from solver.explain.verdict.find import Findings
from solver.rota import Rota
from tests.job_builders import NORTH, SOUTH, a_runner, a_store, an_accepted_job, taken, the_job
from tests.store_builders import a_job

QUICK = Worker(most_attempts=3, pace=Pace(ask=0.02, told=0.02))
ASKED = replace(NORTH, seconds=3.0)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = a_store(tmp_path)
    yield database
    database.close()


def found(begin: Rota | None) -> Findings:
    """A hundred minutes, of which the bound is ten away."""
    return Findings(2400, 100.0, 110.0, begin)


def at_once(asked: Inquiry) -> Findings:
    asked.say("what is attainable")
    return found(asked.begin)


def until_told(asked: Inquiry) -> Findings:
    """Looks on for as long as it is let."""
    asked.say("what would help")
    while not asked.should_stop():
        sleep(0.01)
    return found(asked.begin)


def never(asked: Inquiry) -> Findings:
    """A search that must not be."""
    raise AssertionError("it was looked for")


def a_waiting_job(database: Database, **changes: object) -> str:
    """The id of a job that waits to look for what would help a rota."""
    parent = an_accepted_job(database)
    a_runner(database).run(taken(database))
    with database.write() as s:
        asked = replace(ASKED, **changes)  # type: ignore[arg-type]
        return recommend(s, Intake(), asked, jobs.get(s, "north", parent)).id


def ran(database: Database, finding: Finding, drain: Event | None = None) -> Job:
    """The next job, once a worker has run it."""
    claimed = taken(database)
    a_runner(database, None, QUICK, drain, finding).run(claimed)
    return the_job(database, claimed.job)


def told_to(database: Database, job: str, how: str) -> None:
    with database.write() as s:
        s.get_one(Job, job).asked = how


def test_a_job_that_looked_to_its_end_has_a_verdict_and_told_what_it_did(database: Database) -> None:
    name = a_waiting_job(database)
    job = ran(database, at_once)
    assert (job.id, job.state, job.outcome, job.stop_reason) == (name, "done", "feasible", "work_limit")
    assert job.result is not None
    # The rota itself is a witness too, and tiny's reaches more than the hundred minutes that were found.
    assert job.result["attainable_minutes"] >= 100.0
    assert job.result["attainable_bound_minutes"] == 110.0
    with database.read() as s:
        told = [(event.kind, event.data.get("phase")) for event in events.after(s, name, 0)]
    assert told[0] == told[1] == ("state", None)
    assert ("progress", "what is attainable") in told
    assert told[-1] == ("end", None)


@pytest.mark.parametrize(
    ("how", "state", "reason"), [("cancel", "cancelled", "cancelled"), ("finish", "done", "finished_early")]
)
def test_a_job_that_is_told_to_stop_keeps_what_it_has_found_out(
    database: Database, how: str, state: str, reason: str
) -> None:
    name = a_waiting_job(database)
    claimed = taken(database)
    told_to(database, name, how)
    a_runner(database, None, QUICK, None, until_told).run(claimed)
    job = the_job(database, name)
    assert (job.state, job.stop_reason, job.result is not None) == (state, reason, True)


def test_a_real_search_stops_soon_after_it_is_told_to(database: Database) -> None:
    # A minute is given for 60 appointments; a search that is asked to end is ended after 3 s.
    parent = an_accepted_job(database, body=a_week(1.0))
    a_runner(database).run(taken(database))
    with database.write() as s:
        asked = replace(ASKED, seconds=60.0)
        name = recommend(s, Intake(), asked, jobs.get(s, "north", parent)).id
    claimed = taken(database)
    Timer(1.0, told_to, (database, name, "cancel")).start()
    began = monotonic()
    a_runner(database, None, QUICK, None, in_child_processes).run(claimed)
    assert monotonic() - began < 30.0
    job = the_job(database, name)
    assert (job.state, job.outcome) == ("cancelled", "feasible")
    assert job.result is not None


def test_a_drained_worker_hands_it_back_and_the_next_begins_anew(database: Database) -> None:
    a_waiting_job(database)
    going = Event()
    going.set()
    job = ran(database, until_told, going)
    assert (job.state, job.worker, job.attempts, job.result) == ("queued", None, 0, None)
    assert ran(database, at_once).state == "done"


def test_what_a_dead_worker_had_begun_is_done_by_another(database: Database) -> None:
    name = a_waiting_job(database)
    taken(database, "dead")
    with database.write() as s:
        (job,) = turns.of_nobody(s)
        turns.put_back(job)
    job = ran(database, at_once)
    assert (job.id, job.state, job.attempts) == (name, "done", 2)


def test_it_is_not_begun_more_often_than_any_other_job(database: Database) -> None:
    name = a_waiting_job(database)
    with database.write() as s:
        s.get_one(Job, name).attempts = QUICK.most_attempts
    job = ran(database, never)
    assert (job.state, job.error_code) == ("failed", "solver_failed")


def test_a_search_that_raises_fails_its_job(database: Database) -> None:
    a_waiting_job(database)
    job = ran(database, never)
    assert (job.state, job.error_code, job.result) == ("failed", "solver_failed", None)


def test_one_whose_deadline_has_passed_is_not_begun(database: Database) -> None:
    a_waiting_job(database, deadline=now() - timedelta(seconds=1))
    job = ran(database, never)
    assert (job.state, job.error_code) == ("failed", "deadline")


def test_it_waits_its_turn_by_team_and_by_priority_like_any_other(database: Database) -> None:
    looking = a_waiting_job(database, priority=9)
    solve = an_accepted_job(database)
    other = an_accepted_job(database, SOUTH)
    # South was never served, so it comes first; of the north's two the more urgent one.
    assert [taken(database).job for _ in range(3)] == [other, looking, solve]


def test_no_kind_of_job_but_the_known_ones_can_be_written(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as s:
        name = a_job(s, kind="recommend").id
    with pytest.raises(IntegrityError), database.write() as s:
        s.execute(text("update job set kind = 'other' where id = :id"), {"id": name})
    database.close()
