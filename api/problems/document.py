"""The one form of an error: RFC 9457 `application/problem+json`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from api.problems.faults import told
from api.problems.refused import Refused

MEDIA_TYPE = "application/problem+json"


class FaultDocument(BaseModel):
    """One thing that is wrong with what was sent."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    code: str = Field(description="Stable, in snake_case.")
    place: Literal["body", "query", "path", "header"] = Field(alias="in")
    pointer: str = Field(description="RFC 6901 JSON pointer into the body, or into the parameters by name.")
    title: str = Field(description="What the code means.")


class ProblemDocument(BaseModel):
    """Why the service says no. Nothing that was sent stands in it."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(
        description="`/v1/problems/{code}`, which can be read.", pattern="^/v1/problems/[a-z_]+$"
    )
    code: str = Field(description="The last part of `type`.")
    title: str
    status: int = Field(ge=400, le=599)
    detail: str | None = Field(None, description="A sentence on this case.")
    instance: str | None = Field(
        None, description="The answer's `X-Request-Id`, as a URN; the log has it too."
    )
    faults: list[FaultDocument] = Field(default_factory=list)


class ProblemResponse(JSONResponse):
    """An answer that says no."""

    media_type = MEDIA_TYPE


def answer(refused: Refused, request_id: str | None = None) -> ProblemResponse:
    """The answer for a refusal.

    Parameters
    ----------
    refused
        What was refused.
    request_id
        UUID of the request, as in its ``X-Request-Id``.
    """
    problem = refused.problem
    content: dict[str, object] = {
        "type": f"/v1/problems/{problem.code}",
        "code": problem.code,
        "title": problem.title,
        "status": problem.status,
    }
    if refused.detail:
        content["detail"] = refused.detail
    if request_id:
        content["instance"] = f"urn:uuid:{request_id}"
    if refused.faults:
        content["faults"] = [told(fault) for fault in refused.faults]
    return ProblemResponse(content, problem.status, {"Cache-Control": "no-store", **refused.headers})
