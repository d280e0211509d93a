"""Which rule protects what in one diary: each with its limit, and with how near this week comes to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor

from solver.explain.page_days import entries_of, held, shift_days
from solver.explain.page_shape import Section
from solver.explain.page_words import count, lasting, weeks
from solver.question.clinic import Clinic, Clinician
from solver.risk.diary import DiaryRisk
from solver.rota import Diary, Entry
from solver.rules.rule import Breach

PROTECTS = "What protects your time"
BROKEN = "What is wrong with this plan"


def protections(clinic: Clinic, diary: Diary, risk: DiaryRisk, broken: Sequence[Breach]) -> Section:
    """A paragraph for each rule that guards this clinician's week, but for those that it breaks."""
    amiss = {breach.rule for breach in broken}
    rows = [(rule, text) for rule, text in _rows(clinic, diary, risk) if rule not in amiss]
    return Section(PROTECTS, tuple(f"{text} ({rule})" for rule, text in rows))


def faults(clinician: Clinician, broken: Sequence[Breach]) -> Section | None:
    """What this diary breaks, if it breaks anything."""
    own = [breach.text for breach in broken if breach.clinician in {clinician.id, None}]
    if not own:
        return None
    return Section(BROKEN, ("This plan breaks rules. Do not use it as it is.", *own))


def _rows(clinic: Clinic, diary: Diary, risk: DiaryRisk) -> Iterator[tuple[str, str]]:
    clinician = clinic.clinicians[diary.clinician]
    yield "breaks", _breaks(clinic, clinician, diary)
    if any(entry.kind == "lunch" for entry in diary.entries):
        yield (
            "lunch",
            (
                f"Each shift of more than {lasting(clinician.policy.lunch_if_over_minutes)} has one lunch. "
                f"It lasts at least {lasting(clinician.policy.lunch_minutes)}."
            ),
        )
    yield from _notes(clinic, diary)
    yield from _hours(clinician, risk)
    yield from _days(clinic, clinician, diary)
    yield from _doubles(clinician, diary)


def _breaks(clinic: Clinic, clinician: Clinician, diary: Diary) -> str:
    policy = clinician.policy
    longest = max(_runs(clinic, clinician, diary), default=0)
    return (
        f"After {lasting(policy.max_contact_run_minutes)} with patients at the most, you have a break of at "
        f"least {lasting(policy.break_minutes)}. Only one long session may last longer. "
        f"Your longest stretch is {lasting(longest)}."
    )


def _runs(clinic: Clinic, clinician: Clinician, diary: Diary) -> Iterator[int]:
    """Booked minutes between two breaks, as rule `breaks` counts them."""
    for day in shift_days(clinician):
        for shift in (s for s in sorted(clinician.shifts) if s.day == day):
            run = 0
            for entry in entries_of(clinician, diary, day):
                if shift.start <= entry.start < shift.end:
                    rests = (
                        entry.kind in {"break", "lunch"} and entry.minutes >= clinician.policy.break_minutes
                    )
                    run = 0 if rests else run + sum(one.minutes for one in held(clinic, [entry]))
                    yield run


def _notes(clinic: Clinic, diary: Diary) -> Iterator[tuple[str, str]]:
    needed = sum(one.admin for one in held(clinic, diary.entries))
    given = sum(entry.minutes for entry in diary.entries if entry.kind == "admin")
    if given or needed:
        yield (
            "admin",
            f"Your bookings need {lasting(needed)} of notes. You have {lasting(given)} for notes this week.",
        )


def _hours(clinician: Clinician, risk: DiaryRisk) -> Iterator[tuple[str, str]]:
    policy = clinician.policy
    yield (
        "overload",
        (
            f"You may go past {lasting(clinician.ceiling)} in at most {_at_most(policy.max_overload_risk)}. "
            f"This plan does so in {weeks(risk.p_above_ceiling)}."
        ),
    )
    if clinician.target:
        most = floor(policy.max_booked_ratio * clinician.target)
        yield (
            "booked_ceiling",
            f"No more than {lasting(most)} may be booked. This plan has {lasting(risk.worst_case_minutes)}.",
        )


def _at_most(chance: float) -> str:
    return "no week" if chance == 0 else f"{100 * chance:.4g} weeks in 100"


def _days(clinic: Clinic, clinician: Clinician, diary: Diary) -> Iterator[tuple[str, str]]:
    policy = clinician.policy
    seen = [held(clinic, entries_of(clinician, diary, day)) for day in shift_days(clinician)]
    busiest = max((len(day) for day in seen), default=0)
    yield (
        "contacts",
        f"No day has more than {count(policy.max_contacts_per_day, 'booking')}. Your busiest has {busiest}.",
    )
    hardest = max((sum(one.intense for one in day) for day in seen), default=0)
    if hardest:
        yield (
            "contacts",
            f"No day has more than {policy.max_intense_per_day} that are demanding. Yours has {hardest}.",
        )


def _doubles(clinician: Clinician, diary: Diary) -> Iterator[tuple[str, str]]:
    policy = clinician.policy
    double: list[Entry] = [entry for entry in diary.entries if len(entry.appointments) > 1]
    if not double:
        return
    yield (
        "double_limit",
        (
            f"You see two at once at most {_often(policy.max_doubles_per_day)} a day and "
            f"{_often(policy.max_doubles_per_week)} a week. This week it is {_often(len(double))}."
        ),
    )
    if policy.whole_reserve:
        yield "reserve", "After two at once, time is kept free. So if both come, your break still stands."
    else:
        yield (
            "reserve",
            (
                f"On no day may your breaks, notes or end of day be cut short more than "
                f"{100 * policy.max_unreserved_risk:.4g} times in 100."
            ),
        )


def _often(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
