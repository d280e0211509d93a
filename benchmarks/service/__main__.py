"""``python -m benchmarks.service NAME [--n N]``: one goal measured, printed, and kept as a dated line."""

from __future__ import annotations

import argparse
import importlib
import json
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import commit

RESULTS = Path(__file__).parent.parent / "results" / "service.md"
HEADING = """# What the service was put through

Each line is one run of `python -m benchmarks.service NAME --n N`: when, at which commit, and its figures.
"""


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument("name", help="a module beside this one that has run(n)")
    parser.add_argument("--n", type=int, default=10)
    asked = parser.parse_args()
    figures = importlib.import_module(f"benchmarks.service.{asked.name}").run(asked.n)
    print(json.dumps(figures, indent=1))
    keep(f"`{asked.name} --n {asked.n}`", figures)


def keep(command: str, figures: dict[str, object]) -> None:
    """Add a line to the results."""
    if not RESULTS.exists():
        RESULTS.write_text(HEADING + "\n", encoding="utf-8")
    told = ", ".join(f"{name} {value}" for name, value in figures.items())
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    with RESULTS.open("a", encoding="utf-8") as results:
        results.write(f"- {now} UTC, {commit()}: {command}: {told}\n")


if __name__ == "__main__":
    main()
