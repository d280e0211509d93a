"""The synthetic request itself, and its bytes."""

from __future__ import annotations

import json
from typing import Any

from solver.make.dice import Dice
from solver.make.flavours import FLAVOURS, Flavour
from solver.make.needs import ADMIN, Need, needs
from solver.make.places import places
from solver.make.posts import Post, posts
from solver.make.starts import starts
from solver.make.week import Stretch, Week

TIMEZONE = "Europe/London"
TWICE = 2
"""Of 100 appointments, how many are a patient's second in the week; none where places are pinned."""

Json = dict[str, Any]


def make_request(clinicians: int, appointments: int, seed: int, flavour: str = "mixed") -> Json:
    """A realistic request; the same one for the same arguments, on any machine.

    Parameters
    ----------
    clinicians, appointments
        How many of each; 30 to 40 appointments a full-time clinician are usual.
    seed
        Which of the many such weeks.
    flavour
        A name in `FLAVOURS`.

    Raises
    ------
    ValueError
        If a number is too small, or nobody knows the flavour.
    """
    if clinicians < 1 or appointments < 0:
        raise ValueError(
            f"clinicians is {clinicians}, appointments {appointments}: at least 1, and 0, are needed"
        )
    if flavour not in FLAVOURS:
        raise ValueError(f"flavour {flavour} is unknown; known: {', '.join(FLAVOURS)}")
    return _request(
        FLAVOURS[flavour], f"{flavour}/{clinicians}/{appointments}/{seed}", clinicians, appointments
    )


def _request(flavour: Flavour, name: str, clinicians: int, appointments: int) -> Json:
    week = Week(flavour.monday, TIMEZONE)
    staff = posts(Dice(f"{name}/posts"), clinicians, flavour)
    listed = needs(Dice(f"{name}/needs"), staff, appointments, flavour)
    request: Json = {
        "week": {"start": flavour.monday.isoformat(), "timezone": TIMEZONE},
        "clinicians": [_clinician(week, post, flavour) for post in staff],
        "appointments": _appointments(
            Dice(f"{name}/names"), week, staff, listed, 0 if flavour.pins else TWICE
        ),
        "rooms": _rooms(staff, flavour.rooms_for),
    }
    if flavour.policy:
        request["policy"] = dict(flavour.policy)
    if flavour.pins:
        _publish(request, week, places(staff, listed))
    return request


def _clinician(week: Week, post: Post, flavour: Flavour) -> Json:
    shown: Json = {
        "id": post.id,
        "role": post.role,
        "target_minutes": post.target,
        "skills": list(post.skills),
        "languages": list(post.languages),
        "modes": list(post.modes),
        "shifts": [week.span(shift) | ({"site": post.site} if post.site else {}) for shift in post.shifts],
        "commitments": [week.span(taken) | {"kind": kind} for taken, kind in post.commitments],
    }
    given = starts(post, flavour.slots)
    if given is not None:
        shown["slots"] = [{"start": week.at(s.day, s.start), "minutes": s.end - s.start} for s in given]
    return shown


def _appointments(dice: Dice, week: Week, staff: list[Post], listed: list[Need], twice: int) -> list[Json]:
    """Appointments with their names; ``twice`` in 100 are their patient's second in the week."""
    width = max(4, len(str(len(listed))))
    shown: list[Json] = []
    last_of: dict[int | None, str] = {}
    for index, need in enumerate(listed):
        patient = f"p{index + 1:0{width}}"
        if need.clinician in last_of and need.clinician is not None and dice.happens(twice):
            patient = last_of[need.clinician]
        last_of[need.clinician] = patient
        shown.append(_appointment(week, staff, need, f"a{index + 1:0{width}}", patient))
    return shown


def _appointment(week: Week, staff: list[Post], need: Need, name: str, patient: str) -> Json:
    """One appointment; what is absent or at its default is left out."""
    told: Json = {
        "id": name,
        "patient": patient,
        "kind": need.kind,
        "minutes": need.minutes,
        "admin_minutes": ADMIN,
        "attendance": need.attendance / 1000,
        "skills": list(need.skills),
        "language": need.language,
        "mode": need.mode,
        "site": need.site,
        "clinician": None if need.clinician is None else staff[need.clinician].id,
        "preferred_clinicians": [staff[i].id for i in need.preferred],
        "excluded_clinicians": [staff[i].id for i in need.excluded],
        "windows": [week.span(window) for window in need.windows],
        "priority": need.priority,
        "waiting_days": need.waiting_days,
        "intense": need.intense,
        "double_bookable": need.double_bookable,
        "group": need.group,
    }
    return {field: value for field, value in told.items() if value not in (None, [], False)}


def _rooms(staff: list[Post], clinicians_a_room: int) -> list[Json]:
    sites = sorted({post.site for post in staff if post.site})
    at = {site: sum(post.site == site for post in staff) for site in sites}
    return [{"site": site, "rooms": max(1, at[site] // clinicians_a_room)} for site in sites]


def _publish(request: Json, week: Week, stands: dict[int, Stretch]) -> None:
    """Publish every place; pin every third."""
    request["published"] = []
    for turn, (index, stretch) in enumerate(stands.items()):
        appointment = request["appointments"][index]
        place = {"clinician": appointment["clinician"], "start": week.at(stretch.day, stretch.start)}
        request["published"].append({"appointment": appointment["id"], **place})
        if turn % 3 == 0:
            appointment["pin"] = place


def request_bytes(clinicians: int, appointments: int, seed: int, flavour: str = "mixed") -> bytes:
    """The request as a JSON file: one clinician, appointment or place a line, and a newline at the end.

    Raises
    ------
    ValueError
        As `make_request` does.
    """
    return written(make_request(clinicians, appointments, seed, flavour))


def written(request: Json) -> bytes:
    """Any request as such a file; fields stay in the order in which they stand."""
    parts = [f" {json.dumps(field)}: {_lines(value)}" for field, value in request.items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value)
    return "[\n" + ",\n".join(f"  {json.dumps(item)}" for item in value) + "\n ]"
