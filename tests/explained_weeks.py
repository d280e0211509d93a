"""Small weeks with rotas to explain: the clerk's, or the best there is, which may have doubles."""

from __future__ import annotations

import json
from functools import cache

from solver.question.reading import Question, read_request
from solver.rota import Rota
from solver.search.clerk import clerk
from solver.search.reasons import explained
from tests import brute
from tests.brute_days import TooLarge
from tests.small import small_request


@cache
def week(seed: int) -> tuple[Question, Rota]:
    """The small week of a seed, and a rota of it that keeps every rule."""
    question = read_request(json.dumps(small_request(seed)))
    return question, explained(question.clinic, _rota(question, seed))


def _rota(question: Question, seed: int) -> Rota:
    if seed % 2:
        try:
            found = brute.best(question.clinic, 10**6)
        except TooLarge:
            found = None
        if found is not None:
            return found[1]
    return clerk(question.clinic)
