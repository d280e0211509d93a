"""The verdict measured: ``python -m benchmarks.explain_verdict [--seconds N] [WEEKS...]``.

Synthetic weeks, from nothing but the request: what is found and proven attainable, which rules bind, what
the levers gain, and how long it all takes. Then clashes: a week's pins with one pin too many, or moved on
top of another. Replaces its own section of results/explain.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from benchmarks.backtest import store
from benchmarks.machine import provenance
from solver.explain.clashes.find import pin_clashes
from solver.explain.verdict.find import Findings, findings
from solver.make import request_bytes
from solver.question.clinic import Clinic
from solver.question.reading import read_request

HEADING = "## Verdict and levers"
CLASHES = "### Clashes"
WEEKS = ("8/240/mixed/1", "20/700/mixed/1", "20/700/scarce/3", "20/700/pins/3", "20/700/fixed_slots/3")
TITLES = (
    *("week", "target h", "found h", "at most h", "binding", "levers", "gain > 0", "closed"),
    *("largest gain h", "of at most h", "s", "load"),
)
CLASH_TITLES = ("week", "pins", "clashes", "minimal", "largest", "s")
NOTE = """\
Hours of sum min(expected delivered, target). Levers: those measured of all; gain > 0: those with a rota
that reaches more than the best of the week as it stands, searched as long; closed: those whose gain is as
large as its bound allows, within a minute. Load: processes that wanted a core in the last minute, ours
among them."""


def week(name: str) -> Clinic:
    """``20/700/mixed/1``: clinicians, appointments, flavour, seed."""
    clinicians, appointments, flavour, seed = name.split("/")
    return read_request(request_bytes(int(clinicians), int(appointments), int(seed), flavour)).clinic


def rows(names: Sequence[str], seconds: float) -> Iterator[tuple[str, ...]]:
    """A row a week."""
    for name in names:
        began = time.perf_counter()
        found = findings(week(name), seconds)
        took = time.perf_counter() - began
        yield (name, *_figures(found), f"{took:.1f}", str(provenance()["load"]))


def _figures(found: Findings) -> tuple[str, ...]:
    measured = [lever for lever in found.levers if lever.measured]
    best = max(measured, key=lambda lever: lever.gain_minutes, default=None)
    closed = sum(lever.gain_bound_minutes - lever.gain_minutes <= 1.0 for lever in measured)
    return (
        _hours(found.target_minutes),
        _hours(found.attainable_minutes),
        _hours(found.attainable_bound_minutes),
        ", ".join(found.binding) or "-",
        f"{len(measured)} of {len(found.levers)}",
        str(sum(lever.gain_minutes > 0 for lever in measured)),
        str(closed),
        "-" if best is None else f"{best.lever} {_hours(best.gain_minutes)}",
        "-" if best is None else _hours(best.gain_bound_minutes),
    )


def _hours(minutes: float | None) -> str:
    return "-" if minutes is None else f"{minutes / 60:.2f}"


def crowded(clinic: Clinic, extra: int) -> Clinic:
    """The week with some more pins, each on top of one that stands already."""
    pins = [a for a in clinic.appointments if a.pin is not None]
    free = [a.index for a in clinic.appointments if a.pin is None and not a.windows]
    on_top = dict(zip(free, (a.pin for a in pins[:extra]), strict=False))
    moved = (
        replace(a, pin=on_top[a.index], clinician=None, skills=frozenset()) if a.index in on_top else a
        for a in clinic.appointments
    )
    return replace(clinic, appointments=tuple(moved))


def clash_rows() -> Iterator[tuple[str, ...]]:
    """A row a week of pins."""
    for name in ("8/240/pins/1", "20/700/pins/3"):
        for extra in (1, 5):
            clinic = crowded(week(name), extra)
            began = time.perf_counter()
            found = pin_clashes(clinic)
            took = time.perf_counter() - began
            yield (
                f"{name}, {extra} pins more",
                str(sum(a.pin is not None for a in clinic.appointments)),
                str(len(found)),
                str(sum(clash.minimal for clash in found)),
                str(max((len(clash.pins) + len(clash.rules) for clash in found), default=0)),
                f"{took:.1f}",
            )


def section(names: Sequence[str], seconds: float) -> str:
    """The section, with where it was measured."""
    told = provenance()
    command = f"`python -m benchmarks.explain_verdict --seconds {seconds:g} {' '.join(names)}`"
    machine = f"{told['date']}, commit {told['commit']}, {told['processor']}, {told['cores']} cores"
    lines = [
        *(HEADING, "", f"{command}, {machine}; two workers, from the request alone.", ""),
        *_table(TITLES, rows(names, seconds)),
        *("", NOTE, "", CLASHES, ""),
        *_table(CLASH_TITLES, clash_rows()),
        "",
    ]
    return "\n".join(lines)


def _table(titles: Sequence[str], told: Iterator[tuple[str, ...]]) -> list[str]:
    rule = f"| --- |{' --: |' * (len(titles) - 1)}"
    return [f"| {' | '.join(titles)} |", rule, *(f"| {' | '.join(row)} |" for row in told)]


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("weeks", nargs="*", default=WEEKS)
    asked = parser.parse_args()
    text = section(asked.weeks, asked.seconds)
    print(text)
    store(HEADING, text)


if __name__ == "__main__":
    main()
