"""A clinician's diary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from starlette.responses import Response

from api.routes import views
from api.routes.conditional import answered, tag_of
from api.routes.desk import Answers, Desk
from api.routes.everyone import if_everyone_attends
from api.routes.parameters import Id, Week, monday
from api.routes.service import person_of, service_of
from api.routes.shapes_diaries import DiaryDocument
from api.store import audit, rotas
from api.store.tables import Rota

desk = Desk("diaries")

Which = Annotated[
    Literal["published", "draft"] | None,
    Query(description="Absent: the published one, and the newest draft where none is."),
]


@desk.get(
    "/v1/clinicians/{id}/diary",
    "diaries.get",
    "One clinician's week.",
    Answers(DiaryDocument, conditional=True),
)
def diary(request: Request, id: Id, week: Week, publication: Which = None) -> Response:  # noqa: A002
    """Entries, risk, and what comes of it if everyone attends."""
    who = person_of(request)
    start = monday(week)
    with service_of(request).database.write() as s:
        rota = rotas.diary_of(s, who.team, id, start, publication)
        content = views.to_bytes(told(rota, id))
        audit.note(s, who, "diaries.get", f"clinician:{id}", f"rota:{rota.id} week {week}")
    return answered(request, content, tag_of(content))


def told(rota: Rota, clinician: str) -> dict[str, Any]:
    """A diary of a rota: `shapes_diaries.DiaryDocument`."""
    found = diary_in(rota.document, clinician)
    return {
        "clinician": clinician,
        "week": rota.week.isoformat(),
        "rota": rota.id,
        "version": rota.version,
        "publication": rota.state,
        "target_minutes": found["target_minutes"],
        "ceiling_minutes": found["ceiling_minutes"],
        "entries": found["entries"],
        "risk": found["risk"],
        "if_everyone_attends": if_everyone_attends(found, rota.document["bookings"]),
    }


def diary_in(document: Mapping[str, Any], clinician: str) -> Mapping[str, Any]:
    """One clinician's diary in the document of a rota that holds it."""
    found: Mapping[str, Any] = next(one for one in document["diaries"] if one["clinician"] == clinician)
    return found
