"""A clinician's page: their week in plain words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.routes import views
from api.routes.apart import KEPT, NEAR
from api.routes.conditional import answered, tag_of
from api.routes.desk import Answers, Desk
from api.routes.diaries import Which
from api.routes.parameters import Id, Week, monday
from api.routes.service import person_of, service_of
from api.routes.shapes_diaries import PageDocument
from api.routes.stored import Stored, kept
from api.store import audit, rotas
from solver.explain.page import page

desk = Desk("diaries")


@desk.get(
    "/v1/clinicians/{id}/page",
    "diaries.page",
    "One clinician's week in plain words.",
    Answers(PageDocument, conditional=True),
)
def read(request: Request, id: Id, week: Week, publication: Which = None) -> Response:  # noqa: A002
    """What the week holds, and what if everyone comes; how likely it is to run over, and what protects it.

    Clinicians read their own, drafts too. It names appointments, as the diary does, and no patient.
    """
    who, service = person_of(request), service_of(request)
    start = monday(week)
    with service.database.write() as s:
        rota = rotas.diary_of(s, who.team, id, start, publication)
        found = kept(s, who, rota)
        audit.note(s, who, "diaries.page", f"clinician:{id}", f"rota:{rota.id} week {week}")
    key = ("page", found.rota, id, found.standing)
    told = KEPT.get(key, lambda: in_words(found, id, who.team), dict)
    named = {"rota": found.rota, "version": found.version, "publication": found.standing}
    content = views.to_bytes({**named, **told})
    return answered(request, content, tag_of(content))


def in_words(stored: Stored, clinician: str, team: str) -> dict[str, Any]:
    """The page of a diary that the rota holds, as JSON: `shapes_diaries.PageDocument`, less its rota."""
    with NEAR.taken(team):
        question, rota = stored.read()
        index = next(one.index for one in question.clinic.clinicians if one.id == clinician)
        return asdict(page(question.clinic, rota, index, standing=stored.standing))
