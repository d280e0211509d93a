"""The kinds of field that a request is made of, each with what it accepts and its JSON schema."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from solver.question.clinic import FULL, STEP
from solver.question.faults import may_be_shown
from solver.question.moment import NotATime, clock_minutes, instant, monday, time_zone

LONGEST_LABEL = 64
MOST_CLINICIANS = 500
MOST_APPOINTMENTS = 20_000
MOST_WEIGHT = 1_000_000


class Frozen(BaseModel):
    """A part of a request: unknown fields are refused, and nothing is converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _refused(code: str, words: str) -> PydanticCustomError:
    return PydanticCustomError(code, words)


def _time(reads: Callable[[str], object]) -> AfterValidator:
    def check(text: str) -> str:
        try:
            reads(text)
        except NotATime as error:
            raise _refused(error.code, error.words) from None
        return text

    return AfterValidator(check)


def _identifier(text: str) -> str:
    if not may_be_shown(text):
        raise _refused("bad_identifier", "must be 1 to 64 of the characters A-Z a-z 0-9 . _ -")
    return text


def _label(text: str) -> str:
    if not (0 < len(text) <= LONGEST_LABEL and text.isprintable()):
        raise _refused("bad_label", f"must be 1 to {LONGEST_LABEL} printable characters")
    return text


def _thousandths(value: float) -> float:
    if (Decimal(str(value)) * FULL) % 1:
        raise _refused("finer_than_thousandth", f"must be a multiple of 1/{FULL}")
    return value


Identifier = Annotated[
    str, AfterValidator(_identifier), Field(json_schema_extra={"pattern": "^[A-Za-z0-9._-]{1,64}$"})
]
"""An id; it may be shown in faults, unless it is a patient's."""

Label = Annotated[
    str, AfterValidator(_label), Field(json_schema_extra={"minLength": 1, "maxLength": LONGEST_LABEL})
]
"""A word of the service's own; compared, and never shown in faults."""

Moment = Annotated[str, _time(instant), Field(json_schema_extra={"format": "date-time"})]
"""RFC 3339 with an offset, a multiple of 5 minutes."""

Clock = Annotated[
    str, _time(clock_minutes), Field(json_schema_extra={"pattern": "^([01][0-9]|2[0-3]):[0-5][05]$"})
]
"""Local time of day, a multiple of 5 minutes."""

Monday = Annotated[str, _time(monday), Field(json_schema_extra={"format": "date"})]

Zone = Annotated[str, _time(time_zone), Field(json_schema_extra={"minLength": 1})]

Minutes = Annotated[int, Field(ge=0, multiple_of=STEP)]
"""A duration: a multiple of 5 minutes."""

Probability = Annotated[float, Field(ge=0, le=1)]

Attendance = Annotated[Probability, AfterValidator(_thousandths)]
"""In whole 1/1000; the schema's ``multipleOf`` would stumble over binary fractions."""

Weight = Annotated[float, Field(ge=0, le=MOST_WEIGHT), AfterValidator(_thousandths)]
"""In whole 1/1000."""
