"""Why the most urgent appointments are not placed, one by one, with what would place each."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from solver.explain.why_there import There
from solver.explain.why_unplaced import Explanation, Unplacements
from solver.question.clinic import Appointment, Clinic
from solver.question.reading import Question
from solver.question.when import when
from solver.report.tables import Table
from solver.report.words import count, plain
from solver.rota import Rota

MOST, SECONDS = 15, 8.0
"""How many are explained, and how long that may take: after it no other is begun."""

TITLES = (
    "Appointment",
    "Urgency",
    "Why it is not placed",
    "Nearest starts",
    "Smallest change that places it",
)


NOTE = (
    "Nearest are the starts that the fewest rules forbid, all other bookings kept. "
    "A change was applied and checked before it is told."
)


@dataclass(frozen=True, slots=True)
class Whys:
    """Explanations as rows of cells, most urgent first, and how many more there would be."""

    rows: tuple[tuple[str, ...], ...]
    more: int

    @property
    def table(self) -> Table:
        """All that is told, one row an appointment."""
        return Table("The most urgent appointments that are not placed, one by one.", TITLES, self.rows)

    @property
    def text(self) -> str:
        """What the table holds, and what it leaves out."""
        told = "Each of them, the most urgent first." if not self.more else self._some
        return f"{told} {NOTE}"

    @property
    def _some(self) -> str:
        are = "stand" if self.more > 1 else "stands"
        left = f"{count(self.more, 'other')} {are} in the table above with a short reason."
        return f"The {len(self.rows)} most urgent, those who wait longest first; {left}"


def whys(question: Question, rota: Rota, most: int = MOST, seconds: float = SECONDS) -> Whys | None:
    """Explain the most urgent unplaced appointments; None where everyone is placed.

    Parameters
    ----------
    seconds
        After so many no other is begun; one is always explained.
    """
    left = sorted(
        (question.clinic.appointments[u.appointment] for u in rota.unplaced),
        key=lambda a: (-a.urgency, -a.waiting_days, a.index),
    )
    if not left:
        return None
    ends = monotonic() + seconds
    unplacements = Unplacements(question, rota)
    rows: list[tuple[str, ...]] = []
    for one in left[:most]:
        if rows and monotonic() > ends:
            break
        rows.append(_row(question.clinic, one, unplacements.explained(one.index, 1)))
    return Whys(tuple(rows), len(left) - len(rows))


def _row(clinic: Clinic, one: Appointment, found: Explanation) -> tuple[str, ...]:
    waits = f"{one.priority}, waiting {count(one.waiting_days, 'day')}"
    near = "; ".join(_near(clinic, there) for there in found.nearest) or "none is open to it"
    change = found.smallest.text if found.smallest else "None was found that weakens no protection."
    return one.id, waits, f"{plain(found.code).capitalize()}: {found.reason}", near, change


def _near(clinic: Clinic, there: There) -> str:
    place = f"{when(clinic, there.start)} with {clinic.clinicians[there.clinician].id}"
    if there.allowed:
        return f"{place}: nothing forbids it"
    return f"{place}: {', '.join(map(plain, there.rules)) or 'not settled'}"
