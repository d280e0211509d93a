"""Rotas: versions of weeks, found and read; what writes them stands in `versions` and `publication`."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from api.problems import Refused
from api.store.publication import publish
from api.store.seats import number
from api.store.tables import ENDED, Diary, Job, Rota
from api.store.versions import add_version, etag

__all__ = ["add_version", "diary_of", "etag", "get", "of_job", "of_week", "publish", "weeks_of"]


def get(s: Session, team: str, rota: str) -> Rota | None:
    """A team's rota by the id of its job; None if there is none (yet), or it is another team's."""
    found = s.get(Rota, rota)
    return found if found is not None and found.team == team else None


def of_job(s: Session, job: Job) -> Rota:
    """The rota of a job.

    Raises
    ------
    Refused
        ``not_done`` while there is none yet, ``conflict`` if the job has ended without one.
    """
    rota = get(s, job.team, job.id)
    if rota is not None:
        return rota
    if job.state in ENDED:
        raise Refused("conflict", "The job has ended without a rota.")
    raise Refused("not_done", headers={"Retry-After": "2"})


def of_week(s: Session, team: str, week: date) -> list[Rota]:
    """All rotas of a team's week, the newest first."""
    query = select(Rota).where(Rota.team == team, Rota.week == week).order_by(Rota.version.desc())
    return list(s.scalars(query))


def diary_of(s: Session, team: str, clinician: str, week: date, state: str | None = None) -> Rota:
    """The rota that holds a clinician's diary of a week.

    Parameters
    ----------
    state
        ``published`` or ``draft`` (the newest); None: the published one, or else the newest draft.

    Raises
    ------
    Refused
        ``not_found`` if none does.
    """
    query = _holding(s, team, clinician).where(Rota.week == week)
    if state is not None:
        query = query.where(Rota.state == state)
    found = s.scalar(query.limit(1))
    if found is None:
        raise Refused("not_found")
    return found


def weeks_of(s: Session, team: str, clinician: str) -> list[Rota]:
    """The rota of each of a clinician's weeks, in order: the published one, or else the newest draft."""
    held = _holding(s, team, clinician).with_only_columns(Rota.week, Rota.id)
    best: dict[date, str] = {}
    for week, rota in s.execute(held):
        best.setdefault(week, rota)
    return list(s.scalars(select(Rota).where(Rota.id.in_(best.values())).order_by(Rota.week)))


def _holding(s: Session, team: str, clinician: str) -> Select[Rota]:
    """Rotas that hold a clinician's diary, published ones before drafts, newer before older."""
    return (
        select(Rota)
        .join(Diary, Diary.rota == Rota.id)
        .where(Diary.seat == number(s, team, clinician), Rota.team == team, Rota.state != "superseded")
        .order_by(Rota.state.desc(), Rota.version.desc())
    )
