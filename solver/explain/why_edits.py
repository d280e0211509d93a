"""Changes of a request, as JSON patches (RFC 6902: ``replace``, and ``add`` at the end of a list)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from solver.question.faults import BadRequest
from solver.question.reading import Question, question_of
from solver.question.request import Request


@dataclass(frozen=True, slots=True)
class Edit:
    """One operation of a JSON patch on a request with every field filled in."""

    op: str
    path: str
    value: Any

    def plain(self) -> dict[str, Any]:
        """The operation as JSON."""
        return {"op": self.op, "path": self.path, "value": self.value}


def replaced(value: object, *path: str | int) -> Edit:
    """A field with a new value."""
    return Edit("replace", "".join(f"/{part}" for part in path), value)


def added(value: object, *path: str | int) -> Edit:
    """One more item at the end of a list."""
    return Edit("add", "".join(f"/{part}" for part in path) + "/-", value)


def patched(request: Request, edits: Sequence[Edit]) -> Question | None:
    """The question that a changed request asks; None where it is not well asked any more."""
    told = request.model_dump(mode="json")
    for edit in edits:
        _apply(told, edit)
    try:
        return question_of(Request.model_validate_json(json.dumps(told)))
    except (BadRequest, ValueError):
        return None


def _apply(told: Any, edit: Edit) -> None:  # noqa: ANN401 (any JSON)
    *path, last = edit.path.split("/")[1:]
    for part in path:
        told = told[int(part)] if isinstance(told, list) else told[part]
    if edit.op == "add":
        told.append(edit.value)
    elif isinstance(told, list):
        told[int(last)] = edit.value
    else:
        told[last] = edit.value
