"""What every operation needs: the store, who people are, the box of tickets, and where to count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from fastapi import Request

from api.jobs.settings import Intake
from api.people import People, Person
from api.routes.pace import Pace
from api.routes.sse import Rhythm
from api.store import Database, beats
from api.watching.metrics import Metrics

_ALIVE_SECONDS = 10.0


@dataclass(frozen=True)
class Service:
    """One process that answers.

    Parameters
    ----------
    database
        The store; it has been migrated.
    people
        Tells who somebody is by what they show.
    announce
        Called with the id of a job once its row is committed: puts its ticket.
    intake
        How much may wait.
    metrics
        Where it counts.
    pace
        How fast somebody may ask.
    rhythm
        Of the streams of events.
    demo
        Whether to say on every answer that this is a demonstration.
    draining
        Once set, streams end and `/readyz` says no.
    """

    database: Database
    people: People
    announce: Callable[[str], object]
    intake: Intake = field(default_factory=Intake)
    metrics: Metrics = field(default_factory=Metrics)
    pace: Pace = field(default_factory=Pace)
    rhythm: Rhythm = field(default_factory=Rhythm)
    demo: bool = False
    draining: Event = field(default_factory=Event)

    def workers(self) -> int:
        """How many workers are alive and take jobs."""
        with self.database.read() as s:
            return beats.alive(s, _ALIVE_SECONDS)


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    found = request.app.state.service
    assert isinstance(found, Service)
    return found


def person_of(request: Request) -> Person:
    """Whoever asks; the gate has let them in."""
    found = request.state.person
    assert isinstance(found, Person)
    return found


def own_of(request: Request) -> str | None:
    """The only clinician whose things whoever asks may see; None: all of the team's."""
    found = request.state.own
    assert found is None or isinstance(found, str)
    return found
