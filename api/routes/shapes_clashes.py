"""What cannot all hold in a request: the answer's JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.routes.shapes import Answer


class ClashingPin(Answer):
    """A pin that is part of a clash."""

    appointment: str
    clinician: str
    start: str
    pointer: str = Field(description="RFC 6901 JSON pointer into the request.")


class ClashingTarget(Answer):
    """A target that is part of a clash."""

    clinician: str
    minutes: int = Field(description="Expected delivered that are demanded: target less tolerance.")
    pointer: str


class ClashingRule(Answer):
    """A rule that is part of a clash."""

    rule: str
    statement: str


class ClashDocument(Answer):
    """Pins or targets, and rules, that are proven not to hold all together."""

    pins: list[ClashingPin]
    targets: list[ClashingTarget]
    rules: list[ClashingRule] = Field(
        description="Those least to be blamed last; none: whatever the rules, one patient at a time."
    )
    minimal: bool = Field(description="Whether the rest is proven to hold once any one of them is gone.")
    text: list[str] = Field(description="The same for people, a sentence each.")


class ClashList(Answer):
    """What cannot all hold in a request."""

    pins_hold: bool | None = Field(description="Whether all pins can stand together; null: not settled.")
    targets: Literal["not_looked_into", "clash", "no_clash_found", "time_over"] = Field(
        description="Targets are looked into when they are asked for and the pins do not clash."
    )
    clashes: list[ClashDocument] = Field(description="No pin is in two of them.")
