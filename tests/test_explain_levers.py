"""Levers: every gain lies within its bounds, and the truth between what is found and what is proven."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from time import monotonic

import pytest

from solver.check import breaches
from solver.explain.verdict.changes import Change, changes
from solver.explain.verdict.kinds import short_kinds, usual_need
from solver.explain.verdict.levers import Lever, levers, measured, without_lever
from solver.explain.verdict.team import Hurry, reached
from solver.make import request_bytes
from solver.question.clinic import Clinic, Place, Policy
from solver.question.reading import read_request
from solver.rota import Rota
from solver.search.lighten import lightened
from solver.search.reach import NEAR, Reach, Reached, reach
from solver.search.work import Notes
from tests.attaining import attained_by_brute, searched
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, span
from tests.small import small_clinic


def best_rota(clinic: Clinic) -> tuple[Reached, Rota]:
    base = searched(clinic)
    assert base.rota is not None
    return base, base.rota


@pytest.mark.parametrize(
    "seed", [*range(200, 210), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(300, 330))]
)
def test_every_gain_lies_within_its_bounds_and_is_that_of_a_rota(seed: int) -> None:
    clinic = small_clinic(seed)
    base, rota = best_rota(clinic)
    assert base.found is not None
    now = attained_by_brute(clinic)
    for change in changes(clinic, rota, ("contacts", "breaks")):
        after = reach(Reach(change.clinic, 20.0, begin=rota), Notes())
        if after.found is None or after.rota is None:
            assert any(a.pin for a in clinic.appointments), "only pins can make a changed week impossible"
            continue
        assert not breaches(change.clinic, after.rota)
        (lever,) = levers([change], [after], base)
        assert 0.0 <= lever.gain_minutes <= lever.gain_bound_minutes
        truth = None if change.lever == "more_referrals" else attained_by_brute(change.clinic)
        if now is not None and truth is not None:
            assert after.found - base.bound - NEAR <= truth - now <= after.bound - base.found + NEAR


def test_one_more_day_gains_what_it_can_hold() -> None:
    # One morning of one contact a day, so 60 of 120 minutes; another such day sees the second patient.
    policy = Policy(max_contacts_per_day=1)
    clinician = a_clinician(target=120, ceiling=132, policy=policy)
    clinic = a_clinic(clinician, appointments(2, attendance=1000))
    base, rota = best_rota(clinic)
    assert base.found == 60.0
    day = next(change for change in changes(clinic, rota) if change.lever == "clinician_day")
    assert searched(day.clinic).found == 120.0


def test_ten_more_referrals_look_like_the_usual_ones() -> None:
    usual = an_appointment(minutes=30, admin=15, attendance=800, skills=frozenset({"cbt"}))
    wanted = [usual, usual, an_appointment(minutes=90, skills=frozenset({"cbt"}))]
    clinic = a_clinic(a_clinician(skills=frozenset({"cbt"})), wanted)
    (kind,) = short_kinds(clinic, a_rota(clinic))
    like = usual_need(clinic, kind)
    assert like is not None
    assert (like.minutes, like.admin, like.attendance, like.skills) == (30, 15, 800, frozenset({"cbt"}))
    more = next(change for change in changes(clinic, a_rota(clinic)) if change.lever == "more_referrals")
    assert len(more.clinic.appointments) == 13
    assert [a.index for a in more.clinic.appointments] == list(range(13))


def test_names_of_what_is_added_are_new() -> None:
    clinic = a_clinic(a_clinician(id="one_more_day"), appointments(1, id="one_more_1", patient="one_more_2"))
    for change in changes(clinic, a_rota(clinic)):
        assert len({c.id for c in change.clinic.clinicians}) == len(change.clinic.clinicians)
        assert len({a.id for a in change.clinic.appointments}) == len(change.clinic.appointments)
        assert len(change.clinic.by_patient) == len(change.clinic.appointments)


def test_wider_windows_open_and_close_an_hour_later() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment(windows=(span("Mon 10:00-11:00"),))])
    wider = next(change for change in changes(clinic, a_rota(clinic)) if change.lever == "wider_windows")
    assert wider.clinic.appointments[0].windows == (span("Mon 09:00-12:00"),)


def test_attendance_stops_at_certainty() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment(attendance=980), an_appointment(attendance=700)])
    raised = next(change for change in changes(clinic, a_rota(clinic)) if change.lever == "attendance")
    assert [a.attendance for a in raised.clinic.appointments] == [1000, 730]


def test_levers_that_weaken_protection_stand_last_whatever_they_gain() -> None:
    clinic = a_clinic(a_clinician())
    base = Reached(100.0, 50.0)
    told = levers(
        [
            Change("weak", "", clinic, weakens_protection=True),
            Change("small", "", clinic),
            Change("big", "", clinic),
        ],
        [Reached(100.0, 95.0), Reached(70.0, 60.0), Reached(90.0, 90.0)],
        base,
    )
    assert [lever.lever for lever in told] == ["big", "small", "weak"]
    assert told[0] == Lever("big", "", 40.0, 40.0, weakens_protection=False)


def test_a_change_that_does_harm_gains_nothing_and_one_unmeasured_stands_with_its_bound() -> None:
    # Two hours at attendance 0.9 are 108 minutes of a target of 1200; 50 are reached.
    clinic = a_clinic(a_clinician(), appointments(2))
    tried = [Change("worse", "", clinic), Change("late", "", clinic), Change("crashed", "", clinic)]
    told = levers(tried, [Reached(40.0, 30.0), Reached(90.0), None], Reached(100.0, 50.0))
    assert told == (
        Lever("worse", "", 0.0, 0.0, weakens_protection=False),
        Lever("crashed", "", 0.0, 58.0, weakens_protection=False, measured=False),
        Lever("late", "", 0.0, 40.0, weakens_protection=False, measured=False),
    )


def test_what_is_reached_without_pulling_the_lever_is_told_apart() -> None:
    clinic = a_clinic(a_clinician(), appointments(1, minutes=30))
    unbooked = a_rota(clinic)
    changed = next(c.clinic for c in changes(clinic, unbooked) if c.lever == "more_referrals")
    old = a_rota(changed, c1="Mon 09:00 a1 | free")
    assert without_lever(clinic, old) == a_rota(clinic, c1="Mon 09:00 a1 | free")
    assert without_lever(clinic, a_rota(changed, c1="Mon 09:00 one_more_1 | free")) is None


def test_where_time_is_short_a_lever_of_each_name_comes_first_and_none_is_lost() -> None:
    # Nobody can look at anything in no time at all.
    clinic = small_clinic(3)
    base, rota = best_rota(clinic)
    tried = changes(clinic, rota)
    assert measured(tried, base, Hurry(monotonic())) == [None] * len(tried)
    told = levers(tried, [None] * len(tried), base)
    assert sorted(lever.detail for lever in told) == sorted(change.detail for change in tried)
    assert not any(lever.measured for lever in told)


def test_a_search_that_is_ended_keeps_what_it_told() -> None:
    # A whole service's week cannot be settled in four seconds: the process is ended, and a rota is known.
    clinic = read_request(request_bytes(5, 120, 1)).clinic
    began = monotonic()
    (found,) = reached([Reach(clinic, 0.0)], hurry=Hurry(began + 4.0))
    assert monotonic() - began < 5.0
    assert found is not None
    assert found.rota is not None
    assert found.found is not None
    assert 0.0 < found.found <= found.bound


def test_protective_rules_are_only_loosened_where_they_bind() -> None:
    clinic = a_clinic(a_clinician(), appointments(1, admin=15))
    names = [change.lever for change in changes(clinic, a_rota(clinic)) if change.weakens_protection]
    assert names == ["less_admin"]
    names = [c.lever for c in changes(clinic, a_rota(clinic), ("contacts", "breaks")) if c.weakens_protection]
    assert names == ["less_admin", "more_contacts", "longer_runs"]


def test_a_week_grown_too_full_gives_up_what_is_missed_least() -> None:
    # Three hours at attendance 1 pass a ceiling of 150 for certain; two hours meet the target of 120.
    clinician = a_clinician(target=120, ceiling=150, policy=Policy(max_booked_ratio=Fraction(2)))
    clinic = a_clinic(clinician, appointments(3, attendance=1000, windows=(span("Mon 09:00-13:00"),)))
    full = a_rota(clinic, c1="Mon 09:00 a1 | break 15 | a2 | break 15 | a3 | free")
    assert {breach.rule for breach in breaches(clinic, full)} == {"overload"}
    lighter = lightened(clinic, full)
    # The last of the queue, so that nobody is passed over.
    assert [b.appointment for b in lighter.bookings] == [0, 1]
    assert not breaches(clinic, lighter)


def test_nothing_is_given_up_where_a_pin_needs_it() -> None:
    clinician = a_clinician(target=120, ceiling=130, policy=Policy(max_booked_ratio=Fraction(2)))
    clinic = a_clinic(clinician, appointments(3, attendance=1000))
    full = a_rota(clinic, c1="Mon 09:00 a1 | break 15 | a2 | break 15 | a3 | free")
    pins = {b.appointment: b for b in full.bookings}
    pinned = replace(
        clinic,
        appointments=tuple(replace(a, pin=Place(0, pins[a.index].start)) for a in clinic.appointments),
    )
    assert lightened(pinned, full) == full
