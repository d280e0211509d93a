"""Figures that others printed, reproduced to every digit they gave; sources stand in the files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from solver.question.clinic import Appointment, Span
from solver.risk.backlog import Backlog, backlog
from solver.risk.law import delivered, overload_probability, two_valued
from solver.risk.owed import Overrun
from solver.risk.stress import stressed
from solver.rota import Entry


def oracle(name: str) -> Any:  # noqa: ANN401 (tables of many shapes)
    return json.loads((Path(__file__).parent / "oracles" / f"{name}.json").read_text())


def a_session(
    per_slot: Sequence[int], slot: int, minutes: int, attendance: int, overrun: Overrun = ((0, 1.0),)
) -> Backlog:
    """Slots of equal length, each with some patients booked at its start."""
    count = sum(per_slot)
    book = [Appointment(f"a{i}", i, f"p{i}", minutes, attendance) for i in range(count)]
    entries, first = [], 0
    for place, size in enumerate(per_slot):
        kind = "appointment" if size else "free"
        who = tuple(range(first, first + size))
        entries.append(Entry(kind, place * slot, (place + 1) * slot, who))
        first += size
    return backlog(entries, [Span(0, slot * len(per_slot))], book, overrun)


def mean_wait(found: Backlog) -> float:
    return sum(wait for _, wait in found.waits) / len(found.waits)


@pytest.mark.parametrize("row", oracle("day_backlog")["rows"], ids=str)
def test_a_day_of_double_bookings_matches_the_appointment_tool(row: dict[str, Any]) -> None:
    per_slot = [int(size) for size in row["bookings_per_slot"]]
    slot, minutes, no_show = row["slot_minutes"], row["session_minutes"], row["no_show"]
    assert (len(per_slot), sum(per_slot)) == (row["slots"], row["patients"])
    found = a_session(per_slot, slot, minutes, round(1000 * (1 - no_show)))
    work = row["patients"] * minutes * (1 - no_show)
    # the clinician is idle whenever neither at work in the session nor past its end
    idle = slot * len(per_slot) + found.expected_overtime_minutes - work
    assert round(mean_wait(found), 4) == row["mean_wait_minutes"]
    assert round(found.expected_overtime_minutes, 4) == row["expected_tardiness_minutes"]
    assert round(idle, 4) == row["expected_idle_minutes"]
    assert round(100 * found.p_late_finish, 2) == row["p_overtime_percent"]


RANDOM = oracle("day_backlog_random_sessions")


def a_random_session(per_slot: Sequence[int]) -> Backlog:
    """Sessions of random length: the shortest is booked, what is longer is overrun."""
    lengths = {int(minutes): share for minutes, share in RANDOM["session_minutes"].items()}
    shortest = min(lengths)
    overrun = [(minutes - shortest, share) for minutes, share in lengths.items()]
    attendance = round(1000 * (1 - RANDOM["no_show"]))
    return a_session(per_slot, RANDOM["slot_minutes"], shortest, attendance, overrun)


@pytest.mark.parametrize("row", RANDOM["rows"], ids=str)
def test_random_session_lengths_match_to_twelve_digits(row: dict[str, Any]) -> None:
    found = a_random_session(row["bookings_per_slot"])
    assert mean_wait(found) == pytest.approx(row["mean_wait_minutes"], rel=1e-12, abs=0)
    assert found.expected_overtime_minutes == pytest.approx(
        row["expected_overtime_minutes"], rel=1e-12, abs=0
    )


def schedules(patients: int, slots: int) -> Iterator[tuple[int, ...]]:
    return (sizes for sizes in product(range(patients + 1), repeat=slots) if sum(sizes) == patients)


def test_the_proven_optimum_is_the_best_of_all_schedules() -> None:
    best = RANDOM["optimum"]
    patients = best["patients"]

    def objective(per_slot: Sequence[int]) -> float:
        found = a_random_session(per_slot)
        return 0.5 * mean_wait(found) + 0.5 * found.expected_overtime_minutes

    values = {per_slot: objective(per_slot) for per_slot in schedules(patients, best["slots"])}
    assert len(values) == 84  # 9 choose 3
    assert min(values, key=values.__getitem__) == tuple(best["bookings_per_slot"])
    assert min(values.values()) == pytest.approx(best["value"], rel=1e-12, abs=0)


def seven_digits(number: float) -> str:
    return f"{number:.6e}"


def test_the_weighted_sum_of_bernoullis_matches_seven_digits() -> None:
    table = oracle("weighted_poisson_binomial")
    trials = [
        trial
        for p, times, a, b in zip(table["p"], table["repeats"], table["a"], table["b"], strict=True)
        for trial in [(a, b, p)] * times
    ]
    plain = two_valued((1, 0, p) for _, _, p in trials)
    for count, printed in table["ordinary"]["pmf"].items():
        assert seven_digits(plain.pmf[int(count)]) == seven_digits(printed)
    for count, printed in table["ordinary"]["cdf"].items():
        assert seven_digits(plain.below(int(count) + 1)) == seven_digits(printed)

    weighted = two_valued(trials)
    least, most = table["weighted"]["support"]
    assert (weighted.least, weighted.most, weighted.grid) == (least, most, 1)
    for index, printed in table["weighted"]["pmf_at_index"].items():
        assert seven_digits(weighted.pmf[int(index)]) == seven_digits(printed)
    for index, printed in table["weighted"]["cdf_at_index"].items():
        assert seven_digits(weighted.below(least + int(index) + 1)) == seven_digits(printed)


@pytest.mark.parametrize("row", oracle("stress_band")["rows"], ids=str)
def test_the_stress_band_of_25_hours_at_a_ceiling_of_22(row: dict[str, Any]) -> None:
    bookings = [(60, round(1000 * row["attendance"]))] * 25
    if row["rho"]:
        found = stressed(bookings).shared.above(22 * 60)
    else:
        found = delivered(bookings).above(22 * 60)
        assert overload_probability(bookings, 22 * 60) == pytest.approx(found, abs=1e-14)
    assert round(found, 3) == row["p"]
