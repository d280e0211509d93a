"""Every peer books the same small weeks legally, under the clock, and what it says is held to the rules."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from benchmarks import peers, race
from benchmarks.peers import PEERS, TIMED, peer
from benchmarks.plain.overload import cuts
from benchmarks.plain.rows import posted
from benchmarks.plain.start import point
from benchmarks.plain.week import PlainWeek
from benchmarks.race import trail
from benchmarks.words import Said
from solver.check import breaches
from solver.make import request_bytes
from solver.question.reading import Question, read_request
from solver.rota import Rota
from solver.rules import cost
from solver.search.clerk import clerk
from tests.builders import a_clinic, a_clinician, appointments

FIXTURES = Path(__file__).parent.parent / "fixtures"

OPTIMUM = 144
"""fixtures/tiny.md."""


def tiny() -> Question:
    return read_request((FIXTURES / "tiny.json").read_bytes())


def told_by(name: str, question: Question, seconds: float) -> tuple[list[Rota], list[float]]:
    rotas: list[Rota] = []
    bounds: list[float] = []

    def tell(rota: Rota | None = None, bound: float | None = None) -> None:
        rotas.extend([] if rota is None else [rota])
        bounds.extend([] if bound is None else [bound])

    peer(name).book(question, seconds, tell)
    return rotas, bounds


@pytest.mark.parametrize("name", PEERS)
def test_every_peer_finds_the_best_rota_of_the_smallest_week(name: str) -> None:
    # fixtures/tiny.md works the optimum out by hand; the clerk happens to find it too.
    question = tiny()
    rotas, _ = told_by(name, question, 20)
    assert all(breaches(question.clinic, rota) == () for rota in rotas)
    assert min(cost(question.clinic, rota) for rota in rotas) == OPTIMUM


@pytest.mark.parametrize("flavour", ["mixed", "doubles", "fixed_slots", "pins"])
@pytest.mark.parametrize("name", ["slots", "mip"])
def test_a_plain_model_books_what_the_checker_allows(name: str, flavour: str) -> None:
    question = read_request(request_bytes(1, 6, 1, flavour))
    rotas, _ = told_by(name, question, 12)
    assert rotas
    for rota in rotas:
        assert breaches(question.clinic, rota) == ()


@pytest.mark.parametrize("flavour", ["doubles", "fixed_slots"])
def test_two_plain_models_of_one_week_agree_and_neither_passes_our_bound(flavour: str) -> None:
    # Both solve this week to the end, each its own way, so they meet at its optimum, and no bound passes it.
    question = read_request(request_bytes(1, 8, 3, flavour))
    by_name = {name: told_by(name, question, 30) for name in ("slots", "mip", "ours")}
    best = {name: min(float(cost(question.clinic, r)) for r in found[0]) for name, found in by_name.items()}
    assert best["slots"] == pytest.approx(best["mip"], abs=0.02)
    assert max(by_name["ours"][1]) <= min(best.values()) + 1e-6


@pytest.mark.parametrize("flavour", ["mixed", "fixed_slots", "pins"])
def test_the_clerks_rota_is_a_point_of_the_plain_week(flavour: str) -> None:
    clinic = read_request(request_bytes(2, 30, 1, flavour)).clinic
    week = posted(PlainWeek.over(clinic))
    known = point(week, clerk(clinic))
    whole = [row for row in week.programme.rows if all(v in known for v in row.variables)]
    assert len(whole) > len(clinic.appointments)
    for row in whole:
        total = sum(c * known[v] for c, v in zip(row.coefficients, row.variables, strict=True))
        assert row.lower <= total <= row.upper, row.rule


def test_a_week_that_passes_its_ceiling_gets_a_cover_cut() -> None:
    # Four hours at 0.9 against a ceiling of 180: all four come with 0.9^4 = 0.656, over 0.1. Three cannot
    # pass it, so the minimal cover is all four, and the cut says at most three.
    clinic = a_clinic(a_clinician(shifts=("Mon 09:00-18:00",), target=160, ceiling=180), appointments(4))
    week = posted(PlainWeek.over(clinic))
    once = {a.index: (a, x) for a, x in week.of_clinician[0]}
    (cut,) = cuts(week, {0: list(once.values())})
    assert cut.upper == 3
    assert set(cut.variables) == set(week.x.values())
    assert cuts(week, {0: list(once.values())[:3]}) == []


def test_a_positive_reserve_limit_is_refused_by_the_plain_models() -> None:
    clinician = a_clinician()
    lax = replace(clinician, policy=replace(clinician.policy, max_unreserved_risk=0.1))
    with pytest.raises(NotImplementedError, match="max_unreserved_risk"):
        PlainWeek.over(a_clinic(lax, appointments(1)))


def test_an_unknown_peer_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        peer("nobody")


@pytest.mark.parametrize("name", TIMED)
def test_every_peer_says_what_it_is(name: str) -> None:
    one = peer(name)
    assert one.NAME
    assert one.SAYS.endswith(".")
    assert one.CLOCKED


def test_a_race_hears_the_clerk_and_watches_his_memory() -> None:
    request = request_bytes(1, 8, 1)
    found = race.race("clerk", request, 20)
    assert found.error is None
    assert found.memory_mb > 20
    ((seconds, value, bound),) = trail(request, found.said).points
    clinic = read_request(request).clinic
    assert value == float(cost(clinic, clerk(clinic)))
    assert bound is None
    assert found.seconds is not None
    assert 0 < seconds <= found.seconds


@pytest.fixture
def an_odd_peer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A peer from elsewhere that the child can import; the test writes what it does."""
    package = tmp_path / "odd" / "benchmarks" / "peers"
    package.mkdir(parents=True)
    (package / "odd.py").write_text("")
    start = tmp_path / "sitecustomize.py"
    start.write_text(
        dedent(f"""
        import benchmarks.peers
        benchmarks.peers.__path__.append({str(package)!r})
        benchmarks.peers.PEERS = (*benchmarks.peers.PEERS, "odd")
        """)
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(peers.__file__).parent.parent.parent}")
    return package / "odd.py"


