"""Requests as they were asked, in one form, once a team."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.inserting import insert_new
from api.store.moment import now
from api.store.tables import Request
from solver.question.canonical import canonical


def keep(s: Session, team: str, body: bytes) -> str:
    """Keep a request, unless the team has asked the same before.

    Parameters
    ----------
    body
        Strict JSON that has been read before; any spelling of it.

    Returns
    -------
    str
        Its name in the team: the SHA-256 of its canonical form, as the rota's provenance tells it.
    """
    plain = canonical(json.loads(body))
    name = hashlib.sha256(plain).hexdigest()
    insert_new(s, Request, {"team": team, "sha256": name, "body": plain, "kept": now()})
    return name


def body(s: Session, team: str, sha256: str) -> bytes:
    """A request in canonical form.

    Raises
    ------
    sqlalchemy.exc.NoResultFound
        If the team has no such request.
    """
    return s.scalars(select(Request.body).filter_by(team=team, sha256=sha256)).one()
