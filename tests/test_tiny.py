"""The smallest week: its page's figures, by enumerating who sees whom under the real rules."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from solver.check import breaches
from solver.question.clinic import Clinic, Shift
from solver.question.reading import read_request
from solver.rota import Booking, Diary, Entry, Rota, Unplaced
from solver.rules import SOFT

TINY = Path(__file__).parent.parent / "fixtures" / "tiny.json"
A4 = 3
Choice = tuple[int | None, ...]


def laid_out(clinic: Clinic, choice: Choice) -> Rota:
    """The rota in which each appointment is with its clinician (None: unplaced), one after another."""
    bookings: list[Booking] = []
    diaries = []
    for clinician in clinic.clinicians:
        entries: list[Entry] = []
        for place, shift in enumerate(clinician.shifts):
            # c2's second shift, on Tuesday, is for a4 alone, from 09:30.
            there = [
                a for a, who in enumerate(choice) if who == clinician.index and (a == A4) == (place == 1)
            ]
            entries += shift_entries(clinic, shift, there, late=30 if place == 1 else 0)
        bookings += [Booking(e.appointments[0], clinician.index, e.start) for e in entries if e.appointments]
        diaries.append(Diary(clinician.index, tuple(entries)))
    unplaced = tuple(Unplaced(a, "no_capacity", "by hand") for a, who in enumerate(choice) if who is None)
    return Rota(tuple(bookings), unplaced, tuple(diaries))


def shift_entries(clinic: Clinic, shift: Shift, there: list[int], late: int) -> list[Entry]:
    """Bookings in a row from ``late`` minutes after the start, their admin, and free time around them."""
    told: list[tuple[str, int, tuple[int, ...]]] = [
        ("appointment", clinic.appointments[a].minutes, (a,)) for a in there
    ]
    told += [("admin", clinic.appointments[a].admin, ()) for a in there]
    entries = [Entry("free", shift.start, shift.start + late)] if late else []
    at = shift.start + late
    for kind, minutes, which in told:
        entries.append(Entry(kind, at, at + minutes, which))
        at += minutes
    return [*entries, Entry("free", at, shift.end)] if at < shift.end else entries


def cost(clinic: Clinic, rota: Rota) -> Fraction:
    return sum((clinic.weights[term.NAME] * term.measure(clinic, rota) for term in SOFT), Fraction(0))


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return read_request(TINY.read_bytes()).clinic


@pytest.fixture(scope="module")
def priced(clinic: Clinic) -> dict[Choice, tuple[Fraction, set[str]]]:
    """Cost and broken rules of every choice; a4 belongs to c2."""
    choices = [c for c in product((None, 0, 1), repeat=5) if c[A4] != 0]
    rotas = {choice: laid_out(clinic, choice) for choice in choices}
    return {c: (cost(clinic, r), {b.rule for b in breaches(clinic, r)}) for c, r in rotas.items()}


def test_sixteen_choices_are_legal_and_the_best_costs_144(
    priced: dict[Choice, tuple[Fraction, set[str]]],
) -> None:
    legal = sorted((price, str(choice)) for choice, (price, broken) in priced.items() if not broken)
    assert len(legal) == 16
    assert legal[0] == (Fraction(144), str((None, 0, None, 1, 0)))
    assert [price for price, _ in legal[1:6]] == [161, 254, 257, 387, Fraction(843, 2)]


def test_jumping_the_queue_would_cost_142(priced: dict[Choice, tuple[Fraction, set[str]]]) -> None:
    assert priced[0, 0, None, 1, None] == (Fraction(142), {"queue_order"})


def test_a_45_with_c2_passes_its_ceiling_too_often(
    priced: dict[Choice, tuple[Fraction, set[str]]],
) -> None:
    assert priced[None, None, None, None, 1][1] == {"overload"}
    # 30 + 30 = 60 is over 5/4 x 40 = 50, and 0.8 x 0.8 passes 44 too.
    assert priced[None, 1, 1, None, None][1] == {"booked_ceiling", "overload"}
