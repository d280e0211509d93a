"""What the report shows, read from the document of a rota; with the request it can show more.

Laws of delivered minutes and the chances of single days are computed again from bookings and entries, and
with the request every figure is. The document does not say how sessions run over, so without the request they
are taken to last as booked. A rota made by hand needs its request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pydantic import ValidationError

from solver.answer.reading import read_rota
from solver.answer.shape import Diary, RotaDocument
from solver.check import breaches
from solver.explain.page import page
from solver.explain.page_shape import Standing
from solver.question.clinic import FULL, Appointment, Clinic, Span
from solver.question.faults import BadRequest, Fault
from solver.question.reading import Question
from solver.question.strict_json import parse
from solver.question.told import field_faults
from solver.report.counted import by_hand, counted
from solver.report.week import Piece, Shown, ShownDay, Week
from solver.report.whys import SECONDS, whys
from solver.risk.backlog import PUNCTUAL, backlog, touch_probability
from solver.risk.law import delivered
from solver.risk.owed import Overrun
from solver.rota import Entry, Rota


def read_week(
    data: bytes | str,
    question: Question | None = None,
    why_seconds: float = SECONDS,
    *,
    standing: Standing = "draft",
) -> Week:
    """The material of a report.

    Parameters
    ----------
    data
        The document of a rota, as JSON.
    question
        The request that it answers, if it is at hand.
    why_seconds
        How long to explain those who are not placed, the most urgent first.
    standing
        Whether a person has agreed to the rota, and whether it still holds.

    Raises
    ------
    BadRequest
        With every fault, if it is no document of a rota, or not of this request.
    """
    clinic = None if question is None else question.clinic
    rota = None if clinic is None else read_rota(clinic, data)
    made_by_hand = rota is not None and not _told_whole(data)
    if question is None or rota is None:
        told = _document(data)
    else:
        told = by_hand(question, rota) if made_by_hand else counted(question, rota, _document(data))
    _check_names(told)
    overruns = {} if clinic is None else {c.id: c.policy.overrun for c in clinic.clinicians}
    monday = _monday(told) if clinic is None else clinic.date(0)
    if clinic is None:
        held = {b.appointment: round(b.risk.attendance * FULL) for b in told.bookings}
        minutes = {b.appointment: _minutes(b.start, b.end) for b in told.bookings}
    else:
        held = {a.id: a.attendance for a in clinic.appointments}
        minutes = {a.id: a.minutes for a in clinic.appointments}
    reader = _Reader(monday or date.min, minutes, held, overruns)
    shown = tuple(reader.clinician(diary) for diary in told.diaries)
    used = sorted({day for one in shown for day in one.days})
    broken, reasons = None, None
    if question is not None and rota is not None:
        shown, broken = _with_accounts(question.clinic, rota, shown, standing)
        reasons = whys(question, rota, seconds=why_seconds)
    spilled = any(extra for law in overruns.values() for extra, _ in law)
    return Week(told, monday, tuple(used), shown, broken, spilled, reasons, by_hand=made_by_hand)


def _told_whole(data: bytes | str) -> bool:
    """Whether a rota says how it came about, as ours do."""
    value, _ = parse(data)
    return isinstance(value, dict) and "outcome" in value


def _document(data: bytes | str) -> RotaDocument:
    value, unreadable = parse(data)
    if unreadable:
        raise BadRequest(replace(fault, text=_of_the_rota(fault.text)) for fault in unreadable)
    try:
        return RotaDocument.model_validate_json(json.dumps(value))
    except ValidationError as error:
        found = field_faults(error, {})
        raise BadRequest(replace(fault, text=_of_the_rota(fault.text)) for fault in found) from None


def _check_names(told: RotaDocument) -> None:
    """Refuse diaries that show what is no booking: somebody changed them, and its attendance is not known."""
    booked = {booking.appointment for booking in told.bookings}
    faults = [
        Fault(
            "unknown_appointment",
            f"/diaries/{place}/entries/{row}",
            f"Diary of {diary.clinician}: {name} is shown in a slot and is not among the bookings.",
        )
        for place, diary in enumerate(told.diaries)
        for row, entry in enumerate(diary.entries)
        for name in entry.appointments or ()
        if name not in booked
    ]
    if faults:
        raise BadRequest(faults)


def _of_the_rota(text: str) -> str:
    return text.replace("The request", "The rota", 1)


def _with_accounts(
    clinic: Clinic, rota: Rota, shown: Sequence[Shown], standing: Standing
) -> tuple[tuple[Shown, ...], tuple[str, ...]]:
    found = breaches(clinic, rota)
    places = {one.id: one.index for one in clinic.clinicians}
    told = tuple(
        replace(one, account=page(clinic, rota, places[one.id], found, standing=standing)) for one in shown
    )
    return told, tuple(dict.fromkeys(breach.rule for breach in found))


def _monday(told: RotaDocument) -> date | None:
    starts = [datetime.fromisoformat(entry.start) for diary in told.diaries for entry in diary.entries[:1]]
    if not starts:
        return None
    first = min(starts).date()
    return first - timedelta(days=first.weekday())


def _minutes(start: str, end: str) -> int:
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class _Reader:
    monday: date
    minutes: Mapping[str, int]
    attendance: Mapping[str, int]
    overruns: Mapping[str, Overrun]

    def clinician(self, diary: Diary) -> Shown:
        by_day: dict[int, list[tuple[Piece, ...]]] = {}
        for shift in _shifts(self._pieces(diary)):
            by_day.setdefault((shift[0].start.date() - self.monday).days, []).append(shift)
        overrun = self.overruns.get(diary.clinician, PUNCTUAL)
        days = {
            day: ShownDay(day, tuple(shifts), *self._touched(shifts, overrun))
            for day, shifts in by_day.items()
        }
        own = [name for entry in diary.entries for name in entry.appointments or ()]
        law = delivered((self.minutes[name], self.attendance[name]) for name in own)
        return Shown(diary.clinician, diary.target_minutes, diary.ceiling_minutes, days, diary.risk, law)

    def _pieces(self, diary: Diary) -> Iterator[Piece]:
        for entry in diary.entries:
            names = entry.appointments or ()
            booked = sum(self.minutes[name] for name in names)
            start, end = datetime.fromisoformat(entry.start), datetime.fromisoformat(entry.end)
            yield Piece(entry.kind, start, end, names, booked)

    def _touched(self, shifts: Sequence[Sequence[Piece]], overrun: Overrun) -> tuple[float, bool]:
        zero = shifts[0][0].start
        names = [name for shift in shifts for piece in shift for name in piece.appointments]
        place = {name: index for index, name in enumerate(names)}
        book = [Appointment(n, i, "", self.minutes[n], self.attendance[n]) for i, n in enumerate(names)]
        entries, spans = [], []
        for shift in shifts:
            for piece in shift:
                start = int((piece.start - zero).total_seconds() // 60)
                inside = tuple(place[name] for name in piece.appointments)
                entries.append(Entry(piece.kind, start, start + piece.minutes, inside))
            spans.append(Span(entries[-len(shift)].start, entries[-1].end))
        all_come = touch_probability(entries, spans, book, everyone=True) > 0
        return backlog(entries, spans, book, overrun).p_protected_touched, all_come


def _shifts(pieces: Iterable[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Entries that follow one another without a gap."""
    run: list[Piece] = []
    for piece in pieces:
        if run and piece.start != run[-1].end:
            yield tuple(run)
            run = []
        run.append(piece)
    if run:
        yield tuple(run)
