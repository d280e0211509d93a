"""The main program of a worker: ``python -m api.jobs.worker``, or ``rota worker``."""

from __future__ import annotations

import argparse
import logging
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from time import sleep

import structlog
from sqlalchemy import make_url

from api.jobs.niceness import nicely
from api.jobs.process import Process
from api.jobs.recommending import Finding
from api.jobs.recommending import in_child_processes as find_in_child_processes
from api.jobs.settings import Worker
from api.jobs.solving import Solving, in_child_processes
from api.watching import cores, logs

LOG = structlog.get_logger("rota.jobs")

DATABASE = "ROTA_DATABASE_URL"
"""The variable that names the store; a password must not stand on a command line."""


def main() -> None:
    """Work as a child of the service: until its end, or the service's."""
    parser = argparse.ArgumentParser(prog="worker")
    parser.add_argument("--slots", type=int, default=1)
    parser.add_argument("--drain-seconds", type=float, default=Worker().drain_seconds)
    told = parser.parse_args()
    settings = Worker(slots=told.slots, drain_seconds=told.drain_seconds)
    work(os.environ[DATABASE], settings, still_wanted=parent_lives)


def work(
    database_url: str,
    settings: Worker,
    solving: Solving = in_child_processes,
    still_wanted: Callable[[], bool] = lambda: True,
    finding: Finding = find_in_child_processes,
) -> None:
    """Solve jobs until SIGTERM; this process is a worker from then on, and nothing else.

    On SQLite one worker works at a time: a second one stands by.
    """
    cores.none_from_here()
    logs.configure()
    _drop_standard_output()
    with _alone(database_url, still_wanted) as alone:
        if still_wanted():
            nice = nicely(settings.niceness, solving), nicely(settings.niceness, finding)
            process = Process(database_url, settings, *nice, alone=alone)
            process.drain_on(signal.SIGTERM, signal.SIGINT)
            process.run(still_wanted)
        logging.shutdown()
        sys.stderr.flush()
        os._exit(0)  # threads of libraries wait for nothing that matters any more


def parent_lives() -> bool:
    """Whether the other end of standard input is still held."""
    ready, _, _ = select.select([0], [], [], 0)
    return not ready or bool(os.read(0, 1))


def _drop_standard_output() -> None:
    """Drop what libraries print: HiGHS has lines that no option turns off, and logs are lines of JSON."""
    sys.stdout.flush()
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)


@contextmanager
def _alone(database_url: str, still_wanted: Callable[[], bool]) -> Iterator[bool]:
    """Hold the lock of an SQLite database, once it is free; whether there is one to hold."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield False
        return
    with Path(f"{url.database}-worker").open("wb") as file:
        while still_wanted():
            try:
                flock(file, LOCK_EX | LOCK_NB)
                break
            except BlockingIOError:
                sleep(0.1)
        yield True


if __name__ == "__main__":
    main()
