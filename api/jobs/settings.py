"""How the jobs of a service are run; one small frozen object a concern."""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "1"
"""Of the tickets. Not a hash of the source: a change of the source must not strand what waits."""

QUEUE = "solve"
TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Intake:
    """How much may wait: jobs of all teams together, and of one team; what it is given if it says nothing."""

    most_waiting: int = 1000
    most_waiting_of_a_team: int = 500
    retry_after_seconds: int = 30
    recommend_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between looks, and until a silence means something.

    ``beat`` is the time between two signs of life of a worker, ``dead_after`` the silence after which its
    jobs are given to others, ``poll`` the time between two looks for tickets, ``poll_beside_bell`` the same
    where a bell tells of jobs at once (on PostgreSQL), ``ask`` between two looks at what somebody wants of a
    running job, ``told`` between two writes of its progress. Spent tickets stay for ``ticket``, and are
    looked for as often.
    """

    beat: float = 1.0
    dead_after: float = 6.0
    poll: float = 0.1
    poll_beside_bell: float = 0.5
    ask: float = 0.25
    told: float = 0.5
    ticket: float = 3600.0


@dataclass(frozen=True, slots=True)
class Worker:
    """One process that solves.

    ``slots`` jobs run at once. A job is solved at most ``most_attempts`` times, since workers may die for
    other reasons than the job; then it ends with the best that it has told, or a rota made without a solver.
    A drain waits ``drain_seconds`` for running jobs, then hands them back with the best that they have found.
    """

    slots: int = 1
    most_attempts: int = 12
    drain_seconds: float = 20.0
    niceness: int = 10
    pace: Pace = Pace()
