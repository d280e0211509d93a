"""What stands in an address: nothing that the operation does not know, and nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.routing import APIRoute

from api.problems import Refused
from api.problems.faults import Parameter

_LONGEST = 2000
_ID = r"^[A-Za-z0-9._-]{1,64}$"

Id = Annotated[str, Path(pattern=_ID)]
Week = Annotated[
    str, Query(description="Local date of the week's Monday.", pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
]


def check(request: Request) -> None:
    """Refuse an address with parameters that are unknown, doubled, or no text.

    Raises
    ------
    Refused
        `uri_too_long`, or `invalid_request` with a fault for each.
    """
    raw = request.scope.get("query_string", b"")
    if len(raw) > _LONGEST:
        raise Refused("uri_too_long")
    faults = list(_faults(request))
    if faults:
        raise Refused("invalid_request", faults=faults)


def monday(text: str) -> date:
    """The Monday that a parameter names.

    Raises
    ------
    Refused
        `invalid_request` if it is no date, or no Monday.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.weekday() != 0 or not 2000 <= found.year < 2200:
        raise Refused("invalid_request", faults=[Parameter("invalid_parameter", "/week", "", "query")])
    return found


def must_be_id(text: str) -> None:
    """Refuse what cannot be anything's id, as if it were looked for and not found.

    Raises
    ------
    Refused
        `not_found`.
    """
    if not re.fullmatch(_ID, text):
        raise Refused("not_found")


def _faults(request: Request) -> Iterator[Parameter]:
    route = request.scope.get("route")
    known = {field.alias for field in route.dependant.query_params} if isinstance(route, APIRoute) else set()
    for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
        if name not in known:
            yield Parameter("unknown_parameter", "", "", "query")
        elif times > 1:
            yield Parameter("duplicate_parameter", f"/{name}", "", "query")
