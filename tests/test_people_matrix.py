"""Who may ask for what, cell by cell: written out here once more, so that a slip in the matrix shows."""

from __future__ import annotations

import pytest

from api.people.matrix import MATRIX, open_to_all, verdict
from api.people.person import ROLES, Person, only_own
from api.problems import Refused

PUBLIC = {"diaries.ics", "healthz", "readyz", "metrics", "openapi", "problems.get", "demo.get"}
CLINICIANS = {"diaries.get", "diaries.page", "feeds.create", "feeds.list", "feeds.revoke"}
MANAGERS = {"keys.create", "keys.list", "keys.revoke", "audit.list"}
NOT_OF_INTEGRATORS = {"rotas.publish", "feeds.create", "feeds.list", "feeds.revoke", *MANAGERS}


@pytest.mark.parametrize("operation", sorted(MATRIX))
def test_every_cell(operation: str) -> None:
    public = operation in PUBLIC
    assert open_to_all(operation) == public
    expected = {
        "booking": "deny" if operation in MANAGERS else "allow",
        "clinician": "own" if operation in CLINICIANS else "deny",
        "manager": "allow",
        "integrator": "deny" if operation in NOT_OF_INTEGRATORS else "allow",
    }
    for role in ROLES:
        assert verdict(operation, {role}) == ("allow" if public else expected[role]), role
    assert verdict(operation, ()) == ("allow" if public else "deny")
    assert verdict(operation, {"unheard_of"}) == ("allow" if public else "deny")


def test_an_operation_without_a_row_is_denied() -> None:
    assert verdict("rotas.burn", set(ROLES)) == "deny"
    assert not open_to_all("rotas.burn")


def test_the_widest_role_counts() -> None:
    assert verdict("diaries.get", {"clinician", "booking"}) == "allow"
    assert verdict("rotas.get", {"clinician", "integrator"}) == "allow"


@pytest.mark.parametrize("operation", ["rotas.publish", "keys.create", "keys.revoke"])
def test_a_programs_key_does_not_do_what_a_person_answers_for(operation: str) -> None:
    assert verdict(operation, {"manager"}) == "allow"
    assert verdict(operation, {"manager"}, "key") == "deny"
    assert verdict("rotas.get", {"manager"}, "key") == "allow"


def test_anothers_diary_is_not_there() -> None:
    only_own(Person("ann", frozenset({"clinician"}), "north", "c01"), "c01")
    for clinician in ("c02", None):
        with pytest.raises(Refused) as refusal:
            only_own(Person("ann", frozenset({"clinician"}), "north", clinician), "c01")
        assert refusal.value.code == "not_found"
