"""Witnesses of rules that bind: queues put in order, what the clerk adds, searches ended in time."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from solver.check import breaches
from solver.explain.verdict.binding import binding
from solver.explain.verdict.team import Hurry, reached
from solver.explain.verdict.without import REMOVALS, without
from solver.explain.verdict.witness import filled, in_turn, shows
from solver.make import request_bytes
from solver.question.clinic import Clinic, Policy
from solver.question.reading import read_request
from solver.rota import Rota
from solver.search.attain import attained
from solver.search.reach import Reach, Reached
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments


def three_alike() -> tuple[Clinic, Rota]:
    """a1 and a2 have waited longest; the rota books a2 and a3, an hour each at attendance 1."""
    wanted = [an_appointment(waiting_days=9 - i, attendance=1000) for i in range(3)]
    clinic = a_clinic(a_clinician(), wanted)
    return clinic, a_rota(clinic, c1="Mon 09:00 a2 | break 15 | a3 | break 15 | admin 30 | free")


def test_whoever_is_booked_before_their_turn_gives_the_place_to_whom_it_is_due() -> None:
    clinic, rota = three_alike()
    assert {b.rule for b in breaches(clinic, rota)} == {"queue_order"}
    ordered = in_turn(clinic, rota)
    assert breaches(clinic, ordered) == ()
    was = {b.appointment: b.start for b in rota.bookings}
    now = {b.appointment: b.start for b in ordered.bookings}
    assert now == {0: was[2], 1: was[1]}
    assert [u.appointment for u in ordered.unplaced] == [2]


def test_a_rota_shows_what_it_reaches_once_its_queues_are_in_order() -> None:
    clinic, rota = three_alike()
    assert shows(clinic, "eligible", rota, 119.0)
    assert not shows(clinic, "eligible", rota, 120.0)


def test_a_patient_with_another_booking_stands_outside_the_queue() -> None:
    # a1's patient has a4 on the same day, so a1 is owed nothing, and a2 before a3 is in order.
    clinic, _ = three_alike()
    fourth = an_appointment(minutes=30, patient=clinic.appointments[0].patient)
    told = (*clinic.appointments, replace(fourth, index=3, id="a4"))
    clinic = replace(clinic, appointments=told)
    rota = a_rota(clinic, c1="Mon 09:00 a2 | break 15 | a3 | break 15 | a4 | admin 30 | free")
    assert in_turn(clinic, rota) == rota


def test_what_the_clerk_finds_room_for_without_a_rule_needs_no_search() -> None:
    # One contact a day: a1 alone is booked. Without the rule the clerk books the other two beside it.
    clinic = a_clinic(
        a_clinician(policy=Policy(max_contacts_per_day=1)), appointments(3, minutes=30, attendance=1000)
    )
    rota = a_rota(clinic, c1="Mon 09:00 a1 | break 15 | admin 30 | free")
    more = filled(without(clinic, "contacts"), rota)
    assert set(rota.bookings) <= set(more.bookings)
    assert attained(clinic, more) == 90.0
    base = Reached(30.0, 30.0, rota, tight=frozenset({"contacts"}))
    # No time is left for any search: the bound of 30 is proven, and the clerk's rota passes it.
    assert binding(clinic, base, Hurry(monotonic())).binding == ("contacts",)


def test_rules_are_proven_not_to_bind_only_where_bounds_say_so() -> None:
    # One of 30 minutes a day, attendance 1, of a target of 120: without `contacts` all four would be reached.
    # The rest cannot raise 30 minutes, and the bound without each says so.
    policy = Policy(max_contacts_per_day=1)
    clinic = a_clinic(a_clinician(target=120, policy=policy), appointments(4, minutes=30, attendance=1000))
    rota = a_rota(clinic, c1="Mon 09:00 a1 | break 15 | admin 30 | free")
    closed = Reached(30.0, 30.0, rota)
    found = binding(clinic, closed, Hurry(monotonic() + 20.0))
    assert found.binding == ("contacts",)
    assert set(found.not_binding(30.0)) == set(REMOVALS) - {"contacts"}
    # A minute below the bound, with no time to search, it is known only of rules that bite nowhere: everybody
    # may be seen at any time, no pin, no notes and no rooms are told.
    hurried = binding(clinic, Reached(31.0, 30.0, rota), Hurry(monotonic()))
    assert sorted(hurried.not_binding(30.0)) == ["admin", "eligible", "pinned", "rooms"]


def test_no_rule_binds_where_all_that_is_listed_is_delivered() -> None:
    clinic = a_clinic(a_clinician(), appointments(1, minutes=30, attendance=1000))
    rota = a_rota(clinic, c1="Mon 09:00 a1 | break 15 | admin 30 | free")
    found = binding(clinic, Reached(30.0, 30.0, rota), Hurry(monotonic()))
    assert (found.binding, set(found.not_binding(30.0))) == ((), set(REMOVALS))


def test_a_search_is_ended_once_it_has_told_enough() -> None:
    clinic = read_request(request_bytes(4, 130, 2, "mixed")).clinic
    began = monotonic()
    (found,) = reached([Reach(clinic, 60.0)], enough=lambda _, got: got.found is not None)
    assert found is not None
    assert found.rota is not None
    assert not breaches(clinic, found.rota)
    assert monotonic() - began < 30.0
