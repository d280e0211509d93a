"""Rotas as versions of a team's week: added as drafts, with their slots and bookings as rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from api.store.inserting import insert_new
from api.store.moment import minute_of, now
from api.store.seats import numbered
from api.store.tables import Booking, Diary, Job, Rota, Slot, Week


def add_version(s: Session, job: Job, document: Mapping[str, Any]) -> Rota:
    """Keep the rota of a job as the next version of its team's week, a draft; its id is the job's.

    Parameters
    ----------
    document
        As in interface.md; its diaries' entries of kind ``appointment`` become slots, their appointments
        bookings.
    """
    week = locked_week(s, job.team, job.week)
    parent = job.parent if job.parent and s.get(Rota, job.parent) else None
    last = s.scalar(select(func.max(Rota.version)).where(Rota.team == job.team, Rota.week == week.start))
    rota = Rota(
        id=job.id,
        team=job.team,
        week=week.start,
        version=(last or 0) + 1,
        parent=parent,
        state="draft",
        document=dict(document),
        created=now(),
    )
    s.add(rota)
    s.flush()
    _add_rows(s, rota)
    return rota


def etag(s: Session, rota: Rota) -> str:
    """A strong ETag, quotes included: of this rota, its state, and what is published for its week.

    So whoever publishes with it has seen the week as it is: after another rota of the week was published it
    is stale.
    """
    revision = s.scalar(select(Week.revision).where(Week.team == rota.team, Week.start == rota.week))
    told = f"{rota.id} {rota.version} {rota.state} {revision}"
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def locked_week(s: Session, team: str, start: date) -> Week:
    """A team's week as it is now; until the transaction ends nobody else adds or publishes a rota of it."""
    insert_new(s, Week, {"team": team, "start": start, "revision": 0})
    query = select(Week).where(Week.team == team, Week.start == start).with_for_update()
    return s.scalars(query.execution_options(populate_existing=True)).one()


def _add_rows(s: Session, rota: Rota) -> None:
    diaries = rota.document["diaries"]
    seats = numbered(s, rota.team, [diary["clinician"] for diary in diaries])
    if seats:
        s.execute(insert(Diary), [{"rota": rota.id, "seat": seat} for seat in seats.values()])
    told = list(_slots(rota, seats))
    if not told:
        return
    rows = [slot for slot, _ in told]
    made = s.scalars(insert(Slot).returning(Slot.id, sort_by_parameter_order=True), rows).all()
    s.execute(
        insert(Booking),
        [
            {"rota": rota.id, "appointment": appointment, "slot": slot, "place": place}
            for slot, (_, appointments) in zip(made, told, strict=True)
            for place, appointment in enumerate(appointments, 1)
        ],
    )


def _slots(rota: Rota, seats: Mapping[str, int]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    for diary in rota.document["diaries"]:
        for entry in diary["entries"]:
            if entry["kind"] == "appointment":
                starts, ends = minute_of(entry["start"]), minute_of(entry["end"])
                row = {"rota": rota.id, "state": rota.state, "seat": seats[diary["clinician"]]}
                yield row | {"starts": starts, "ends": ends}, entry["appointments"]
