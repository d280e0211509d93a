from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from api.people import Person
from api.problems import Refused
from api.store import Database, jobs, rotas
from api.store.tables import Job, Rota

WEEK = date(2026, 11, 30)
ANNA = Person("anna", frozenset({"booking"}), "north")
Slots = Sequence[tuple[str, str, str, list[str]]]

T = TypeVar("T")


def a_slot(clinician: str, start: str, end: str, *appointments: str) -> tuple[str, str, str, list[str]]:
    """On the Monday, in UTC: ``a_slot("c01", "09:00", "09:30", "a1")``."""
    return clinician, f"2026-11-30T{start}:00+00:00", f"2026-11-30T{end}:00+00:00", list(appointments)


def a_document(*slots: tuple[str, str, str, list[str]], clinicians: Sequence[str] = ()) -> dict[str, Any]:
    named = sorted({slot[0] for slot in slots} | set(clinicians))
    return {
        "bookings": [
            {"appointment": name, "clinician": clinician, "start": start, "end": end}
            for clinician, start, end, names in slots
            for name in names
        ],
        "diaries": [
            {
                "clinician": one,
                "entries": [
                    {"kind": "appointment", "start": start, "end": end, "appointments": names}
                    for clinician, start, end, names in slots
                    if clinician == one
                ],
            }
            for one in named
        ],
    }


def a_job(s: Session, team: str = "north", seed: int = 0, **changes: Any) -> Job:  # noqa: ANN401
    told: dict[str, Any] = {"week": WEEK, "seconds": 5.0, "created_by": "anna"} | changes
    body = json.dumps({"seed": seed, "patient": "p0001"}).encode()
    return jobs.add(s, team=team, body=body, **told)


def a_rota(s: Session, *slots: tuple[str, str, str, list[str]], **changes: Any) -> Rota:  # noqa: ANN401
    clinicians = changes.pop("clinicians", ())
    return rotas.add_version(s, a_job(s, **changes), a_document(*slots, clinicians=clinicians))


def publish(database: Database, rota: str, tag: str, team: str = "north") -> None:
    with database.write() as s:
        found = rotas.get(s, team, rota)
        assert found is not None
        rotas.publish(s, found, [tag], ANNA)


def tag(database: Database, rota: str, team: str = "north") -> str:
    with database.read() as s:
        found = rotas.get(s, team, rota)
        assert found is not None
        return rotas.etag(s, found)


def at_once(count: int, act: Callable[[int], T]) -> list[T | str]:
    """What each of many callers gets who begin at the same moment; the code where one is refused."""
    ready = Barrier(count)

    def one(index: int) -> T | str:
        ready.wait()
        try:
            return act(index)
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
