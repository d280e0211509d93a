"""Why not there: an allowed start, applied, does what was said; a forbidden one no diary mends."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from solver import rules
from solver.check import breaches
from solver.explain.why_eligible import faults
from solver.explain.why_obstacles import Obstacle
from solver.explain.why_standing import Standing
from solver.explain.why_there import Placing, There, applied
from solver.question.clinic import Clinic, Place
from solver.risk.diary import diary_risk
from solver.rota import Booking, Entry, Rota
from tests import brute
from tests.brute_days import NoRota, TooLarge
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, at, shift, span
from tests.explained_weeks import week

CASES = 300
SAMPLE = 12
"""Starts a case that are held against the brute force."""


@pytest.mark.parametrize("seed", range(CASES))
def test_an_allowed_start_applied_keeps_every_rule_and_changes_what_was_said(seed: int) -> None:
    question, rota = week(seed)
    clinic = question.clinic
    standing = Standing(clinic, rota)
    before = {d.clinician: diary_risk(clinic, d) for d in rota.diaries}
    for a in clinic.appointments:
        placing = Placing(standing, a)
        for there in placing.everywhere():
            if there.allowed and there.fit != "booked":
                after = applied(rota, there)
                assert breaches(clinic, after) == ()
                assert changes(there) == differences(clinic, rota, after)
                risks = {d.clinician: diary_risk(clinic, d) for d in after.diaries}
                told = placing.risks(there)
                assert all(r.after == risks[r.clinician] and r.before == before[r.clinician] for r in told)
                assert {c for c in risks if risks[c] != before[c]} <= {r.clinician for r in told}
                assert (there.fit == "stands") <= still(rota, after, there)


@pytest.mark.parametrize("seed", range(0, CASES, 3))
def test_a_start_is_forbidden_exactly_where_no_diary_keeps_the_rules(seed: int) -> None:
    # All that is booked is pinned where it stands, the appointment where it is tried: the brute force looks
    # for any diaries. Pins stand outside queues and need no grid point, so those two rules are left aside.
    question, rota = week(seed)
    clinic, random = question.clinic, Random(seed)
    standing, tried = Standing(clinic, rota), 0
    starts = [
        (a, c, t)
        for a in clinic.appointments
        for c in clinic.clinicians
        for s in c.shifts
        for t in range(s.start, s.end, 5)
    ]
    random.shuffle(starts)
    for a, c, t in starts:
        if tried == SAMPLE:
            break
        there = Placing(standing, a).there(c.index, t)
        left = [o for o in there.obstacles if not aside(o)]
        ineligible = any(o.rule == "eligible" for o in left)
        if there.fit != "booked" and (not ineligible or random.random() < 0.05):
            tried += 1
            others = [b for b in rota.bookings if b.appointment != a.index]
            assert has_diaries(clinic, [*others, there.booking]) == (not left)


def changes(there: There) -> dict[str, tuple[Fraction, Fraction]]:
    return {term.name: (term.before, term.after) for term in there.terms}


def differences(clinic: Clinic, before: Rota, after: Rota) -> dict[str, tuple[Fraction, Fraction]]:
    pairs = zip(rules.terms(clinic, before), rules.terms(clinic, after), strict=True)
    return {old.name: (old.amount, new.amount) for old, new in pairs}


def still(before: Rota, after: Rota, there: There) -> bool:
    """Whether breaks, lunches and reserves, and all other slots, are where they were."""

    def kept(rota: Rota) -> set[Entry]:
        rows = (e for d in rota.diaries for e in d.entries)
        return {
            e for e in rows if e.kind not in {"free", "admin"} and there.appointment not in e.appointments
        }

    partners = {e for e in kept(before) if e.start == there.start and e.appointments}
    return kept(before) - partners <= kept(after)


def aside(obstacle: Obstacle) -> bool:
    return obstacle.rule in {"queue_order", "pinned"} or obstacle.field == "start"


def has_diaries(clinic: Clinic, bookings: list[Booking]) -> bool:
    pinned = tuple(
        replace(clinic.appointments[b.appointment], index=i, pin=Place(b.clinician, b.start), published=None)
        for i, b in enumerate(bookings)
    )
    try:
        return brute.best(replace(clinic, appointments=pinned), 10**6) is not None
    except (NoRota, TooLarge):
        return False


def a_day() -> tuple[Clinic, Rota]:
    """Mon 9 to 12: 30 minutes, a break, admin of which 15 minutes are more than is due, an hour, a break."""
    wanted = [an_appointment(minutes=30, admin=15), an_appointment(minutes=15), an_appointment(minutes=60)]
    clinic = a_clinic(a_clinician(shifts=("Mon 09:00-12:00",), target=600), wanted)
    return clinic, a_rota(clinic, c1="Mon 09:00 a1 | break 5 | break 10 | admin 30 | a3 | break 10 | free")


@pytest.mark.parametrize(
    ("start", "fit"),
    [
        (
            "Mon 09:45",
            "stands",
        ),  # 15 of the 30 minutes of admin, 15 are due and left; a2 and a3 make 75 <= 90
        ("Mon 11:30", "stands"),  # free time, after a break
        ("Mon 09:30", "laid_out"),  # the break there finds another place
        ("Mon 10:30", "forbidden"),  # a3 is seen
    ],
)
def test_free_time_and_spare_admin_give_way_and_breaks_move_only_in_a_new_layout(
    start: str, fit: str
) -> None:
    clinic, rota = a_day()
    there = Placing(Standing(clinic, rota), clinic.appointments[1]).there(0, at(start))
    assert there.fit == fit
    assert [t.cost for t in there.terms if t.name == "unplaced"] == [Fraction(-15)]


def test_a_day_without_room_for_admin_says_how_much_is_due() -> None:
    # 60 minutes of shift, 45 booked, 15 + 30 of admin due: 15 fit.
    wanted = [an_appointment(minutes=15, admin=15), an_appointment(minutes=30, admin=30)]
    clinic = a_clinic(a_clinician(shifts=("Mon 09:00-10:00",), target=600), wanted)
    rota = a_rota(clinic, c1="Mon 09:00 a1 | admin")
    there = Placing(Standing(clinic, rota), clinic.appointments[1]).there(0, at("Mon 09:15"))
    assert [(o.rule, o.text) for o in there.obstacles] == [
        ("admin", "c1 would have 15 minutes of admin a day at most, 45 are due.")
    ]


def test_every_fault_of_a_start_is_named_not_only_the_first() -> None:
    team = [a_clinician(skills=frozenset({"cbt"})), a_clinician(languages=frozenset({"en"}))]
    clinic = a_clinic(
        team,
        [
            an_appointment(
                clinician=0, skills=frozenset({"emdr"}), language="pl", windows=(span("Tue 09:00-10:00"),)
            )
        ],
    )
    start = clinic.clinicians[1].shifts[0].start
    found = faults(clinic.appointments[0], clinic.clinicians[1], start)
    assert [fault.field for fault in found] == ["clinician", "skills", "language", "windows"]


def test_no_sentence_names_a_patient() -> None:
    wanted = [an_appointment(patient="somebody"), an_appointment(patient="somebody")]
    clinic = a_clinic(a_clinician(shifts=(shift("Mon 09:00-12:00"),)), wanted)
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free")
    found = list(Placing(Standing(clinic, rota), clinic.appointments[1]).everywhere())
    assert {"booked_once"} <= {rule for there in found for rule in there.rules}
    assert not any("somebody" in o.text for there in found for o in there.obstacles)
