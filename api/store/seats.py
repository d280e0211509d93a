"""Clinicians under their numbers."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.inserting import insert_new
from api.store.tables import Seat


def numbered(s: Session, team: str, clinicians: Collection[str]) -> dict[str, int]:
    """The numbers of a team's clinicians; who has none is given one."""
    wanted = set(clinicians)
    known = _known(s, team)
    for clinician in sorted(wanted - known.keys()):
        insert_new(s, Seat, {"team": team, "clinician": clinician})
    if wanted - known.keys():
        known = _known(s, team)
    return {clinician: known[clinician] for clinician in wanted}


def number(s: Session, team: str, clinician: str) -> int | None:
    """The number of one clinician; None for one who never was in a rota."""
    return s.scalar(select(Seat.id).where(Seat.team == team, Seat.clinician == clinician))


def _known(s: Session, team: str) -> dict[str, int]:
    found = s.execute(select(Seat.clinician, Seat.id).where(Seat.team == team))
    return dict(found.all())
