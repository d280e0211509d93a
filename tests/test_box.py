"""The box with real processes: events, ends, limits and the parent's control."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time

import psutil
import pytest

from solver.search.box import Ended, Failed, Grace, Job, Running, box

MEMORY = 2000
BRISK = Grace(ask=0.3, kill=1.0)
SECRET = "Winifred Okonkwo-Smythe"


def a_job(target: str, payload: object = None, seconds: float | None = None) -> Job:
    """A job of `tests.boxed`, without a limit unless given one."""
    return Job(f"tests.boxed:{target}", payload, seconds, MEMORY)


def all_events(*jobs: Job, grace: Grace | None = None) -> list[tuple[int, object]]:
    """Everything that the jobs say."""
    with box(jobs, grace) as running:
        return [said for said in running.events() if said is not None]


def last_word(target: str, payload: object = None) -> object:
    """How a job by itself ends."""
    return all_events(a_job(target, payload))[-1][1]


def first_event(running: Running) -> object:
    """The first thing that any job says."""
    return next(said[1] for said in running.events() if said is not None)


def the_rest(running: Running) -> list[object]:
    """All that is still to come."""
    return [said[1] for said in running.events() if said is not None]


def test_events_arrive_in_order_and_the_end_comes_last() -> None:
    assert all_events(a_job("count", 3)) == [(0, 0), (0, 1), (0, 2), (0, Ended(0, 3))]


def test_three_jobs_at_once_each_speak_under_their_own_index() -> None:
    said = all_events(a_job("count", 500), a_job("count", 0), a_job("count", 2))
    for index, length in enumerate((500, 0, 2)):
        mine = [event for job, event in said if job == index]
        assert mine == [*range(length), Ended(index, length)]


def test_threads_of_a_child_share_its_line() -> None:
    said = [event for _, event in all_events(a_job("count_from_threads", 200))]
    assert said.pop() == Ended(0, None)
    for thread in range(4):
        numbers = [event[1] for event in said if isinstance(event, tuple) and event[0] == thread]
        assert numbers == list(range(200))


def test_a_payload_far_larger_than_a_pipe_goes_there_and_back() -> None:
    payload = os.urandom(20 << 20)
    assert last_word("echo", payload) == Ended(0, payload)


def test_a_child_ignores_ctrl_c_dumps_no_core_and_keeps_to_one_thread_and_its_memory() -> None:
    before = dict(os.environ)
    end = last_word("report")
    assert isinstance(end, Ended)
    assert isinstance(end.value, dict)
    assert end.value.pop("pid") not in (os.getpid(), None)
    assert end.value == {
        "blas threads": ["1", "1", "1"],
        "ignores Ctrl-C": True,
        "core dump": (0, 0),
        "address space": MEMORY << 20,
    }
    assert dict(os.environ) == before
    assert signal.getsignal(signal.SIGINT) != signal.SIG_IGN


def test_every_job_has_a_fresh_process() -> None:
    said = all_events(a_job("report"), a_job("report"), a_job("report"))
    assert len({event.value["pid"] for _, event in said if isinstance(event, Ended)}) == 3  # type: ignore[index]


@pytest.mark.parametrize(
    ("target", "payload", "kind", "detail"),
    [
        ("refuse", SECRET, "error", "ValueError: clinician … has no shift (tests.boxed:"),
        ("look_up", SECRET, "error", "KeyError: '…' (tests.boxed:"),
        ("no_such_function", SECRET, "error", "AttributeError: "),
        ("read_null", None, "died", "signal 11"),
        ("leave", 0, "died", "exit 0"),
        ("leave", 7, "died", "exit 7"),
        # 3000 MB at once, where 2000 are allowed
        ("take_memory", 3000, "memory", "MemoryError"),
        # blocks of 20 MB until there are no more: at least 1980 - 20 MB, over 85% of 2000, are taken
        ("take_memory_and_abort", None, "memory", "signal 6 at 19"),
    ],
)
def test_a_failure_says_its_kind_and_nothing_of_the_payload(
    target: str, payload: object, kind: str, detail: str
) -> None:
    end = last_word(target, payload)
    assert isinstance(end, Failed)
    assert end.kind == kind
    assert end.detail.startswith(detail)
    assert not any(word in end.detail for word in SECRET.replace("-", " ").split())


def test_what_a_child_said_before_it_crashed_is_heard_first() -> None:
    assert all_events(a_job("read_null")) == [(0, "before"), (0, Failed(0, "died", "signal 11"))]


def test_memory_below_the_limit_is_to_be_had() -> None:
    assert last_word("take_memory", 500) == Ended(0, 500 << 20)


def test_a_job_shows_nothing_of_its_payload() -> None:
    assert SECRET not in repr(a_job("refuse", SECRET))


def test_a_fault_in_what_is_called_on_ask_fails_the_job() -> None:
    with box([a_job("refuse_when_asked", SECRET)]) as running:
        first_event(running)
        running.ask(0, "cancel")
        (end,) = the_rest(running)
    assert isinstance(end, Failed)
    assert end.kind == "error"
    assert end.detail.startswith("RuntimeError: … (")


def test_a_child_killed_from_outside_has_died() -> None:
    with box([a_job("sleep", 20)]) as running:
        pid = first_event(running)
        assert isinstance(pid, int)
        os.kill(pid, signal.SIGKILL)
        assert the_rest(running) == [Failed(0, "died", "signal 9")]


def test_the_caller_may_kill_one_and_keep_the_other() -> None:
    with box([a_job("sleep", 20), a_job("wait_for_ask")]) as running:
        first_event(running)
        running.kill(0)
        running.ask(1, "finish")
        assert {end for end in the_rest(running) if isinstance(end, Ended | Failed)} == {
            Failed(0, "killed", "by the caller"),
            Ended(1, "finish"),
        }


@pytest.mark.parametrize("target", ["sleep", "hold_everything"])
def test_a_job_that_hangs_is_killed_in_time(target: str) -> None:
    # 0.2 s of its own, killed 1.0 s after that
    began = time.monotonic()
    said = all_events(a_job(target, 20, seconds=0.2), grace=BRISK)
    assert said[-1] == (0, Failed(0, "late", "killed: it did not stop in time"))
    assert 1.2 <= time.monotonic() - began < 3.2


def test_a_job_past_its_limit_is_asked_to_finish_before_it_is_killed() -> None:
    # asked 0.2 + 0.3 s after its start, killed 1.0 s after that at the earliest
    began = time.monotonic()
    said = all_events(a_job("wait_for_ask", seconds=0.2), grace=BRISK)
    assert said == [(0, "ready"), (0, Ended(0, "finish"))]
    assert 0.5 <= time.monotonic() - began < 1.4


def test_a_job_that_ignores_the_caller_is_killed_in_time() -> None:
    with box([a_job("sleep", 20)], BRISK) as running:
        first_event(running)
        began = time.monotonic()
        running.ask(0, "cancel")
        (end,) = the_rest(running)
    assert isinstance(end, Failed)
    assert end.kind == "late"
    assert 1.0 <= time.monotonic() - began < 3.0


def test_a_stopped_child_does_not_hold_up_its_parent() -> None:
    # 8 MB fit no socket: a parent that waited for them to be read would wait for ever
    with box([a_job("sleep", 20, seconds=0.2)], BRISK) as running:
        pid = first_event(running)
        assert isinstance(pid, int)
        os.kill(pid, signal.SIGSTOP)
        running.send(0, bytes(8 << 20))
        (end,) = the_rest(running)
    assert isinstance(end, Failed)
    assert end.kind == "late"


def test_what_is_called_on_ask_is_called_again_until_the_job_ends() -> None:
    with box([a_job("count_asks", 10)]) as running:
        first_event(running)
        began = time.monotonic()
        running.ask(0, "finish")
        assert the_rest(running) == [Ended(0, 10)]
    # nine pauses of 20 ms
    assert 0.15 <= time.monotonic() - began < 2.0


def test_cancel_outranks_finish() -> None:
    with box([a_job("last_ask")]) as running:
        first_event(running)
        for how in ("finish", "cancel", "finish"):
            running.ask(0, how)
        assert the_rest(running) == [Ended(0, "cancel")]


def test_an_ask_is_seen_while_numpy_is_busy() -> None:
    with box([a_job("multiply", 600)]) as running:
        first_event(running)
        began = time.monotonic()
        running.ask(0, "finish")
        assert the_rest(running) == [Ended(0, "finish")]
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("delay", [0.0, 0.7])
def test_a_cp_sat_search_stops_when_asked_and_keeps_what_it_found(delay: float) -> None:
    # asked before the search has begun, and in the midst of it; unasked it runs for over a minute
    with box([a_job("pack", 1)]) as running:
        assert first_event(running) == "solving"
        time.sleep(delay)
        began = time.monotonic()
        running.ask(0, "finish")
        (end,) = the_rest(running)
    assert time.monotonic() - began < 1.5
    assert isinstance(end, Ended)
    assert end.value in {0.0: ("FEASIBLE", "UNKNOWN"), 0.7: ("FEASIBLE",)}[delay]


def test_messages_reach_a_child_in_order() -> None:
    with box([a_job("relay", 3), a_job("count", 1)]) as running:
        first_event(running)
        for bound in (7, 8, 9):
            running.send(0, bound)
        assert Ended(0, [7, 8, 9]) in the_rest(running)


def test_the_caller_gets_a_look_at_its_clock_even_while_a_child_floods_it() -> None:
    ticks, flood = 0, 0
    with box([a_job("flood", 1.0)]) as running:
        for said in running.events(poll=0.1):
            ticks, flood = ticks + (said is None), flood + (said is not None)
    # a tick every 0.1 s for 1.0 s, some of them late on a busy machine
    assert ticks >= 4
    assert flood > 100


def test_asking_a_job_that_has_ended_does_nothing() -> None:
    with box([a_job("count", 0)]) as running:
        assert the_rest(running) == [Ended(0, 0)]
        running.ask(0, "cancel")
        running.send(0, "too late")
        running.kill(0)
        assert the_rest(running) == []


def test_leaving_early_ends_the_children() -> None:
    pids = []

    def interrupted() -> None:
        with box([a_job("sleep", 20), a_job("sleep", 20)]) as running:
            for said in filter(None, running.events()):
                pids.append(said[1])
                if len(pids) == 2:
                    raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - began < 2.0
    assert not any(psutil.pid_exists(pid) for pid in pids if isinstance(pid, int))


def test_boxes_one_after_another_leave_no_process_and_no_descriptor() -> None:
    all_events(a_job("count", 1))
    me = psutil.Process()
    before = me.num_fds(), {child.pid for child in me.children(recursive=True)}
    for round_ in range(20):
        target = ("count", "read_null", "refuse", "sleep")[round_ % 4]
        with box([a_job(target, 5), a_job("count", 1)]) as running:
            first_event(running)
    assert (me.num_fds(), {child.pid for child in me.children(recursive=True)}) == before


def test_a_payload_that_cannot_be_pickled_starts_nothing() -> None:
    all_events(a_job("count", 1))
    before = psutil.Process().num_fds()
    with pytest.raises(TypeError, match="pickle"), box([a_job("count", 1), a_job("echo", threading.Lock())]):
        raise AssertionError("the box must not open")
    assert psutil.Process().num_fds() == before


def test_a_process_that_cannot_be_started_has_died() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))  # no further descriptor is to be had
    try:
        said = all_events(a_job("count", 1))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert said == [(0, Failed(0, "died", "not started: OSError"))]


def test_threads_may_have_a_box_each() -> None:
    ends: list[object] = []
    codes = [3, 4, 5, 6]

    def run(code: int) -> None:
        ends.extend(last_word("leave", code) for _ in range(5))

    threads = [threading.Thread(target=run, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # nobody reads another's exit code: five of each
    assert sorted(end.detail for end in ends if isinstance(end, Failed)) == sorted(
        f"exit {code}" for code in codes for _ in range(5)
    )
