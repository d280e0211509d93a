"""Two rotas made one: legal, never dearer than the better of them, and better where each has something."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest

from solver.check import breaches
from solver.make import request_bytes
from solver.question.reading import read_request
from solver.rota import Rota
from solver.rules import cost
from solver.search import seek
from solver.search.bound import Prover
from solver.search.clerk import clerk
from solver.search.improve import Search
from solver.search.judge import Judge
from solver.search.part import Limits
from solver.search.plan import Days
from solver.search.prepare import Prepared, prepared
from solver.search.run import find_rotas, prove_bounds
from solver.search.seek import Seeker
from solver.search.work import Clock, Half, Incumbent, Notes, Work

BRIEFLY = Limits(seconds=None, work=0.3, gap=0.5)


@lru_cache(maxsize=4)
def ready(clinicians: int, appointments: int, seed: int, flavour: str) -> Prepared:
    return prepared(read_request(request_bytes(clinicians, appointments, seed, flavour)).clinic)


def seeking(of: Prepared, seed: int = 0, *, halved: bool = False) -> Seeker:
    work = Work(of.week.clinic, 1.0, reproducible=True, halved=halved)
    return Seeker(of, Judge(of.week, Days(of.week)), Clock(work, Notes()), seed)


def on_the_clerks(of: Prepared, seed: int = 0) -> Search:
    search = seeking(of, seed).search
    rota = clerk(of.week.clinic)
    search.adopt(rota, cost(of.week.clinic, rota))
    return search


def improved(search: Search, whose: list[int]) -> Search:
    """Each of some clinicians' weeks made better by itself."""
    for clinician in whose:
        search.attempt((clinician,), BRIEFLY)
    return search


WEEKS = [(4, 100, 1, "mixed"), (6, 180, 2, "pins"), (6, 180, 3, "mixed"), (6, 150, 4, "doubles")]


@pytest.mark.parametrize("week", WEEKS)
def test_what_two_searches_found_for_different_clinicians_is_kept(week: tuple[int, int, int, str]) -> None:
    of = ready(*week)
    clinic, half = of.week.clinic, week[0] // 2
    begun = on_the_clerks(of).standing.cost
    one = improved(on_the_clerks(of, 1), list(range(half)))
    other = improved(on_the_clerks(of, 2), list(range(half, week[0])))
    apart = min(one.standing.cost, other.standing.cost)
    assert apart < begun
    better = one.adopt(other.standing.rota, other.standing.cost)
    assert breaches(clinic, one.standing.rota) == ()
    assert one.standing.cost == cost(clinic, one.standing.rota)
    assert one.standing.cost <= apart
    assert better == (one.standing.cost < apart)


def test_on_most_weeks_nearly_all_that_each_found_is_kept() -> None:
    strictly, kept, found = 0, Fraction(0), Fraction(0)
    for week in WEEKS:
        of, half = ready(*week), week[0] // 2
        begun = on_the_clerks(of).standing.cost
        one = improved(on_the_clerks(of, 1), list(range(half)))
        other = improved(on_the_clerks(of, 2), list(range(half, week[0])))
        found += (begun - one.standing.cost) + (begun - other.standing.cost)
        strictly += one.adopt(other.standing.rota, other.standing.cost)
        kept += begun - one.standing.cost
    assert strictly >= 3
    # The clerk leaves patients whom both could see, so not everything that each found goes together.
    assert Fraction(3, 4) * found < kept <= found


def test_the_point_of_a_rota_made_of_two_is_one_of_the_model() -> None:
    of = ready(*WEEKS[2])
    one, other = improved(on_the_clerks(of, 1), [0, 1, 2]), improved(on_the_clerks(of, 2), [3, 4, 5])
    assert one.adopt(other.standing.rota, other.standing.cost)
    given, over = of.given, of.given.matrix @ one.values - of.given.bounds
    assert over.max() <= 1e-6
    assert np.abs(over[given.equal]).max() <= 1e-6
    assert given.cost @ one.values + given.constant == pytest.approx(float(one.standing.cost), abs=0.2)


def test_a_rota_that_is_known_changes_nothing() -> None:
    search = improved(on_the_clerks(ready(*WEEKS[0])), [0])
    before = search.standing
    assert not search.adopt(before.rota, before.cost)
    assert search.standing.cost == before.cost
    worse = clerk(search.week.clinic)
    assert not search.adopt(worse, cost(search.week.clinic, worse))
    assert search.standing.cost == before.cost


def patients_seen_by(of: Prepared, clinicians: list[int]) -> set[int]:
    return {c.appointment for c in of.week.columns if c.clinician in clinicians}


