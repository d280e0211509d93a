"""Who may ask for what: one row an operation, and an operation without a row does not exist.

``allow`` for all of the team's, ``own`` for what is the asker's own, ``deny`` for everybody who is not named.
Operations under `PUBLIC` are open to all; a calendar's address carries its own token.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

Verdict = Literal["allow", "own", "deny"]

PUBLIC: Mapping[str, Verdict] = {"anybody": "allow"}

_PLANS: Mapping[str, Verdict] = {"booking": "allow", "manager": "allow", "integrator": "allow"}
_DECIDES: Mapping[str, Verdict] = {"booking": "allow", "manager": "allow"}
_DIARY: Mapping[str, Verdict] = {**_PLANS, "clinician": "own"}
_FEEDS: Mapping[str, Verdict] = {**_DECIDES, "clinician": "own"}
_MANAGES: Mapping[str, Verdict] = {"manager": "allow"}

MATRIX: Mapping[str, Mapping[str, Verdict]] = {
    "rotas.create": _PLANS,
    "rotas.list": _PLANS,
    "rotas.get": _PLANS,
    "rotas.events": _PLANS,
    "rotas.cancel": _PLANS,
    "rotas.finish": _PLANS,
    "rotas.replan": _PLANS,
    "rotas.recommendations": _PLANS,
    "rotas.versions": _PLANS,
    "rotas.diff": _PLANS,
    "rotas.why": _PLANS,
    "rotas.score": _PLANS,
    "rotas.compare": _PLANS,
    "rotas.report": _PLANS,
    "rotas.plot": _PLANS,
    "rotas.publish": _DECIDES,
    "evaluate": _PLANS,
    "validate": _PLANS,
    "clashes": _PLANS,
    "diaries.get": _DIARY,
    "diaries.page": _DIARY,
    "feeds.create": _FEEDS,
    "feeds.list": _FEEDS,
    "feeds.revoke": _FEEDS,
    "keys.create": _MANAGES,
    "keys.list": _MANAGES,
    "keys.revoke": _MANAGES,
    "audit.list": _MANAGES,
    "batches.create": _PLANS,
    "batches.get": _PLANS,
    "diaries.ics": PUBLIC,
    "problems.get": PUBLIC,
    "demo.get": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "metrics": PUBLIC,
    "openapi": PUBLIC,
}

PEOPLE_ONLY = frozenset({"rotas.publish", "keys.create", "keys.revoke"})
"""What a program's key may not do, whatever its roles: a person answers for it."""


def verdict(operation: str, roles: Collection[str], kind: str = "token") -> Verdict:
    """What somebody with these roles may do of an operation; the widest of their roles counts.

    Parameters
    ----------
    operation
        An operation's id; one without a row is denied.
    kind
        As in `api.people.person.Person`.
    """
    row = MATRIX.get(operation, {})
    if row is PUBLIC:
        return "allow"
    if kind == "key" and operation in PEOPLE_ONLY:
        return "deny"
    found = {row.get(role, "deny") for role in roles}
    wide: tuple[Verdict, ...] = ("allow", "own")
    return next((one for one in wide if one in found), "deny")


def open_to_all(operation: str) -> bool:
    """Whether an operation asks for nobody's name."""
    return MATRIX.get(operation) is PUBLIC
