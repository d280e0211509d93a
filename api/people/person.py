"""Whoever asks, once it is known who that is."""

from __future__ import annotations

from dataclasses import dataclass

from api.problems import Refused

ROLES = ("booking", "clinician", "manager", "integrator")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of one team.

    Parameters
    ----------
    subject
        Stable and unique: a token's ``sub``, or ``key:`` and the id of an API key.
    roles
        Of `ROLES`.
    team
        All that they see and make is this team's.
    clinician
        Whose diary is their own; only with the role ``clinician``.
    kind
        ``token``, ``key`` or ``demo``.
    """

    subject: str
    roles: frozenset[str]
    team: str
    clinician: str | None = None
    kind: str = "token"


def only_own(person: Person, clinician: str) -> None:
    """Let somebody pass who asks for what is their own.

    Raises
    ------
    Refused
        ``not_found`` for another's: that it exists is not theirs to know.
    """
    if person.clinician is None or person.clinician != clinician:
        raise Refused("not_found")
