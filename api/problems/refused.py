"""The one exception that the service raises on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.problems.catalogue import PROBLEMS, Problem
from solver.question.faults import Fault


class Refused(Exception):
    """What was asked will not be done; it becomes an `application/problem+json` answer.

    Parameters
    ----------
    code
        One of `PROBLEMS`.
    detail
        A sentence on this case. Never a value that was sent.
    faults
        What is wrong with what was sent; only codes, pointers and their general words go out.
    headers
        Further headers of the answer, ``Retry-After`` for one.

    Raises
    ------
    KeyError
        When there is no such code.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.problem: Problem = PROBLEMS[code]
        self.detail = detail
        self.faults = tuple(faults)
        self.headers: dict[str, str] = dict(headers or {})
        super().__init__(f"{code}: {detail}" if detail else code)

    @property
    def code(self) -> str:
        """The code of its problem."""
        return self.problem.code

    @property
    def status(self) -> int:
        """Its HTTP status."""
        return self.problem.status
