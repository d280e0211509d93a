"""Conditional requests: `ETag`, `If-None-Match` and `If-Match` (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
import re

from fastapi import Request
from starlette.responses import Response

from api.problems import Refused
from api.problems.faults import Parameter

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')


def tag_of(content: bytes) -> str:
    """A strong ETag of a representation."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def answered(request: Request, content: bytes, tag: str, media_type: str = "application/json") -> Response:
    """The representation, or 304 where whoever asks has it already.

    Parameters
    ----------
    request
        What was asked.
    content
        The whole representation.
    tag
        Its ETag, quoted.
    media_type
        Its media type.
    """
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if _has(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def required(request: Request) -> tuple[str, ...]:
    """The strong tags of `If-Match`; only one of them may be changed.

    Raises
    ------
    Refused
        `precondition_required` without the header, or with ``*``, which names no version.
    """
    values = request.headers.getlist("if-match")
    if not values or "*" in (value.strip() for value in values):
        raise Refused("precondition_required")
    return tuple(tag for tag in _tags(values, "If-Match") if not tag.startswith("W/"))


def _has(request: Request, tag: str) -> bool:
    values = request.headers.getlist("if-none-match")
    if "*" in (value.strip() for value in values):
        return True
    return _bare(tag) in map(_bare, _tags(values, "If-None-Match"))


def _bare(tag: str) -> str:
    return tag.removeprefix("W/")


def _tags(values: list[str], name: str) -> list[str]:
    found = [part.strip() for value in values for part in value.split(",") if part.strip()]
    if not all(_TAG.fullmatch(part) for part in found):
        fault = Parameter("invalid_header", f"/{name}", "", "header")
        raise Refused("invalid_request", faults=[fault])
    return found
