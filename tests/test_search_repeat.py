"""The same question, the same answer: whatever the run, the hash seed or the order of the team."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from solver.check import breaches
from solver.question.reading import read_request
from solver.rules import cost
from solver.search.order import Order
from solver.search.run import search_week
from solver.search.work import Work
from tests.small import small_request

ROOT = Path(__file__).parent.parent
TINY = ROOT / "fixtures" / "tiny.json"
ROTA = (sys.executable, "-c", "from solver.cli import main; main()")

Json = dict[str, Any]


def rota(*words: str | Path, hash_seed: str = "0") -> None:
    asked = [*ROTA, *map(str, words)]
    env = os.environ | {"PYTHONHASHSEED": hash_seed}
    ran = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240, env=env)
    assert ran.returncode == 0, ran.stderr


def solved(request: Path, output: Path, hash_seed: str = "0") -> bytes:
    rota(
        "solve", request, "-o", output, "--reproducible", "--seed", "3", "--seconds", "3", hash_seed=hash_seed
    )
    return output.read_bytes()


@pytest.fixture(scope="module", params=["tiny", "made"])
def request_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest fixture, and a week made up for the purpose, whose first rota can be bettered by 2 %."""
    if request.param == "tiny":
        return TINY
    made = tmp_path_factory.mktemp("made") / "request.json"
    rota("make", "--clinicians", "3", "--appointments", "30", "--seed", "1", "-o", made)
    return made


@pytest.fixture(scope="module")
def first(request_file: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the request is answered with the first time."""
    return solved(request_file, tmp_path_factory.mktemp("first") / "rota.json")


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_a_reproducible_solve_gives_the_same_bytes(
    request_file: Path, first: bytes, tmp_path: Path, hash_seed: str
) -> None:
    again = solved(request_file, tmp_path / "rota.json", hash_seed)
    assert json.loads(again)["bookings"], "nobody is booked"
    assert again == first


@pytest.mark.slow
@pytest.mark.parametrize("order", range(2))
def test_the_order_of_the_clinicians_changes_no_booking(
    request_file: Path, first: bytes, tmp_path: Path, order: int
) -> None:
    told = json.loads(request_file.read_bytes())
    team = list(told["clinicians"])
    told["clinicians"] = team[::-1] if order == 0 else Random(1).sample(team[1:] + team[:1], len(team))
    assert told["clinicians"] != team
    other = tmp_path / "request.json"
    other.write_text(json.dumps(told))
    assert bookings(solved(other, tmp_path / "rota.json")) == bookings(first)


TIES = (8, 11, 14, 42, 57)
"""Seeds of small weeks with several cheapest rotas."""


def test_the_order_of_the_clinicians_breaks_no_tie() -> None:
    unsorted = 0
    for seed in TIES:
        told = small_request(seed)
        turned = told | {"clinicians": told["clinicians"][::-1]}
        assert searched(told) == searched(turned), seed
        # The search itself does go by the order that it is given.
        unsorted += searched(told, ordered=False) != searched(turned, ordered=False)
    assert unsorted > 0, "there was no tie to break"


def searched(told: Json, *, ordered: bool = True) -> tuple[set[tuple[str, str, int]], Fraction]:
    """Who is booked with whom and when, by their ids, and what it costs."""
    clinic = read_request(json.dumps(told)).clinic
    order = Order.of(clinic) if ordered else Order(tuple(range(len(clinic.clinicians))))
    found, price, _ = search_week(Work(order.sorted(clinic), seconds=2.0, reproducible=True))
    rota = order.back(found)
    assert breaches(clinic, rota) == ()
    assert cost(clinic, rota) == price
    named = {
        (clinic.appointments[k.appointment].id, clinic.clinicians[k.clinician].id, k.start)
        for k in rota.bookings
    }
    return named, price


def bookings(answer: bytes) -> set[tuple[str, str, str]]:
    rows: list[Json] = json.loads(answer)["bookings"]
    return {(row["appointment"], row["clinician"], row["start"]) for row in rows}
