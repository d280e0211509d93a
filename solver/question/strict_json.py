"""JSON, read strictly: one meaning for every text, or a fault.

Beyond RFC 8259: a name stands once in its object, numbers are finite and fit a double, nesting is at most
`DEPTH` deep, text is UTF-8 without a byte order mark, and strings are sequences of real characters.
Numbers are read as doubles; 0.86 is the shortest decimal that means that double (RFC 8259, section 6).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

from solver.question.faults import BadRequest, Fault, Part, may_be_shown, shown_pointer

DEPTH = 32
"""Deepest nesting of arrays and objects."""

MOST_BYTES = 32 * 1024 * 1024

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udfff]")
_LONGEST_NUMBER = 400


class _Bad:
    """Stands for a number that is none."""


class _Doubled(dict[str, object]):
    """An object in which the ``names`` stood more than once; the last value of each counts."""

    names: tuple[str, ...] = ()


def parse(data: bytes | str) -> tuple[object, list[Fault]]:
    """The value, and what is wrong with it though it could be read.

    Parameters
    ----------
    data
        The whole text.

    Returns
    -------
    value, faults
        What is faulty in the value has become None.

    Raises
    ------
    BadRequest
        If it cannot be read at all: too long, too deep, not UTF-8, or not JSON.
    """
    text = _text(data)
    if _depth(text) > DEPTH:
        raise _whole("json_too_deep", f"The request nests deeper than {DEPTH} levels.")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=lambda _: _Bad(),
            parse_float=_number,
            parse_int=_whole_number,
        )
    except json.JSONDecodeError as error:
        raise _whole("json_invalid", f"The request is not JSON at line {error.lineno}.") from None
    faults: list[Fault] = []
    return _cleaned(value, (), faults), faults


def _whole(code: str, text: str) -> BadRequest:
    return BadRequest([Fault(code, "", text)])


def _text(data: bytes | str) -> str:
    if len(data) > MOST_BYTES:
        raise _whole("json_too_large", f"The request is longer than {MOST_BYTES} bytes.")
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError:
            raise _whole("json_not_utf8", "The request is not UTF-8.") from None
    if data.startswith("\ufeff"):
        raise _whole("json_byte_order_mark", "The request begins with a byte order mark; leave it out.")
    return data


def _depth(text: str) -> int:
    deepest = depth = 0
    for token in _TOKENS.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    doubled, seen = _Doubled(plain), set[str]()
    doubled.names = tuple(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return doubled


def _number(text: str) -> object:
    value = float(text)
    return value if math.isfinite(value) else _Bad()


def _whole_number(text: str) -> object:
    return int(text) if len(text) <= _LONGEST_NUMBER and math.isfinite(float(text)) else _Bad()


def _cleaned(value: object, at: tuple[Part, ...], faults: list[Fault]) -> object:
    if isinstance(value, dict):
        faults.extend(_doubled(value, at))
        return {name: _cleaned(item, (*at, name), faults) for name, item in _named(value, at, faults)}
    if isinstance(value, list):
        return [_cleaned(item, (*at, place), faults) for place, item in enumerate(value)]
    if isinstance(value, _Bad):
        text = f"{_place(at)} is not a finite number that a double holds."
        faults.append(Fault("json_number", shown_pointer(at), text))
        return None
    if isinstance(value, str) and _SURROGATES.search(value):
        text = f"{_place(at)} holds half of a surrogate pair, which is no character."
        faults.append(Fault("json_surrogate", shown_pointer(at), text))
        return None
    return value


def _doubled(value: dict[str, object], at: tuple[Part, ...]) -> Iterator[Fault]:
    for name in value.names if isinstance(value, _Doubled) else ():
        where = (*at, name) if may_be_shown(name) else at
        yield Fault(
            "json_duplicate_name", shown_pointer(where), f"{_place(where)} stands twice in one object."
        )


def _named(
    value: dict[str, object], at: tuple[Part, ...], faults: list[Fault]
) -> Iterator[tuple[str, object]]:
    for name, item in value.items():
        if _SURROGATES.search(name):
            text = f"{_place(at)} has a name with half of a surrogate pair, which is no character."
            faults.append(Fault("json_surrogate", shown_pointer(at), text))
        else:
            yield name, item


def _place(at: tuple[Part, ...]) -> str:
    names = [part for part in at if isinstance(part, str) and may_be_shown(part)]
    return names[-1] if names else "The request"
