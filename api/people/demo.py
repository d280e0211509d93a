"""Demo people: made up, with tokens that everybody knows, for this machine only."""

from __future__ import annotations

from collections.abc import Mapping

from api.people.person import Person

TEAM = "demo"

PEOPLE: Mapping[str, Person] = {
    f"demo-{name}": Person(f"demo:{name}", frozenset({role}), TEAM, clinician, "demo")
    for name, role, clinician in (
        ("booking", "booking", None),
        ("manager", "manager", None),
        ("integrator", "integrator", None),
        ("c01", "clinician", "c01"),
        ("c02", "clinician", "c02"),
    )
}
"""By token."""
