"""One job from its claim to its end, with solves that go wrong on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from api.jobs.incumbents import from_json, to_json
from api.jobs.ledger import Claimed
from api.jobs.run import LEAST_SECONDS, asked
from api.jobs.settings import Pace, Worker
from api.jobs.solving import Solving
from api.store import Database, rotas
from api.store.moment import now
from api.store.tables import Job
from benchmarks.service.queue import TINY
from benchmarks.service.simulated import of_seconds
from solver.question.reading import Question, read_request
from solver.rota import Rota
from solver.rules.rule import Breach
from solver.search.clerk import clerk
from solver.solve import BrokenRota, Progress, Solved
from tests.job_builders import NORTH, a_runner, a_store, an_accepted_job, taken, the_job

QUICK = Worker(most_attempts=3, pace=Pace(ask=0.02, told=0.02))
NOTHING = Solved("none", "solver_failed", None, None, None, None)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = a_store(tmp_path)
    yield database
    database.close()


def ran(database: Database, solving: Solving, claimed: Claimed, hand_back: Event | None = None) -> Job:
    """The job, once a worker has run it."""
    a_runner(database, solving, QUICK, hand_back).run(claimed)
    return the_job(database, claimed.job)


def ending(*ends: Solved | Exception) -> Solving:
    """A solve that tells the clerk's rota, then ends like this; the next call ends like the next."""
    left = list(ends)

    def solving(
        question: Question,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], str | None],
        on_rota: Callable[[Rota], None],
        begin_with: Rota | None,
    ) -> Solved:
        if begin_with is None:
            on_rota(clerk(question.clinic))
        else:
            left[0] = of_seconds(0.0)(question, on_progress, should_stop, on_rota, begin_with)
        end = left.pop(0)
        if isinstance(end, Exception):
            raise end
        return end

    return solving


def test_a_job_that_is_done_has_its_rota_and_its_events(database: Database) -> None:
    an_accepted_job(database)
    job = ran(database, of_seconds(0.1), taken(database))
    assert (job.state, job.outcome, job.stop_reason, job.incumbent) == (
        "done",
        "feasible",
        "time_limit",
        None,
    )
    with database.read() as s:
        rota = rotas.get(s, "north", job.id)
        assert rota is not None
        assert (rota.version, rota.document["stop_reason"]) == (1, "time_limit")


def test_a_crashed_solve_is_tried_once_more_from_the_best_that_it_told(database: Database) -> None:
    an_accepted_job(database)
    job = ran(database, ending(NOTHING, NOTHING), taken(database))
    assert (job.state, job.outcome) == ("done", "feasible")


def test_a_solve_that_crashes_twice_fails_its_job(database: Database) -> None:
    an_accepted_job(database)
    failing: Solving = lambda *_: NOTHING  # noqa: E731
    job = ran(database, failing, taken(database))
    assert (job.state, job.outcome, job.error_code) == ("failed", "none", "solver_failed")


def test_a_broken_rota_is_never_stored_and_its_job_says_so(database: Database) -> None:
    an_accepted_job(database)
    broken = BrokenRota((Breach("breaks", None, None, "no break"),))
    job = ran(database, ending(broken), taken(database))
    assert (job.state, job.error_code) == ("failed", "broken_rota")
    with database.read() as s:
        assert rotas.get(s, "north", job.id) is None


def test_a_cancelled_job_keeps_the_best_rota_that_it_had(database: Database) -> None:
    identifier = an_accepted_job(database)
    claimed = taken(database)
    with database.write() as s:
        found = s.get(Job, identifier)
        assert found is not None
        found.asked = "cancel"
    job = ran(database, of_seconds(30.0), claimed)
    assert (job.state, job.outcome, job.stop_reason) == ("cancelled", "feasible", "cancelled")


