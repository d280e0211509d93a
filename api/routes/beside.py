"""Two rotas of one week side by side, by the request of the second.

The first may have answered another request, before a week was planned again. What the second's does not ask
for any more is left out of it, and its time is free; what it asks for newly stands in it as not booked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from solver.answer.explained import comparison_json, term_json
from solver.answer.reading import read_rota
from solver.explain.compare import compared
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules.rule import Breach

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """A rota as an answer to another request, and the appointments that were left out of it."""

    rota: Rota
    left_out: list[str]


def beside(clinic: Clinic, document: Mapping[str, Any]) -> Beside:
    """A rota as far as a request still asks for it.

    Parameters
    ----------
    clinic
        The request's.
    document
        A rota of the same week.
    """
    people = {one.id for one in clinic.clinicians}
    wanted = {one.id for one in clinic.appointments}
    told = {
        "bookings": [
            b for b in document["bookings"] if b["appointment"] in wanted and b["clinician"] in people
        ],
        "unplaced": [u for u in document["unplaced"] if u["appointment"] in wanted],
        "diaries": [_diary(d, wanted) for d in document["diaries"] if d["clinician"] in people],
    }
    gone = {one["appointment"] for name in ("bookings", "unplaced") for one in document[name]} - wanted
    return Beside(read_rota(clinic, json.dumps(told)), sorted(gone))


def comparison(clinic: Clinic, first: Rota, second: Rota) -> Json:
    """`shapes_score.ComparisonDocument`, less what names the two."""
    found = compared(clinic, first, second)
    told = comparison_json(clinic, found)
    told["cost"] = {"before": float(found.before.cost), "after": float(found.after.cost)}
    told["terms"] = [term_json(term) | {"weight": float(term.weight)} for term in found.terms]
    told["breaches"] = {
        "before": breaches_json(clinic, found.before.breaches),
        "after": breaches_json(clinic, found.after.breaches),
    }
    return told


def breaches_json(clinic: Clinic, found: Iterable[Breach]) -> list[Json]:
    """Breaches with dates: `shapes_judged.BreachDocument`."""
    return [
        {
            "rule": breach.rule,
            "clinician": breach.clinician,
            "day": None if breach.day is None else clinic.date(breach.day).isoformat(),
            "text": breach.text,
        }
        for breach in found
    ]


def _diary(diary: Mapping[str, Any], wanted: set[str]) -> Json:
    return {"clinician": diary["clinician"], "entries": [_entry(e, wanted) for e in diary["entries"]]}


def _entry(entry: Mapping[str, Any], wanted: set[str]) -> Mapping[str, Any]:
    if not entry.get("appointments"):
        return entry
    left = [name for name in entry["appointments"] if name in wanted]
    plain = {name: entry[name] for name in ("start", "end")}
    return plain | ({"kind": "appointment", "appointments": left} if left else {"kind": "free"})