@pytest.mark.parametrize("flavour", ["mixed", "unattainable"])
def test_the_halves_are_everybody_and_share_no_patients(
    flavour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = ready(8, 160, 1, flavour)
    assert seeking(of, halved=True).halves == (list(range(8)), []), "so small a week is not shared out"
    monkeypatch.setattr(seek, "MANY", 0)
    assert seeking(of).halves == (list(range(8)), []), "nor is one that only one job works at"
    one, other = seeking(of, halved=True).halves
    assert sorted([*one, *other]) == list(range(8))
    assert not patients_seen_by(of, one) & patients_seen_by(of, other)
    # Where anybody may see anybody there is nothing to share out.
    assert bool(other) == (flavour == "mixed")


class Told(Notes):
    """An ear that has a few things to say, once."""

    def __init__(self, news: list[object]) -> None:
        super().__init__()
        self.news = news

    def receive(self) -> list[object]:
        news, self.news = self.news, []
        return news


def halves_of(notes: Notes) -> Iterator[Half]:
    return (event for event in notes.heard if isinstance(event, Half))


def whole_rotas(notes: Notes) -> list[Incumbent]:
    return [event for event in notes.heard if isinstance(event, Incumbent)]


def last_rota(notes: Notes) -> Rota:
    return min(whole_rotas(notes), key=lambda event: event.cost).rota


def test_one_job_goes_on_from_the_half_that_the_other_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seek, "MANY", 0)
    clinic = read_request(request_bytes(8, 200, 1, "mixed")).clinic
    work = Work(clinic, seconds=6.0, halved=True)
    proving = Notes()
    prove_bounds(work, proving)
    half = next(halves_of(proving))
    assert breaches(clinic, half.rota) == ()
    seen_there = {b.clinician for b in half.rota.bookings}
    assert 0 < len(seen_there) < 8
    with_it, alone = Told([half]), Notes()
    find_rotas(Work(clinic, seconds=2.0, halved=True), with_it)
    find_rotas(Work(clinic, seconds=4.0, halved=True), alone)
    assert breaches(clinic, last_rota(with_it)) == ()
    by_hand, first = whole_rotas(with_it)[:2]
    # The first whole rota after the clerk's has the half's weeks in it, but for those that found no room.
    theirs = set(half.rota.bookings)
    assert len(theirs & set(first.rota.bookings)) > 0.6 * len(theirs)
    assert len(theirs & set(by_hand.rota.bookings)) < 0.6 * len(theirs)
    # Where the other job says nothing, everybody is settled all the same.
    assert whole_rotas(alone)[1].cost < Fraction(11, 10) * first.cost


def test_work_ends_when_the_machines_clock_says_so() -> None:
    clinic = read_request(request_bytes(1, 5, 1, "mixed")).clinic
    begun = Clock(Work(clinic, seconds=100.0), Notes())
    assert 99.0 < begun.left() <= 100.0
    late = Clock(Work(clinic, seconds=100.0, until=begun.began + 30.0), Notes())
    assert 29.0 < late.left() <= 30.0
    assert Clock(Work(clinic, seconds=100.0, until=begun.began - 1.0), Notes()).over()


def test_what_a_whole_world_was_proven_to_reach_becomes_the_rota() -> None:
    of = ready(*WEEKS[0])
    search = on_the_clerks(of)
    begun, prover = search.standing.cost, Prover(of, search.judge)
    prover.known = search.values
    taken = 0
    while prover.joined():
        for bound in prover.bounds(lambda: Limits(seconds=10.0, gap=0.2, proving=True), lambda: False):
            assert bound <= float(search.standing.cost) + 1e-6
            if prover.found is not None and search.take(*prover.found):
                taken += 1
                assert breaches(of.week.clinic, search.standing.rota) == ()
    assert taken
    assert search.standing.cost < begun
    # Everybody in one block, solved to 0.2: nothing better is left.
    assert float(search.standing.cost) - prover.total() < 0.3


def test_a_patient_is_not_taken_from_somebody_else() -> None:
    of = ready(*WEEKS[0])
    search = on_the_clerks(of)
    before, chosen = search.standing, search.standing.chosen
    shared = [
        column
        for column in of.week.columns
        if column.appointment in chosen and chosen[column.appointment].clinician != column.clinician
    ]
    assert len(shared) > 10
    for column in shared:
        # The week as it stands, and one patient more, whom another sees.
        own = of.split.variables(column.clinician)
        wanted = np.where(own == column.variable, 1.0, search.values[own])
        assert not search.take(own, wanted)
        assert search.standing is before
