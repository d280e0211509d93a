"""The week as one printable page, and its plots."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import partial
from hashlib import sha256
from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from api.problems import Refused
from api.routes.apart import APART, KEPT, Late, apart, too_long
from api.routes.apart_work import AskedReport, No
from api.routes.conditional import answered, tag_of
from api.routes.desk import Answers, Desk
from api.routes.parameters import Id
from api.routes.service import Service, person_of, service_of
from api.routes.stored import Version, stored
from api.store import audit

desk = Desk("explaining")

HTML, PNG = "text/html", "image/png"
SECONDS = 60.0
"""The longest: where fonts have to be looked for first."""

Plot = Annotated[
    str,
    Path(
        pattern=r"^(verdict|levers|week-board|delivered-hours|full-days|risk-map|unplaced)(-[0-9]{1,2})?$",
        description="With many clinicians a plot is in parts: `-1`, `-2`.",
    ),
]

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@desk.get(
    "/v1/rotas/{id}/report",
    "rotas.report",
    "The week as one printable page.",
    Answers(
        media_type=HTML, conditional=True, headers={"Content-Security-Policy": "Only the page's own style."}
    ),
)
def report(request: Request, id: Id, version: Version = None) -> Response:  # noqa: A002
    """Boards, distributions, risks, verdict, unplaced, a table beside each picture; it needs no network."""
    content = _made(request, id, version, None)
    answer = answered(request, content, tag_of(content), HTML)
    answer.headers["Content-Security-Policy"] = policy(content.decode())
    return answer


@desk.get(
    "/v1/rotas/{id}/report/{plot}.png",
    "rotas.plot",
    "One plot of the report.",
    Answers(media_type=PNG, conditional=True, schema={"type": "string", "format": "binary"}),
)
def plot(request: Request, id: Id, plot: Plot, version: Version = None) -> Response:  # noqa: A002
    """As a picture; a plot that the week has nothing for is not there."""
    content = _made(request, id, version, plot)
    return answered(request, content, tag_of(content), PNG)


def policy(page: str) -> str:
    """A content security policy under which a page may use its own style sheets and nothing else.

    Style in attributes is let through: pictures are drawn with it, and all that comes from a rota is escaped.
    """
    digests = (b64encode(sha256(style.encode()).digest()).decode() for style in _STYLE.findall(page))
    sheets = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    return (
        f"default-src 'none'; style-src {sheets}; style-src-attr 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _made(request: Request, name: str, version: int | None, plot: str | None) -> bytes:
    who, service = person_of(request), service_of(request)
    with service.database.write() as s:
        rota = stored(s, who, name, version)
        audit.note(s, who, "rotas.report" if plot is None else "rotas.plot", f"rota:{rota.rota}")
    asked = AskedReport(rota.body, rota.text, rota.standing, plot)
    return KEPT.get(
        ("report", rota.rota, rota.standing, plot), partial(_drawn, service, who.team, asked), bytes
    )


def _drawn(service: Service, team: str, asked: AskedReport) -> bytes:
    try:
        with APART.taken(team):
            drawn = apart(service, "api.routes.apart_report:report", asked, SECONDS)
    except Late:
        raise too_long() from None
    if isinstance(drawn, No):
        raise Refused(drawn.code)
    assert isinstance(drawn, bytes)
    return drawn
