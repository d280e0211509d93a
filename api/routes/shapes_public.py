"""What anybody may read: the answers' JSON."""

from __future__ import annotations

from typing import Literal

from api.routes.shapes import Answer


class ProblemMeaning(Answer):
    """What a problem's type means."""

    type: str
    code: str
    status: int
    title: str
    meaning: str


class Health(Answer):
    """Whether the process is alive."""

    status: Literal["ok"]


class Readiness(Answer):
    """Whether the service can do its work."""

    status: Literal["ready"]
    workers: int
