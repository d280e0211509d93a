"""Why is this appointment unplaced? A code, a sentence, the nearest starts, and what would place it.

The codes and their sentences are those of `solver.search.reasons`. Every other booking is taken to stay where
it is, except where a proposal says otherwise; so "no start" means none beside this rota, not none at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from solver.explain.why_decided import ahead
from solver.explain.why_proposal import Now, Proposal
from solver.explain.why_remedies import proposals
from solver.explain.why_standing import Standing
from solver.explain.why_there import Placing, There
from solver.question.clinic import Appointment
from solver.question.reading import Question
from solver.rota import Rota, Unplaced
from solver.search.reasons import Reasons

NEAREST = 3
"""Starts that are shown, each on another clinician's day."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one appointment is unplaced.

    ``open_starts`` counts the starts that its wishes leave open, ``forbidden_by`` how many of those each rule
    forbids (one start may be forbidden by several), ``allowed`` how many none does. ``nearest`` are those
    that the fewest rules forbid, then the cheapest. ``proposals`` are verified, smallest change first.
    """

    appointment: int
    code: str
    reason: str
    open_starts: int
    allowed: int
    forbidden_by: Mapping[str, int]
    nearest: tuple[There, ...]
    proposals: tuple[Proposal, ...]

    @property
    def smallest(self) -> Proposal | None:
        """The smallest change of the request that is known to place it."""
        return self.proposals[0] if self.proposals else None


class Unplacements:
    """A rota's unplaced appointments, to be explained one by one."""

    def __init__(self, question: Question, rota: Rota) -> None:
        self.now = Now(question, Standing(question.clinic, rota))
        self.codes: dict[int, Unplaced] = {u.appointment: u for u in Reasons(question.clinic, rota).all()}

    def explained(self, appointment: int, most: int | None = None) -> Explanation:
        """One unplaced appointment explained.

        Parameters
        ----------
        appointment
            Its place in the request's list.
        most
            How many proposals are looked for; None for one of every kind.

        Raises
        ------
        KeyError
            If the rota does not leave it unplaced.
        """
        one, told = self.now.clinic.appointments[appointment], self.codes[appointment]
        tried = list(Placing(self.now.standing, one).everywhere())
        return Explanation(
            appointment=appointment,
            code=told.code,
            reason=self._reason(one, told, tried),
            open_starts=len(tried),
            allowed=sum(there.allowed for there in tried),
            forbidden_by=dict(Counter(rule for there in tried for rule in there.rules).most_common()),
            nearest=tuple(islice(nearest(tried), NEAREST)),
            proposals=tuple(islice(proposals(self.now, one), most)),
        )

    def all(self, most: int | None = 1) -> Iterator[Explanation]:
        """Every unplaced appointment explained, with its smallest change only unless more are asked for."""
        for index in self.codes:
            yield self.explained(index, most)

    def _reason(self, one: Appointment, told: Unplaced, tried: list[There]) -> str:
        """The sentence of the code, with figures."""
        if told.code == "queue":
            first = ahead(self.now, one)
            come = f"{len(first)} such come" if len(first) > 1 else "One such comes"
            return f"{told.reason} {come} before {one.id}, the first is {first[0].id}."
        if not tried:
            return told.reason
        counts = Counter(rule for there in tried for rule in there.rules)
        said = ", ".join(f"{rule} {count}" for rule, count in counts.most_common())
        return f"{told.reason} Starts open to it: {len(tried)}; forbidden by {said or 'nothing'}."


def nearest(tried: list[There]) -> Iterator[There]:
    """Starts by how many rules forbid them, then by what they cost; the best of each clinician's day."""
    seen: set[tuple[int, int]] = set()
    for there in sorted(tried, key=lambda t: (len(t.rules), t.cost, t.start, t.clinician)):
        day = (there.clinician, there.start // (24 * 60))
        if day not in seen:
            seen.add(day)
            yield there
