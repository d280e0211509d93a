"""Jobs come in, and are told to stop.

Each function writes in the caller's transaction, so that a key, a job and its audit stand or fall together.

When the transaction is committed the caller puts a ticket for each job (`api.jobs.tickets`); if it does not
come to that, the sweep will.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from api.jobs import told
from api.jobs.settings import Intake
from api.problems import Refused
from api.store import jobs, rotas, turns
from api.store.tables import ENDED, RECOMMEND, Job
from solver.question.faults import BadRequest, Fault
from solver.question.reading import Question, read_request


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a solve, and how much of it.

    Parameters
    ----------
    team, by
        Whose job it is, and who asked.
    priority
        0 to 9; within a team a higher one is solved first.
    seconds
        Time limit of the solve; None: the request's own.
    deadline
        When the rota is needed; the solve ends by then, and a job that waited past it fails.
    """

    team: str
    by: str
    priority: int = 5
    seconds: float | None = None
    deadline: datetime | None = None
    batch: str | None = None
    parent: str | None = None


def accept(s: Session, intake: Intake, asked: Asked, body: bytes, question: Question | None = None) -> Job:
    """Take a request in; the job waits from then on.

    Parameters
    ----------
    body
        The request as it was sent.
    question
        What it asks, if it has been read already.

    Raises
    ------
    BadRequest
        If something is wrong with the request.
    Refused
        ``queue_full``, with ``Retry-After``.
    """
    question = question or read_request(body)
    _make_room(s, intake, asked.team)
    job = jobs.add(
        s,
        team=asked.team,
        body=body,
        week=date.fromisoformat(str(question.request.week.start)),
        kind="replan" if asked.parent else "solve",
        parent=asked.parent,
        batch=asked.batch,
        priority=asked.priority,
        seconds=asked.seconds if asked.seconds is not None else question.effort.seconds,
        deadline=asked.deadline,
        created_by=asked.by,
    )
    told.state(s, job)
    return job


def read_batch(bodies: Sequence[bytes]) -> list[Question]:
    """What many requests ask.

    Raises
    ------
    BadRequest
        If something is wrong with one; its pointers begin with ``/requests/0``, say.
    """
    questions: list[Question] = []
    faults: list[Fault] = []
    for index, body in enumerate(bodies):
        try:
            questions.append(read_request(body))
        except BadRequest as wrong:
            faults += of_one(index, wrong.faults)
    if faults:
        raise BadRequest(faults)
    return questions


def of_one(index: int, faults: Iterable[Fault]) -> list[Fault]:
    """Faults of one request of a batch, as the batch's."""
    return [replace(fault, pointer=f"/requests/{index}{fault.pointer}") for fault in faults]


def accept_batch(
    s: Session, intake: Intake, asked: Asked, bodies: Sequence[bytes], questions: Sequence[Question]
) -> list[Job]:
    """Take many requests in, as they were sent and read, or none; the jobs are of ``asked.batch``.

    Raises
    ------
    Refused
        ``queue_full``.
    """
    return [accept(s, intake, asked, body, q) for body, q in zip(bodies, questions, strict=True)]


def revise(s: Session, intake: Intake, asked: Asked, parent: Job, body: bytes | None = None) -> Job:
    """Plan a week again, given what was planned.

    The child's request holds the parent's bookings as ``published``, so the rule ``moved`` counts who has
    to be called. Bookings whose appointment or clinician the new request has no more are left out.

    Parameters
    ----------
    body
        The week as it stands now; None: as it stood.

    Raises
    ------
    BadRequest
        If something is wrong with the request.
    Refused
        ``not_done`` while the parent has no rota, ``conflict`` if it will have none or the request is of
        another week, ``queue_full``; ``request_gone`` without a body where the parent's is kept no more.
    """
    rota = rotas.of_job(s, parent)
    given = body if body is not None else jobs.body(s, parent)
    told_now = json.loads(given) | {"published": []}
    read_request(json.dumps(told_now))
    told_now["published"] = list(_still_there(told_now, rota.document["bookings"]))
    child = json.dumps(told_now).encode()
    question = read_request(child)
    if date.fromisoformat(str(question.request.week.start)) != parent.week:
        raise Refused("conflict", "The request is of another week than the rota that it revises.")
    return accept(s, intake, replace(asked, parent=parent.id), child, question)


def recommend(s: Session, intake: Intake, asked: Asked, parent: Job) -> Job:
    """Find out what would bring a rota closer to its targets; the job is about the parent's rota.

    Raises
    ------
    Refused
        ``not_done`` while the parent has no rota, ``conflict`` if it will have none, ``request_gone``,
        ``queue_full``.
    """
    rotas.of_job(s, parent)
    body = jobs.body(s, parent)
    _make_room(s, intake, asked.team)
    job = jobs.add(
        s,
        team=asked.team,
        body=body,
        week=parent.week,
        kind=RECOMMEND,
        parent=parent.id,
        priority=asked.priority,
        seconds=asked.seconds if asked.seconds is not None else intake.recommend_seconds,
        deadline=asked.deadline,
        created_by=asked.by,
    )
    told.state(s, job)
    return job


def stop(s: Session, job: Job, how: str) -> Job:
    """Ask a job to stop: ``cancel``, or ``finish`` to keep the best as its answer.

    One that waits is cancelled at once; one that runs ends soon, and its best rota is kept either way.

    Raises
    ------
    Refused
        ``conflict`` if it has ended, or waits and cannot be finished.
    """
    if job.state in ENDED:
        raise Refused("conflict", "The job has ended.")
    if job.state == "queued" and how == "finish":
        raise Refused("conflict", "The job has not begun; it can be cancelled.")
    if job.asked != "cancel":
        job.asked = how
    if job.state == "queued":
        told.cancelled(s, job)
    elif job.asked == "cancel" and job.state != "cancelling":
        job.state = "cancelling"
        told.state(s, job)
    return job


def _make_room(s: Session, intake: Intake, team: str) -> None:
    full = turns.waiting(s) >= intake.most_waiting or turns.waiting(s, team) >= intake.most_waiting_of_a_team
    if full:
        raise Refused("queue_full", headers={"Retry-After": str(intake.retry_after_seconds)})


def _still_there(
    request: Mapping[str, Any], bookings: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    appointments = {a["id"] for a in request["appointments"]}
    clinicians = {c["id"] for c in request["clinicians"]}
    for booking in bookings:
        if booking["appointment"] in appointments and booking["clinician"] in clinicians:
            yield {name: booking[name] for name in ("appointment", "clinician", "start")}
