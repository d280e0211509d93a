"""What each piece of the week's model proves before any search: the reason for decision 001.

``python -m benchmarks.bounds [--seconds N] [NAMES...]`` prints, for each bundled week, the bound of the
linear relaxation of the rules alone, of the same with the tables of mixes and of counts, and CP-SAT's own
bound on each of the two models after so many seconds with one worker.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from time import monotonic

from benchmarks.machine import ROOT
from solver.model.programme import Programme
from solver.question.reading import read_request
from solver.rules import week_model
from solver.search.cpsat import Tries, solve
from solver.search.linear import arrays, relax
from solver.search.prepare import tight_week


def bounds(name: str, seconds: float) -> list[str]:
    """A week's row: name, then each bound and its seconds."""
    clinic = read_request((ROOT / "fixtures" / f"{name}.json").read_bytes()).clinic
    plain, (tight, _) = week_model(clinic).programme, tight_week(clinic)
    row = [name]
    for programme in (plain, tight.programme):
        row += [_relaxed(programme), _searched(programme, seconds)]
    return row


def _relaxed(programme: Programme) -> str:
    began = monotonic()
    relaxed = relax(arrays(programme))
    bound = None if relaxed is None else relaxed.bound
    return _said(bound, monotonic() - began)


def _searched(programme: Programme, seconds: float) -> str:
    began = monotonic()
    bound = solve(programme, tries=Tries(seconds=seconds)).bound
    return _said(bound, monotonic() - began)


def _said(bound: float | None, seconds: float) -> str:
    return "-" if bound is None else f"{bound:,.1f} ({seconds:.1f} s)"


def main(words: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bounds", description="Bounds before any search."
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", default=["team"], help="bundled weeks; none: team"
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="time limit of CP-SAT, each time")
    asked = parser.parse_args(words)
    print("| week | rules, LP | rules, CP-SAT | with tables, LP | with tables, CP-SAT |")
    print("| --- | --: | --: | --: | --: |")
    for name in asked.names or ["team"]:
        print(f"| {' | '.join(bounds(name, asked.seconds))} |", flush=True)


if __name__ == "__main__":
    main()
