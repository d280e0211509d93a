"""Why unplaced: every proposal, applied to the request as a JSON patch, does what was said of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from solver import rules
from solver.answer.explained import explanation_json
from solver.check import breaches
from solver.explain.why_proposal import Proposal
from solver.explain.why_unplaced import Explanation, Unplacements
from solver.question.clinic import Clinic, Policy
from solver.question.reading import Question, read_request
from solver.rota import Rota
from solver.search.clerk import clerk
from solver.search.reasons import REASONS, explained
from tests.builders import a_rota, at
from tests.explained_weeks import week
from tests.question_builders import a_request, a_stretch, a_time, a_told_appointment, a_told_clinician

CASES = 300

CAPS = [name for name in Policy.__dataclass_fields__ if name not in {"grid_minutes", "overrun"}]


@pytest.mark.parametrize("seed", range(CASES))
def test_each_proposal_applied_places_the_appointment_and_costs_what_was_said(seed: int) -> None:
    question, rota = week(seed)
    for found in Unplacements(question, rota).all(None):
        assert found.code in REASONS
        assert found.reason.startswith(REASONS[found.code])
        assert found.proposals or cannot_be_had(question.clinic, found)
        for proposal in found.proposals:
            changed = read_request(json.dumps(patched(question, proposal)))
            held = {b.appointment for b in proposal.rota.bookings}
            assert breaches(changed.clinic, proposal.rota) == ()
            assert {b.appointment for b in rota.bookings} | {found.appointment} <= held
            cost = rules.cost(changed.clinic, proposal.rota) - rules.cost(question.clinic, rota)
            assert cost == proposal.cost
            assert no_weaker(question.clinic, changed.clinic)


def cannot_be_had(clinic: Clinic, found: Explanation) -> bool:
    """Whether the service's own caps rule such an appointment out, on anybody's empty day."""
    return clinic.appointments[found.appointment].intense and clinic.policy.max_intense_per_day == 0


def no_weaker(before: Clinic, after: Clinic) -> bool:
    """Whether everybody keeps target, ceiling, commitments and caps, and shifts only get longer."""
    for old, new in zip(before.clinicians, after.clinicians, strict=False):
        same = (old.target, old.ceiling, old.commitments) == (new.target, new.ceiling, new.commitments)
        caps = all(getattr(old.policy, name) == getattr(new.policy, name) for name in CAPS)
        shifts = all(
            a.start == b.start and a.end <= b.end for a, b in zip(old.shifts, new.shifts, strict=True)
        )
        if not (same and caps and shifts):
            return False
    return before.policy == after.policy


def patched(question: Question, proposal: Proposal) -> object:
    """The request with a patch applied here, as any user of JSON patches would."""
    told: Any = question.request.model_dump(mode="json")
    for edit in proposal.edits:
        *path, last = edit.path.removeprefix("/").split("/")
        at: Any = told
        for part in path:
            at = at[int(part)] if isinstance(at, list) else at[part]
        if last == "-":
            at.append(edit.value)
        else:
            at[int(last) if isinstance(at, list) else last] = edit.value
    return told


def a_question(
    clinician: dict[str, Any], *appointments: dict[str, Any], **more: object
) -> tuple[Question, Rota]:
    question = read_request(
        json.dumps(a_request(clinicians=[clinician], appointments=list(appointments), **more))
    )
    return question, explained(question.clinic, clerk(question.clinic))


def kinds(found: Explanation) -> list[str]:
    return [proposal.kind for proposal in found.proposals]


def test_a_window_that_is_too_early_is_to_grow_by_what_is_missing() -> None:
    # The shift starts at 9; the window ends then: 30 minutes more and the first start takes it.
    clinician = a_told_clinician(shifts=[a_stretch(30, "09:00", "12:00")], target_minutes=600)
    wanted = a_told_appointment(minutes=30, windows=[a_stretch(30, "08:00", "09:00")])
    question, rota = a_question(clinician, wanted)
    found = Unplacements(question, rota).explained(0)
    assert found.code == "no_start"
    assert found.smallest is not None
    assert found.smallest.kind == "windows"
    assert found.smallest.edits[0].value == [{"start": a_time(30, "08:00"), "end": a_time(30, "09:30")}]


def a_free_morning(**wishes: object) -> tuple[Question, Rota]:
    clinician = a_told_clinician(shifts=[a_stretch(30, "09:00", "12:00")], target_minutes=600)
    question, _ = a_question(clinician, a_told_appointment(minutes=30, **wishes))
    nobody = a_rota(question.clinic, c01="Mon 09:00 free 180")
    return question, explained(question.clinic, nobody)


def test_nobody_is_asked_to_agree_to_a_start_that_is_open_already() -> None:
    # Every start is free. Another window opens nothing before 11:00, and another mode or clinician nothing.
    question, rota = a_free_morning(
        windows=[a_stretch(30, "09:00", "11:00")], mode="telephone", clinician="c01"
    )
    found = Unplacements(question, rota).explained(0)
    assert found.smallest is not None
    assert found.smallest.kind == "pin"
    assert not {"mode", "continuity"} & set(kinds(found))
    (windows,) = (p for p in found.proposals if p.kind == "windows")
    assert windows.placed[0].start == at("Mon 10:45")
    assert "(a window 15 minutes longer)" in windows.text


def test_a_day_that_was_not_asked_for_is_one_window_more_and_no_window_of_a_night() -> None:
    question, rota = a_free_morning(windows=[a_stretch(1, "09:00", "11:00")])
    found = Unplacements(question, rota).explained(0)
    assert found.code == "no_start"
    assert found.smallest is not None
    assert "(a window of 30 minutes more)" in found.smallest.text
    # The start that is nearest to Tuesday is the last of Monday.
    assert found.smallest.edits[0].value == [a_stretch(30, "11:30", "12:00"), a_stretch(1, "09:00", "11:00")]


def test_one_window_more_holds_the_reserve_of_a_double() -> None:
    # One start is given, and somebody stands there: two at once, and 30 minutes kept free after them.
    team = a_told_clinician(
        shifts=[a_stretch(30, "09:00", "10:00")],
        slots=[{"start": a_time(30, "09:00"), "minutes": 30}],
        target_minutes=600,
    )
    pair = {"minutes": 30, "attendance": 0.5, "double_bookable": True}
    first = a_told_appointment(id="a0", patient="p0", **pair)
    other = a_told_appointment(id="a1", patient="p1", windows=[a_stretch(1, "09:00", "11:00")], **pair)
    question, _ = a_question(team, first, other, policy={"max_per_slot": 2})
    rota = explained(question.clinic, a_rota(question.clinic, c01="Mon 09:00 a0 | free 30"))
    found = Unplacements(question, rota).explained(1)
    assert found.smallest is not None
    assert "(a window of 60 minutes more)" in found.smallest.text
    assert found.smallest.edits[0].value == [a_stretch(30, "09:00", "10:00"), a_stretch(1, "09:00", "11:00")]


def test_whoever_is_behind_in_a_queue_is_never_proposed_before_those_ahead() -> None:
    # An hour of shift takes one of three alike; the third's proposals place the second, too.
    clinician = a_told_clinician(shifts=[a_stretch(30, "09:00", "10:00")], target_minutes=600)
    alike = [
        a_told_appointment(id=f"a{i}", patient=f"p{i}", minutes=60, waiting_days=9 - i) for i in range(3)
    ]
    question, rota = a_question(clinician, *alike)
    found = Unplacements(question, rota).explained(2)
    assert found.code == "queue"
    assert "a1" in found.reason
    assert found.proposals
    assert all({b.appointment for b in p.rota.bookings} == {0, 1, 2} for p in found.proposals)
    # Two hours, and a break between them where 90 minutes are the most in one go: no need of six.
    more = next(p for p in found.proposals if p.kind == "more_time")
    assert more.text == (
        "One more clinician, Mon 09:00 to Mon 11:15, could see a2,"
        " and the one who comes before it in the queue."
    )
    assert "One such comes before a2, the first is a1." in found.reason


def test_one_more_room_is_proposed_where_only_rooms_are_short() -> None:
    clinician = a_told_clinician(shifts=[a_stretch(30, "09:00", "12:00", site="north")], target_minutes=600)
    wanted = a_told_appointment(minutes=30, mode="in_person", site="north")
    question, rota = a_question(clinician, wanted, rooms=[{"site": "north", "rooms": 0}])
    found = Unplacements(question, rota).explained(0)
    assert found.forbidden_by == {"rooms": found.open_starts}
    assert [e.value for p in found.proposals if p.kind == "room" for e in p.edits] == [1]


def test_a_longer_shift_is_as_short_as_fifteen_minutes_allow() -> None:
    # 60 minutes of shift, 45 booked; 30 more need 75, which at a run limit of 90 need no break between.
    clinician = a_told_clinician(shifts=[a_stretch(30, "09:00", "10:00")], target_minutes=600)
    wanted = [
        a_told_appointment(id="a0", patient="p0", minutes=45, waiting_days=9),
        a_told_appointment(id="a1", patient="p1", minutes=30),
    ]
    question, rota = a_question(clinician, *wanted)
    found = Unplacements(question, rota).explained(1)
    longer = next(p for p in found.proposals if p.kind == "longer_shift")
    assert longer.edits[0].value == a_time(30, "10:15")
    assert longer.text.endswith("It is time of their own, so only if they agree.")


HALF_AN_HOUR_ON_TUESDAY = a_stretch(1, "09:00", "09:30")
"""Time for the notes of two appointments; where both are due there, no appointment finds room."""


def test_a_longer_shift_need_not_hold_notes_that_another_day_of_the_week_takes() -> None:
    # 45 and 30 minutes on Monday need 75, and their notes, 15 minutes each, fill Tuesday.
    shifts = [a_stretch(30, "09:00", "10:00"), HALF_AN_HOUR_ON_TUESDAY]
    wanted = [
        a_told_appointment(id="a0", patient="p0", minutes=45, admin_minutes=15, waiting_days=9),
        a_told_appointment(id="a1", patient="p1", minutes=30, admin_minutes=15),
    ]
    ends = {}
    for scope in ("week", "day"):
        team = a_told_clinician(shifts=shifts, target_minutes=600)
        question, rota = a_question(team, *wanted, policy={"admin_scope": scope})
        found = Unplacements(question, rota).explained(1)
        longer = [p for p in found.proposals if p.kind == "longer_shift"]
        ends[scope] = [p.edits[0].value for p in longer]
    # By the day Tuesday takes the second at once if it stays open for 15 minutes of notes.
    assert ends == {"week": [a_time(30, "10:15")], "day": [a_time(1, "09:45")]}


def test_a_day_is_rearranged_where_other_days_of_the_week_take_the_notes() -> None:
    # Monday 09:00 to 10:15, booked 09:15 to 09:45: 45 minutes more fit once that moves to 09:00 or 09:45,
    # and then Monday is full: the notes of both, 15 minutes each, take all of Tuesday.
    shifts = [a_stretch(30, "09:00", "10:15"), HALF_AN_HOUR_ON_TUESDAY]
    wanted = [
        a_told_appointment(id="a0", patient="p0", minutes=30, admin_minutes=15),
        a_told_appointment(id="a1", patient="p1", minutes=45, admin_minutes=15),
    ]
    team = a_told_clinician(shifts=shifts, target_minutes=600)
    question, _ = a_question(team, *wanted, policy={"admin_scope": "week"})
    rota = a_rota(question.clinic, c01="Mon 09:00 free 15 | a0 | free 30\nTue 09:00 admin 15 | free 15")
    assert breaches(question.clinic, rota) == ()
    found = Unplacements(question, rota).explained(1)
    moved = next(p for p in found.proposals if p.kind == "rearranged")
    assert [b.appointment for b in moved.moved] == [0]
    tuesday = [(e.kind, e.minutes) for e in moved.rota.diaries[0].entries if e.start >= at("Tue 00:00")]
    assert tuesday == [("admin", 30)]


def test_days_that_give_enough_as_they_stand_are_left_alone() -> None:
    # The same, but Tuesday has half an hour of admin already, so its diary stays as it was.
    shifts = [a_stretch(30, "09:00", "10:15"), a_stretch(1, "09:00", "09:40")]
    wanted = [
        a_told_appointment(id="a0", patient="p0", minutes=30, admin_minutes=15),
        a_told_appointment(id="a1", patient="p1", minutes=45, admin_minutes=15),
    ]
    team = a_told_clinician(shifts=shifts, target_minutes=600)
    question, _ = a_question(team, *wanted, policy={"admin_scope": "week"})
    rota = a_rota(
        question.clinic, c01="Mon 09:00 free 15 | a0 | free 30\nTue 09:00 free 5 | admin 30 | free 5"
    )
    found = Unplacements(question, rota).explained(1)
    moved = next(p for p in found.proposals if p.kind == "rearranged")
    assert set(rota.diaries[0].entries[-3:]) <= set(moved.rota.diaries[0].entries)


def test_no_explanation_names_a_patient() -> None:
    question, rota = week(2)
    named = tuple(replace(a, patient=f"secret{a.index}") for a in question.clinic.appointments)
    secret = replace(question, clinic=replace(question.clinic, appointments=named))
    told = [json.dumps(explanation_json(secret.clinic, e)) for e in Unplacements(secret, rota).all(None)]
    assert told
    assert not any("secret" in text or '"patient"' in text for text in told)