def test_a_peer_that_will_not_stop_is_killed_and_what_it_said_counts(
    an_odd_peer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(race, "GRACE", 0.5)
    an_odd_peer.write_text(
        dedent("""
        import time
        from solver.search.clerk import clerk

        def book(question, seconds, tell):
            tell(rota=clerk(question.clinic), bound=1.0)
            time.sleep(600)
        """)
    )
    request = request_bytes(1, 8, 1)
    found = race.race("odd", request, 1.0)
    assert found.error == "killed: it did not stop in time"
    assert found.seconds is None
    assert trail(request, found.said).points[0][2] == 1.0


def test_a_peer_that_fails_says_why(an_odd_peer: Path) -> None:
    an_odd_peer.write_text("def book(question, seconds, tell):\n    raise RuntimeError('no licence')\n")
    found = race.race("odd", request_bytes(1, 2, 1), 5.0)
    assert found.error == "RuntimeError: no licence"
    assert found.said == []


def test_a_rota_that_breaks_a_rule_counts_for_nothing_and_names_the_rule() -> None:
    # The clerk's rota without its first booking: the diary still shows it, which conservation forbids.
    request = request_bytes(1, 8, 1)
    whole = clerk(read_request(request).clinic)
    broken = replace(whole, bookings=whole.bookings[1:])
    found = trail(request, [Said.of(1.0, broken), Said.of(2.0, whole, 5.0), Said.of(3.0, None, 4.0)])
    assert "conservation" in found.broken
    ((seconds, _, bound),) = found.points
    assert (seconds, bound) == (2.0, 5.0)


def test_of_many_rotas_the_first_and_the_last_are_checked_and_some_between() -> None:
    # One every 0.1 s from 1 s on: kept are 1.0, 1.1 (from 1.1 on), 1.3 (from 1.21 on), ..., and the last.
    rota = Rota((), (), ())
    said = [Said.of((10 + turn) / 10, rota, float(turn)) for turn in range(60)]
    kept = [word for word in race.thinned(said) if word.rota() is not None]
    assert [word.seconds for word in kept[:3]] == [1.0, 1.1, 1.3]
    assert kept[-1] == said[-1]
    assert len(kept) < 30
    assert [word.bound for word in race.thinned(said)] == [word.bound for word in said]
    assert race.thinned(said[:50]) == said[:50]


def test_bounds_of_a_peer_that_proves_nothing_are_left_out() -> None:
    found = trail(request_bytes(1, 2, 1), [Said(1.0, None, 5.0)], proves=False)
    assert found.points == ()


def test_the_runner_keeps_a_solvers_chatter_out_of_its_words(an_odd_peer: Path) -> None:
    an_odd_peer.write_text("import os\ndef book(question, seconds, tell):\n    os.write(1, b'chatter')\n")
    found = race.race("odd", request_bytes(1, 2, 1), 5.0)
    assert found.error is None
    assert sys.getsizeof(found.said) > 0
