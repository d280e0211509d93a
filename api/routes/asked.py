"""The bodies of the service's own; a week's is `solver.question.request.Request`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.routes.bodies import Body
from solver.answer.shape import RotaDocument
from solver.question.request import Request

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Role = Literal["booking", "clinician", "manager", "integrator"]

MOST_IN_A_BATCH = 200


class Evaluate(Body):
    """A rota, and the request that it answers."""

    request: Request
    rota: RotaDocument = Field(
        description="Ours or made by hand; beyond bookings, unplaced and diaries all is passed over."
    )


class Batch(Body):
    """Many weeks at once, of one service or of many."""

    requests: tuple[Request, ...] = Field(min_length=1, max_length=MOST_IN_A_BATCH)


class Key(Body):
    """A key for a program."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^[ -~]+$", description="What it is for.")
    roles: tuple[Role, ...] = Field(min_length=1, max_length=4)


class Feed(Body):
    """A calendar's address for one clinician."""

    clinician: Id
