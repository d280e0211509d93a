"""One form for every way to write the same JSON, and its SHA-256."""

from __future__ import annotations

import hashlib
import json

from solver.question.faults import BadRequest
from solver.question.strict_json import parse

_EXACT = 2**53


def canonical(value: object) -> bytes:
    """Plain JSON in one form: names sorted, no blanks, 1.0 as 1, UTF-8; close to RFC 8785."""
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def request_sha256(data: bytes | str) -> str:
    """SHA-256, in hexadecimal, of the canonical form of a request as it was sent.

    Raises
    ------
    BadRequest
        If it is not strict JSON.
    """
    value, faults = parse(data)
    if faults:
        raise BadRequest(faults)
    return sha256(value)


def sha256(value: object) -> str:
    """SHA-256, in hexadecimal, of the canonical form of plain JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value
