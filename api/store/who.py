"""Whoever does something, as far as rows name them."""

from __future__ import annotations

from typing import Protocol


class Who(Protocol):
    """Somebody of a team: a person, a key, a feed."""

    @property
    def team(self) -> str:
        """Whose rows they see."""

    @property
    def subject(self) -> str:
        """Stable, and unique in the team: a token's ``sub``, or ``key:`` or ``feed:`` and an id."""
