"""The child of a race: one peer, one request, one time limit.

``python -m benchmarks.runner PEER REQUEST.json SECONDS``. What it says goes to its standard output as
pickles; anything that a solver prints goes to the standard error.
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path
from time import monotonic

from benchmarks.peers import peer
from benchmarks.words import Began, Done, Said
from solver.question.reading import read_request
from solver.rota import Rota


def main(name: str, path: str, seconds: float) -> None:
    """Run one peer."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        chosen = peer(name)

        def say(word: object) -> None:
            pickle.dump(word, out, pickle.HIGHEST_PROTOCOL)
            out.flush()

        def tell(rota: Rota | None = None, bound: float | None = None) -> None:
            say(Said.of(monotonic() - began, rota, bound))

        data = Path(path).read_bytes()
        say(Began())
        began = monotonic()
        question = read_request(data)
        chosen.book(question, max(0.0, seconds - (monotonic() - began)), tell)
        say(Done(monotonic() - began))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