def test_a_job_told_to_finish_is_done_with_the_best_so_far(database: Database) -> None:
    identifier = an_accepted_job(database)
    claimed = taken(database)
    with database.write() as s:
        found = s.get(Job, identifier)
        assert found is not None
        found.asked = "finish"
    job = ran(database, of_seconds(30.0), claimed)
    assert (job.state, job.stop_reason) == ("done", "finished_early")


def test_a_drained_worker_hands_its_job_back_with_the_best_rota_and_no_attempt_lost(
    database: Database,
) -> None:
    an_accepted_job(database)
    going = Event()
    going.set()
    job = ran(database, of_seconds(30.0), taken(database), going)
    assert (job.state, job.worker, job.attempts) == ("queued", None, 0)
    assert job.incumbent is not None
    assert taken(database, "w2").incumbent == job.incumbent


def begun_too_often(database: Database, incumbent: Rota | None) -> Claimed:
    """A job in the hands of one worker too many."""
    an_accepted_job(database)
    claimed = taken(database)
    kept = None if incumbent is None else to_json(incumbent)
    with database.write() as s:
        s.get_one(Job, claimed.job).attempts = QUICK.most_attempts + 1
    return replace(claimed, attempt=QUICK.most_attempts + 1, incumbent=kept)


def never(
    question: Question,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], str | None],
    on_rota: Callable[[Rota], None],
    begin_with: Rota | None,
) -> Solved:
    """A solve that must not be."""
    raise AssertionError("it was solved again")


def test_a_job_that_was_begun_too_often_and_told_nothing_ends_with_the_clerks_rota(
    database: Database,
) -> None:
    job = ran(database, never, begun_too_often(database, None))
    assert (job.state, job.outcome, job.stop_reason) == ("done", "feasible", "solver_failed")
    with database.read() as s:
        rota = rotas.get(s, "north", job.id)
        assert rota is not None
        by_hand = clerk(read_request(TINY).clinic)
        assert len(rota.document["bookings"]) == len(by_hand.bookings)


def test_a_job_that_was_begun_too_often_ends_with_the_best_that_it_told(database: Database) -> None:
    best = clerk(read_request(TINY).clinic)
    job = ran(database, never, begun_too_often(database, best))
    assert (job.state, job.outcome, job.stop_reason) == ("done", "feasible", "solver_failed")


def test_a_job_whose_deadline_has_passed_fails_unless_it_has_a_rota(database: Database) -> None:
    an_accepted_job(database, replace(NORTH, deadline=now() - timedelta(seconds=1)))
    job = ran(database, of_seconds(0.0), taken(database))
    assert (job.state, job.error_code) == ("failed", "deadline")


def test_a_solve_has_the_seconds_that_are_left_until_its_limit_and_its_deadline() -> None:
    at = now()
    claimed = Claimed("j", "w", 1, "north", TINY, seconds=60.0, spent=10.0)
    assert asked(claimed, at).effort.seconds == 50.0
    assert asked(replace(claimed, deadline=at + timedelta(seconds=20)), at).effort.seconds == 20.0
    assert asked(replace(claimed, spent=60.0), at).effort.seconds == LEAST_SECONDS


def test_the_best_rota_survives_being_kept() -> None:
    rota = clerk(read_request(TINY).clinic)
    back = from_json(to_json(rota))
    assert back is not None
    assert (back.bookings, back.diaries) == (rota.bookings, rota.diaries)
    assert [u.appointment for u in back.unplaced] == [u.appointment for u in rota.unplaced]
    assert from_json({"form": 0}) is None


def test_a_rota_that_the_store_refuses_fails_its_job_rather_than_leave_it_running(database: Database) -> None:
    an_accepted_job(database)
    claimed = taken(database)
    with database.write() as s:
        s.execute(text("create trigger no before insert on rota begin select raise(abort, 'no'); end"))
    job = ran(database, of_seconds(0.0), claimed)
    assert (job.state, job.error_code) == ("failed", "not_stored")
