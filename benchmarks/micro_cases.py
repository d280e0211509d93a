"""The cases of `benchmarks.micro`, for pytest-benchmark; not collected unless named."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.micro import SIZE, Case, laid
from solver.answer.risks import figures
from solver.check import breaches
from solver.model.week import Column, FrameKey
from solver.search.plan import Days

ROUNDS = 5

T = TypeVar("T")


@pytest.fixture(scope="session")
def case() -> Case:
    clinicians, _, appointments = os.environ.get(SIZE, "60/2000").partition("/")
    return Case.made(int(clinicians), int(appointments))


def test_layout(case: Case, benchmark: BenchmarkFixture) -> None:
    found = _each(case, case.booked().items(), benchmark)
    assert found[False] == 0, "the clerk's day has no layout"


def test_layout_one_more(case: Case, benchmark: BenchmarkFixture) -> None:
    _each(case, case.one_more(), benchmark)


def test_risk(case: Case, benchmark: BenchmarkFixture) -> None:
    found = _timed(benchmark, figures, args=(case.clinic, case.rota), rounds=ROUNDS)
    assert len(found.diaries) == len(case.clinic.clinicians)


def test_checker(case: Case, benchmark: BenchmarkFixture) -> None:
    assert _timed(benchmark, breaches, args=(case.clinic, case.rota), rounds=ROUNDS) == ()


def _timed(benchmark: BenchmarkFixture, call: Callable[..., T], **how: object) -> T:
    return benchmark.pedantic(call, **how)  # type: ignore[no-any-return, no-untyped-call]


def _each(
    case: Case, asked: Iterable[tuple[FrameKey, tuple[Column, ...]]], benchmark: BenchmarkFixture
) -> Counter[bool | None]:
    """Lay out every day once, each a call of its own that remembers nothing."""
    todo = list(asked)
    waiting = iter(todo)
    found: Counter[bool | None] = Counter()

    def one(days: Days, key: FrameKey, columns: tuple[Column, ...]) -> None:
        found[laid(days, key, columns)] += 1

    _timed(benchmark, one, setup=lambda: ((Days(case.week), *next(waiting)), {}), rounds=len(todo))
    names = {True: "laid out", False: "proven unfit", None: "given up"}
    benchmark.extra_info.update({names[key]: count for key, count in sorted(found.items(), key=str)})
    return found
