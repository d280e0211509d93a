"""The benchmark suite: ``python -m benchmarks run | report | gate | micro | known``.

See benchmarks/README.md for what each figure means.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import cells, gate, known, micro, report
from benchmarks.grid import SEEDS, SIZES, keys, parsed_seeds, parsed_sizes
from benchmarks.machine import ROOT
from benchmarks.peers import PEERS, TIMED
from solver.make.flavours import FLAVOURS

RESULTS = ROOT / "benchmarks" / "results"


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    asked = _parser().parse_args(words)
    return int(asked.run(asked))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="The benchmark suite.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _run_words(commands.add_parser("run", help="race the peers; goes on where an earlier run stopped"))
    told = commands.add_parser("report", help="write the page and its pictures from what is measured")
    told.add_argument("--results", type=Path, default=RESULTS, help="directory of cells.jsonl")
    told.set_defaults(run=_report)
    guard = commands.add_parser("gate", help="fail if a gap is worse than stored at equal deterministic work")
    guard.add_argument("--store", action="store_true", help="measure anew and store, instead of comparing")
    guard.add_argument("--file", type=Path, default=gate.STORED, help="the stored figures")
    guard.add_argument("--most-seconds", type=float, default=gate.MOST_SECONDS, help="fail after so long")
    guard.set_defaults(run=_gate)
    pieces = commands.add_parser("micro", help="time the layout, the risk engine and the checker alone")
    pieces.add_argument("--size", default="60/2000", help="clinicians/appointments")
    pieces.add_argument("--results", type=Path, default=RESULTS, help="directory of micro.md")
    pieces.set_defaults(run=lambda asked: micro.run(asked.results, asked.size))
    answers = commands.add_parser("known", help="generalised assignment instances against known optima")
    answers.add_argument("files", nargs="*", type=Path, help="OR-Library files; none: generated stand-ins")
    answers.add_argument("--seconds", type=float, default=20.0, help="time limit of each")
    answers.add_argument("--results", type=Path, default=RESULTS, help="directory of the page")
    answers.set_defaults(run=lambda asked: known.run(asked.files, asked.seconds, asked.results))
    return parser


def _run_words(run: argparse.ArgumentParser) -> None:
    run.add_argument("--sizes", type=parsed_sizes, default=list(SIZES), help="such as 8/240,20/700")
    run.add_argument("--flavours", type=lambda text: text.split(","), default=list(FLAVOURS))
    run.add_argument("--seeds", type=parsed_seeds, default=list(SEEDS), help="such as 1-5")
    run.add_argument("--peers", type=lambda text: text.split(","), default=list(TIMED))
    run.add_argument("--limit", type=float, help="seconds for every race; default: each size's goal")
    run.add_argument("--budget-seconds", type=float, help="start no race that could end after so long")
    run.add_argument("--again", action="store_true", help="race what is measured already, too")
    run.add_argument("--results", type=Path, default=RESULTS, help="directory of cells.jsonl")
    run.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    for name, there in (("peers", PEERS), ("flavours", FLAVOURS)):
        if unknown := set(getattr(asked, name)) - set(there):
            print(f"no such {name}: {', '.join(sorted(unknown))}; known: {', '.join(there)}", file=sys.stderr)
            return 2
    wanted = keys(asked.sizes, asked.flavours, asked.seeds, asked.peers, asked.limit)
    left = cells.run(wanted, asked.results / "cells.jsonl", asked.budget_seconds, asked.again)
    if left:
        print(f"{left} of {len(wanted)} races are left; the same command goes on with them")
    return _report(asked)


def _report(asked: argparse.Namespace) -> int:
    measured = cells.read(asked.results / "cells.jsonl")
    if not measured:
        print("nothing is measured yet", file=sys.stderr)
        return 1
    for table in report.write(measured, asked.results):
        print(table.markdown())
    return 0


def _gate(asked: argparse.Namespace) -> int:
    return gate.renew(asked.file) if asked.store else gate.check(asked.file, asked.most_seconds)


if __name__ == "__main__":
    sys.exit(main())
