"""Requests as they were asked, in one form, once a team."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.problems import Refused
from api.store.inserting import insert_new
from api.store.moment import now
from api.store.tables import Request
from solver.question.canonical import canonical

FORGOTTEN = b"{}"
"""What stands in the place of a request that is kept no more."""


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
    if not insert_new(s, Request, {"team": team, "sha256": name, "body": plain, "kept": now()}):
        _renew(s, team, name, plain)
    return name


def body(s: Session, team: str, sha256: str) -> bytes:
    """A request in canonical form.

    Raises
    ------
    Refused
        ``request_gone`` if it is kept no more.
    sqlalchemy.exc.NoResultFound
        If the team has no such request.
    """
    found = s.scalars(select(Request.body).filter_by(team=team, sha256=sha256)).one()
    if found == FORGOTTEN:
        raise Refused("request_gone")
    return found


def _renew(s: Session, team: str, sha256: str, plain: bytes) -> None:
    """Have a request's time begin anew, which also keeps a prune at the same time from it."""
    same = update(Request).filter_by(team=team, sha256=sha256)
    s.execute(same.values(kept=now()))
    s.execute(same.where(Request.body == FORGOTTEN).values(body=plain))
