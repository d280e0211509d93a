"""Bodies, read strictly: one meaning for every text, and a limit on how long it may be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, ValidationError

from api.problems import Refused
from solver.question.faults import BadRequest, Fault, shown_pointer
from solver.question.reading import Question, read_request
from solver.question.strict_json import MOST_BYTES, parse

JSON = "application/json"
_SMALL = 64 * 1024
_DRAINED = 3
"""Times the limit that is read and thrown away: most clients hear an answer only once they have sent all."""

_CODES = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "literal_error": "unknown_value",
    "too_short": "too_few",
    "too_long": "too_many",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "string_pattern_mismatch": "invalid_value",
}

Told = TypeVar("Told", bound="Body")


class Body(BaseModel):
    """A body of the service's own: unknown fields are refused, nothing is converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


async def large(request: Request) -> bytes:
    """The body of a request that may be a whole week."""
    return await _json(request, MOST_BYTES)


async def small(request: Request) -> bytes:
    """The body of a request that is a few fields."""
    return await _json(request, _SMALL)


async def none(request: Request) -> None:
    """No body, or an empty object.

    Raises
    ------
    Refused
        If anything else came.
    """
    if (await _bytes(request, _SMALL)).strip() not in (b"", b"{}"):
        raise BadRequest([Fault("unknown_field", "", "")])


Large = Annotated[bytes, Depends(large)]
Small = Annotated[bytes, Depends(small)]
NoBody = Depends(none)


def told(shape: type[Told], data: bytes) -> Told:
    """A body of the service's own.

    Raises
    ------
    BadRequest
        With every fault.
    """
    value = strict(data)
    try:
        return shape.model_validate_json(json.dumps(value))
    except ValidationError as error:
        raise BadRequest(map(_fault, error.errors(include_url=False, include_input=False))) from None


def strict(data: bytes) -> object:
    """The value of a JSON text.

    Raises
    ------
    BadRequest
        If it is not strict JSON.
    """
    value, faults = parse(data)
    if faults:
        raise BadRequest(faults)
    return value


def question_in(value: object, *at: str | int) -> Question:
    """The question that a part of a body asks.

    Parameters
    ----------
    value
        The part, as plain JSON.
    at
        Where in the body it stands.

    Raises
    ------
    BadRequest
        Its pointers are into the whole body.
    """
    with inside(*at):
        return read_request(json.dumps(value))


class inside:  # noqa: N801 - reads as a word of the language
    """Faults found in a part of a body point into the whole body.

    Parameters
    ----------
    at
        Where the part stands.
    """

    def __init__(self, *at: str | int) -> None:
        self.at = shown_pointer(at)

    def __enter__(self) -> None:
        """Begin to look."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Move the faults."""
        if isinstance(error, BadRequest):
            raise BadRequest(
                replace(fault, pointer=self.at + fault.pointer) for fault in error.faults
            ) from None


async def _json(request: Request, most: int) -> bytes:
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    charset = rest.strip().lower().replace('"', "")
    if kind.strip().lower() != JSON or charset not in ("", "charset=utf-8"):
        raise Refused("unsupported_media_type", headers={"Accept": JSON})
    return await _bytes(request, most)


async def _bytes(request: Request, most: int) -> bytes:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused("unsupported_media_type", "A content encoding is not accepted.")
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > most:
        raise _too_large(most)
    parts, so_far = [], 0
    async for part in request.stream():
        so_far += len(part)
        if so_far <= most:
            parts.append(part)
        elif so_far > _DRAINED * most:
            break
    if so_far > most:
        raise _too_large(most)
    return b"".join(parts)


def _too_large(most: int) -> Refused:
    return Refused("too_large", f"At most {most} bytes.", headers={"Connection": "close"})


def _fault(found: Mapping[str, Any]) -> Fault:
    kind = found["type"]
    code = _CODES.get(kind, "wrong_type" if kind.endswith("_type") else "invalid_value")
    return Fault(code, shown_pointer(found["loc"]), "")
