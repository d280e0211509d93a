"""The risk engine held against weeks that were lived through: ``python -m benchmarks.backtest [--weeks N]``.

On the clerk's rotas of bundled weeks, and on the same weeks with sessions that run over and doubles put
together without a reserve, where much may go wrong. Replaces its own section of results/explain.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.machine import ROOT, provenance
from solver import rules
from solver.answer import document, to_bytes
from solver.backtest import Backtest, backtest
from solver.explain.page import page
from solver.make import request_bytes
from solver.question.clinic import Clinic
from solver.question.reading import read_request
from solver.report import read_week, report_html
from solver.rota import Booking, Diary, Entry, Rota
from solver.search.clerk import clerk
from solver.solve import Solved

RESULTS = ROOT / "benchmarks" / "results" / "explain.md"
HEADING = "## Backtest"
WEEKS = ("tiny", "team", "doubles", "service")
OVERRUN = ((0, 0.6), (5, 0.25), (15, 0.15))
TITLES = (
    *("week", "attendance", "bookings", "probabilities", "not sure", "outside 99 %", "chance allows"),
    *("means judged", "outside 99 %", "chance allows", "flattest tenth", "fullest tenth", "objections", "s"),
)


NOTE = """\
Rough weeks have sessions that run over (by 5 minutes in 25 %, by 15 in 15 %) and slots pushed together into
doubles without a reserve. Not sure: a probability that chance could put outside its interval. Chance allows:
more than that lie outside with a probability under 0.001. Tenths: of the randomised transform of delivered
minutes, all clinicians together; 10 % where the law holds. Seconds are of one processor, for prediction,
simulation and comparison; the machine was shared, so wall time is not told."""
MANY = 100


def rough(clinic: Clinic, rota: Rota) -> tuple[Clinic, Rota]:
    """The same week where sessions run over, and each day's first two slots are moved together."""
    team = tuple(replace(c, policy=replace(c.policy, overrun=OVERRUN)) for c in clinic.clinicians)
    diaries = tuple(Diary(d.clinician, tuple(_doubled(d.entries))) for d in rota.diaries)
    bookings = tuple(
        Booking(i, d.clinician, e.start) for d in diaries for e in d.entries for i in e.appointments
    )
    return replace(clinic, clinicians=team), Rota(bookings, rota.unplaced, diaries)


def _doubled(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """Where one slot follows another at once, every second pair shares the first; the rest is free."""
    place, pairs = 0, 0
    while place < len(entries):
        one = entries[place]
        after = entries[place + 1] if place + 1 < len(entries) else one
        if one.appointments and after.appointments and after is not one and after.minutes <= one.minutes:
            pairs += 1
            if pairs % 2:
                yield replace(one, appointments=one.appointments + after.appointments)
                yield Entry("free", after.start, after.end)
                place += 2
                continue
        yield one
        place += 1


def rows(weeks: int, seed: int) -> Iterator[tuple[str, ...]]:
    """A row a week and way of attendance."""
    for name in WEEKS:
        clinic = read_request((ROOT / "fixtures" / f"{name}.json").read_bytes()).clinic
        given = clerk(clinic)
        for label, asked in ((name, (clinic, given)), (f"{name}, rough", rough(clinic, given))):
            for shock in (False, True):
                began = time.process_time()
                found = backtest(*asked, weeks, seed, shock=shock)
                took = time.process_time() - began
                yield (
                    label,
                    "shared shock" if shock else "independent",
                    str(len(given.bookings)),
                    *_row(found, took),
                )


def _row(found: Backtest, took: float) -> tuple[str, ...]:
    own = [histogram.weeks for who, histogram in found.pit.items() if who != "service"]
    tenths = [sum(column) / (found.weeks * len(own)) for column in zip(*own, strict=True)]
    return (
        str(len(found.chances)),
        str(found.uncertain),
        str(len(found.outside)),
        str(found.allowed),
        str(len(found.amounts)),
        str(sum(not one.inside for one in found.amounts)),
        str(found.allowed_amounts),
        f"{min(tenths):.2%}",
        f"{max(tenths):.2%}",
        str(len(found.objections)),
        f"{took:.2f}",
    )


def many(weeks: int, count: int) -> tuple[int, int, int]:
    """Of many small rough weeks: probabilities that are not sure, those outside 99 %, and objections."""
    sure, outside, objections = 0, 0, 0
    for seed in range(count):
        clinic = read_request(request_bytes(2, 50, seed, "mixed")).clinic
        found = backtest(*rough(clinic, clerk(clinic)), weeks, seed)
        sure += found.uncertain
        outside += len(found.outside)
        objections += len(found.objections)
    return sure, outside, objections


def pages() -> str:
    """How long the report and a clinician's page of the service's week take."""
    question = read_request((ROOT / "fixtures" / "service.json").read_bytes())
    rota = clerk(question.clinic)
    solved = Solved("feasible", "time_limit", rota, rules.cost(question.clinic, rota), None, None)
    written = to_bytes(document(question, solved))
    began = time.process_time()
    page(question.clinic, rota, 0)
    one = time.process_time()
    html = report_html(read_week(written, question))
    took = time.process_time() - one
    return (
        f"The report of the week of 20 clinicians with all their accounts: {took:.1f} s, "
        f"{len(html) / 1e6:.1f} MB; one clinician's page alone, checker included: {one - began:.2f} s."
    )


def section(weeks: int, seed: int) -> str:
    """The section, with where it was measured."""
    told, (sure, outside, objections) = provenance(), many(weeks, MANY)
    command = f"`python -m benchmarks.backtest --weeks {weeks} --seed {seed}`"
    machine = f"{told['date']}, commit {told['commit']}, {told['processor']}, {told['cores']} cores"
    pooled = (
        f"{MANY} synthetic weeks of 2 clinicians and 50 appointments, rough, {weeks} weeks each: of {sure} "
        f"probabilities that are not sure {outside} ({outside / sure:.2%}) lie outside their 99 % intervals; "
        f"{objections} objections."
    )
    lines = [
        *(HEADING, "", f"{command}, {machine}; the clerk's rotas of the bundled weeks.", ""),
        *(f"| {' | '.join(TITLES)} |", f"| --- | --- |{' --: |' * (len(TITLES) - 2)}"),
        *(f"| {' | '.join(row)} |" for row in rows(weeks, seed)),
        *("", NOTE, ""),
        *(pooled, "", pages()),
        "",
    ]
    return "\n".join(lines)


def store(heading: str, text: str) -> None:
    """Put a section, whose text begins with its heading, in its place among those of others."""
    before = RESULTS.read_text() if RESULTS.exists() else "# Explanations\n\n"
    first, found, rest = before.partition(heading)
    after = rest.partition("\n## ")
    others = f"\n## {after[2]}" if after[1] else ""
    gap = "" if found or first.endswith("\n\n") else "\n"
    RESULTS.write_text(f"{first}{gap}{text}{others.lstrip() and others}")


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    text = section(asked.weeks, asked.seed)
    print(text)
    store(HEADING, text)


if __name__ == "__main__":
    main()
