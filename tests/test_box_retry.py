"""A second chance after a crash, with what was kept of the first."""

from __future__ import annotations

import time

import pytest

from solver.search.box import Grace, Job
from solver.search.retry import SolverFailed, run_with_retry


def a_job(target: str, payload: object = None, seconds: float | None = 20.0) -> Job:
    return Job(f"tests.boxed:{target}", payload, seconds, 2000)


def keep_even(event: object) -> bool:
    return isinstance(event, int) and event % 2 == 0


def keep_all(event: object) -> bool:
    return event is not None


class Heard(list[object]):
    """Everything that a job said, all of it kept."""

    def __call__(self, event: object) -> bool:
        self.append(event)
        return True


def test_a_job_that_ends_well_runs_once() -> None:
    heard = Heard()
    assert run_with_retry(a_job("count", 3), heard) == 3
    assert heard == [0, 1, 2]


def test_a_crash_is_tried_again_with_the_last_event_that_was_kept() -> None:
    # it says 0, 1, 2, 3 and dies; 2 is the last even one
    job = a_job("fail_until_hinted", "from the start")
    assert run_with_retry(job, keep_even, payload_after=lambda kept: kept) == "hinted 2"


def test_nothing_kept_gives_none_to_the_next_payload() -> None:
    job = a_job("fail_until_hinted", "from the start")
    assert run_with_retry(job, lambda event: event == 9, payload_after=lambda kept: kept) == "hinted None"


@pytest.mark.parametrize(
    ("target", "payload", "kind"),
    [("read_null", None, "died"), ("look_up", "Ada", "error"), ("take_memory", 3000, "memory")],
)
def test_two_failures_are_a_failure(target: str, payload: object, kind: str) -> None:
    kept_by_then: list[object] = []

    def payload_after(kept: object) -> object:
        kept_by_then.append(kept)
        return payload

    with pytest.raises(SolverFailed) as failed:
        run_with_retry(a_job(target, payload), keep_all, payload_after=payload_after)
    assert failed.value.kind == kind
    assert "Ada" not in str(failed.value)
    assert kept_by_then == (["before"] if target == "read_null" else [None])


def test_an_overrun_is_not_tried_again() -> None:
    began = time.monotonic()
    with pytest.raises(SolverFailed, match="late: "):
        run_with_retry(a_job("sleep", 20, seconds=0.2), keep_all, grace=Grace(0.1, 0.5))
    assert time.monotonic() - began < 2.0


def test_no_second_chance_past_the_jobs_own_seconds() -> None:
    heard = Heard()
    with pytest.raises(SolverFailed, match="died: signal 11"):
        run_with_retry(a_job("read_null_late", 0.5, seconds=0.4), heard)
    assert heard == ["before"]


@pytest.mark.parametrize("how", ["cancel", "finish"])
def test_a_wish_to_stop_is_passed_on(how: str) -> None:
    assert run_with_retry(a_job("wait_for_ask"), keep_all, should_stop=lambda: how) == how


def test_a_crash_after_a_wish_to_stop_is_the_end() -> None:
    heard = Heard()
    with pytest.raises(SolverFailed, match="died: signal 11"):
        run_with_retry(a_job("read_null"), heard, should_stop=lambda: "cancel" if heard else None)
    assert heard == ["before"]
