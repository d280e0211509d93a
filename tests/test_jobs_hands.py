"""The hands of a worker: never more jobs at once than slots, and no ring unheard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Lock, Semaphore
from time import monotonic, sleep

from api.jobs.hands import Hands

LONG = 20.0
"""Seconds after which what has not happened will not; on a busy machine it may take one or two."""


class Looking:
    """Looks for jobs that take until they are let go; how many looked at once, and in all."""

    def __init__(self) -> None:
        self._lock, self._let_go, self._began = Lock(), Semaphore(0), Semaphore(0)
        self.now = self.most = self.all = 0

    def __call__(self) -> int:
        """Look; the number of this look."""
        with self._lock:
            self.now, self.all = self.now + 1, self.all + 1
            self.most = max(self.most, self.now)
            mine = self.all
        self._began.release()
        self._let_go.acquire()
        with self._lock:
            self.now -= 1
        return mine

    def await_one(self) -> bool:
        """Whether one more has begun."""
        return self._began.acquire(timeout=LONG)

    def let_go(self, count: int = 1) -> None:
        """Let so many end."""
        self._let_go.release(count)


@contextmanager
def hands(count: int, serve: Callable[[], int]) -> Iterator[tuple[Hands, Event]]:
    """Hands that hear rings, and what ends it."""
    draining = Event()
    some = Hands(count, serve, draining)
    some.start()
    try:
        yield some, draining
    finally:
        draining.set()


def came(true: Callable[[], bool]) -> bool:
    """Whether something is so before long."""
    until = monotonic() + LONG
    while not true():
        if monotonic() > until:
            return False
        sleep(0.005)
    return True


def test_a_ring_has_a_free_hand_look_at_once() -> None:
    looking = Looking()
    with hands(1, looking) as (some, _):
        some.ring()
        assert looking.await_one()
        assert some.busy()
        looking.let_go()
        assert came(lambda: not some.busy())
    assert looking.all == 1


def test_rings_and_tickets_together_fill_no_more_hands_than_there_are() -> None:
    looking = Looking()
    with hands(2, looking) as (some, _), ThreadPoolExecutor(3) as tickets:
        held: list[Future[int]] = [tickets.submit(some.ticket) for _ in range(3)]
        some.ring()
        assert looking.await_one()
        assert looking.await_one()
        looking.let_go(4)  # Three tickets and a ring: all four looked in the end, two at a time.
        assert looking.await_one()
        assert looking.await_one()
        numbers = {ticket.result(LONG) for ticket in held}
    assert (looking.most, looking.all) == (2, 4)
    assert len(numbers) == 3
    assert numbers < {1, 2, 3, 4}


def test_what_rings_while_all_hands_are_full_is_looked_for_once_when_one_is_free() -> None:
    looking = Looking()
    with hands(1, looking) as (some, _):
        some.ring()
        assert looking.await_one()
        for _ in range(5):
            some.ring()
        looking.let_go()
        assert looking.await_one()
        looking.let_go()
        assert came(lambda: not some.busy())
    assert looking.all == 2


def test_a_ticket_that_waits_for_a_hand_is_given_back_when_the_worker_drains() -> None:
    looking = Looking()
    with hands(1, looking) as (some, draining), ThreadPoolExecutor(2) as tickets:
        first = tickets.submit(some.ticket)
        assert looking.await_one()
        second = tickets.submit(some.ticket)
        draining.set()
        assert second.result(LONG) == 0  # while the first still has the hand
        looking.let_go()
        assert first.result(LONG) == 1
    assert looking.all == 1


def test_a_look_that_fails_leaves_its_hand_free() -> None:
    tried = Semaphore(0)

    def failing() -> int:
        tried.release()
        raise OSError

    with hands(1, failing) as (some, _):
        for _ in range(2):
            some.ring()
            assert tried.acquire(timeout=LONG)
        assert came(lambda: not some.busy())
