"""What may come of the diary: if everyone comes, and how likely it is to run over."""

from __future__ import annotations

from collections.abc import Iterator

from solver.explain.page_days import entries_of, held, shift_days
from solver.explain.page_shape import Section
from solver.explain.page_words import DAYS, clock, count, lasting, listed, roughly, times, weekday, weeks
from solver.question.clinic import FULL, Clinic, Clinician
from solver.risk.backlog import touch_probability
from solver.risk.diary import DiaryRisk
from solver.rota import Diary, Entry

ALL_COME = "If everyone comes"
CHANCES = "How likely is it to run over?"
DOUBLES = "Two patients at once"


def if_everyone_comes(clinic: Clinic, diary: Diary, risk: DiaryRisk) -> Section:
    """The worst case: its hours, and whether any promised time is touched."""
    return Section(ALL_COME, tuple(_all_come(clinic, diary, risk)))


def _all_come(clinic: Clinic, diary: Diary, risk: DiaryRisk) -> Iterator[str]:
    clinician, most = clinic.clinicians[diary.clinician], risk.worst_case_minutes
    if not most:
        yield "You have no bookings, so no one can come."
        return
    yield f"You would see patients for {lasting(most)}."
    yield f"Your limit for the week is {lasting(clinician.ceiling)}. {_beyond(clinician, risk)}"
    yield _touched(clinic, diary)


def _beyond(clinician: Clinician, risk: DiaryRisk) -> str:
    over = risk.worst_case_minutes - clinician.ceiling
    if over <= 0:
        return "So even a full week stays within your limit."
    return (
        f"So a full week would go {lasting(over)} past it. You go past it in {weeks(risk.p_above_ceiling)}."
    )


def touched_days(clinic: Clinic, diary: Diary) -> list[int]:
    """The days on which some promised time is worked into if everyone comes and no visit runs over."""
    clinician = clinic.clinicians[diary.clinician]
    return [
        day
        for day in shift_days(clinician)
        if touch_probability(
            entries_of(clinician, diary, day),
            [shift for shift in clinician.shifts if shift.day == day],
            clinic.appointments,
            everyone=True,
        )
    ]


def _touched(clinic: Clinic, diary: Diary) -> str:
    days = touched_days(clinic, diary)
    if days:
        names = listed([DAYS[day] for day in days])
        return f"On {names} you would run into a break, your notes, a meeting, or the end of your day."
    promised = ["your time for notes"] if any(e.kind == "admin" for e in diary.entries) else []
    rests = [e for e in diary.entries if e.kind in {"break", "lunch"}]
    promised = ["every break", *promised] if rests else promised
    keep = f"You would still keep {listed(promised)}, and" if promised else "You would still"
    return f"{keep} go home on time. This holds if sessions take the time that was booked."


def how_likely(clinic: Clinic, diary: Diary, risk: DiaryRisk) -> Section:
    """The chances of the week, in weeks out of a hundred."""
    return Section(CHANCES, tuple(_chances(clinic.clinicians[diary.clinician], diary, risk)))


def _chances(clinician: Clinician, diary: Diary, risk: DiaryRisk) -> Iterator[str]:
    if not risk.worst_case_minutes:
        yield "With no bookings, nothing can run over."
        return
    yield _between(risk)
    yield _over(clinician, risk)
    yield from _lost(diary, risk)
    yield _overrun(clinician)


def _between(risk: DiaryRisk) -> str:
    low, high = risk.delivered_p10, risk.delivered_p90
    if low == high:
        return f"In at least 8 weeks out of 10, you will see patients for {lasting(low)}."
    return f"In at least 8 weeks out of 10, you will see patients for {lasting(low)} to {lasting(high)}."


def _over(clinician: Clinician, risk: DiaryRisk) -> str:
    limit = f"your limit of {lasting(clinician.ceiling)}"
    if risk.worst_case_minutes <= clinician.ceiling:
        return f"You cannot go past {limit}: all your bookings fit under it."
    more, shock = risk.stress.high.p_above_ceiling, risk.stress.shared_shock.p_above_ceiling
    return (
        f"You go past {limit} in {weeks(risk.p_above_ceiling)}. "
        f"If 2 more patients in 100 come than we think, it is {weeks(more)}. "
        f"If good and bad weeks hit all your patients at once, it is {weeks(shock)}."
    )


def _lost(diary: Diary, risk: DiaryRisk) -> Iterator[str]:
    kinds = {entry.kind for entry in diary.entries}
    rows = [
        ("a break is cut short", risk.p_break_lost, bool(kinds & {"break", "lunch"})),
        ("your time for notes is cut short", risk.p_admin_lost, "admin" in kinds),
        ("you finish a shift late", risk.p_late_finish, True),
    ]
    for what, chance, there in rows:
        if there and chance:
            yield f"In {weeks(chance)}, {what}."
    none = [what for what, chance, there in rows if there and not chance]
    if none:
        yield f"There is no week in which {' or '.join(none)}."
    if risk.expected_overtime_minutes >= 1:
        yield f"Over many weeks, you would stay late for {lasting(risk.expected_overtime_minutes)} a week."


def _overrun(clinician: Clinician) -> str:
    longer = sum(chance for extra, chance in clinician.policy.overrun if extra > 0)
    if longer:
        return f"This counts that {times(longer)} a session takes longer than booked."
    return "This counts each session as long as it was booked. A session that runs over is not counted."


def doubles(clinic: Clinic, diary: Diary) -> Section | None:
    """The slots with two patients, if there are any."""
    slots = [entry for entry in diary.entries if len(entry.appointments) > 1]
    if not slots:
        return None
    return Section(DOUBLES, tuple(_double(clinic, diary, entry) for entry in slots))


def _double(clinic: Clinic, diary: Diary, entry: Entry) -> str:
    both = 1.0
    for one in held(clinic, [entry]):
        both *= one.attendance / FULL
    after = next((e for e in diary.entries if e.start == entry.end and e.kind in {"reserve", "free"}), None)
    said = (
        f"On {weekday(clinic, entry.start)} at {clock(clinic, entry.start)} you have "
        f"{count(len(entry.appointments), 'booking')} at once. They all come {times(both)}."
    )
    if after is None:
        return f"{said} No time is kept free after it."
    if after.kind == "free":
        return f"{said} The {roughly(after.minutes)} after it happen to be free."
    return f"{said} If they do, you see the next one in the {roughly(after.minutes)} kept free after it."
