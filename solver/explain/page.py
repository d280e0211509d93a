"""The clinician's page: one diary in plain words, for the person whose week it is.

What the week holds, what happens if everyone comes, how likely it is to run over, and which rule
protects what. Written to be read at the age of 12, in chances that people can picture, and without a word
that promises more than is proven. It names no patient.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.check import breaches
from solver.explain.page_chance import doubles, how_likely, if_everyone_comes
from solver.explain.page_days import days, held
from solver.explain.page_rules import faults, protections
from solver.explain.page_shape import Page, Section, Standing
from solver.explain.page_words import count, lasting, roughly
from solver.question.clinic import Clinic, Clinician
from solver.risk.diary import DiaryRisk, diary_risk, least_wanted
from solver.rota import Diary, Rota
from solver.rules.rule import Breach

WEEK = "Your week"
AGREE = "Before this counts"
AGREED = "This plan counts"
REPLACED = "This plan no longer counts"

_STANDING: dict[Standing, tuple[str, str]] = {
    "draft": (AGREE, "A person has to agree to this plan first."),
    "published": (AGREED, "A person has agreed to this plan, and it is published."),
    "superseded": (REPLACED, "Another plan for this week has taken its place."),
}


def page(
    clinic: Clinic,
    rota: Rota,
    clinician: int,
    broken: Sequence[Breach] | None = None,
    *,
    standing: Standing = "draft",
) -> Page:
    """One clinician's page.

    Parameters
    ----------
    clinic, rota
        The question, and any answer to it, ours or hand-made.
    clinician
        The place in the request's list.
    broken
        What `solver.check.breaches` finds in the rota, where that is known already.
    standing
        Whether a person has agreed to the rota, and whether it still holds.

    Raises
    ------
    LookupError
        If the rota has no diary of this clinician.
    """
    diary = next((one for one in rota.diaries if one.clinician == clinician), None)
    if diary is None:
        raise LookupError(f"The rota has no diary of {clinic.clinicians[clinician].id}.")
    found = breaches(clinic, rota) if broken is None else broken
    own = [breach for breach in found if breach.clinician in {clinic.clinicians[clinician].id, None}]
    return Page(
        clinician=clinic.clinicians[clinician].id,
        week=clinic.date(0).isoformat(),
        sections=(*_sections(clinic, diary, own), _standing(standing)),
        days=days(clinic, diary),
    )


def page_text(shown: Page) -> str:
    """The page as plain text, a paragraph a line."""
    lines = [f"{shown.clinician}, week of {shown.week}"]
    for section in shown.sections:
        lines += ["", section.heading, *(f"  {paragraph}" for paragraph in section.paragraphs)]
    for day in shown.days:
        lines += ["", f"{day.name} {day.date}", f"  {day.summary}"]
        lines += [f"  {row.start}-{row.end}  {row.what}" for row in day.rows]
    return "\n".join(lines) + "\n"


def _sections(clinic: Clinic, diary: Diary, broken: Sequence[Breach]) -> Iterator[Section]:
    clinician, risk = clinic.clinicians[diary.clinician], diary_risk(clinic, diary)
    wrong = faults(clinician, broken)
    if wrong:
        yield wrong
    yield Section(WEEK, tuple(_week(clinic, clinician, diary, risk)))
    yield if_everyone_comes(clinic, diary, risk)
    yield how_likely(clinic, diary, risk)
    both = doubles(clinic, diary)
    if both:
        yield both
    yield protections(clinic, diary, risk, broken)


def _standing(standing: Standing) -> Section:
    heading, told = _STANDING[standing]
    return Section(heading, (f"{told} If a day looks wrong to you, tell your booking team.",))


def _week(clinic: Clinic, clinician: Clinician, diary: Diary, risk: DiaryRisk) -> Iterator[str]:
    seen = held(clinic, diary.entries)
    if not seen:
        yield "You have no bookings this week."
    else:
        yield (
            f"You have {count(len(seen), 'booking')}. If they all come, you see patients for "
            f"{lasting(risk.worst_case_minutes)}. {_expected(risk)}"
        )
    if clinician.target:
        yield _target(clinician, risk)
    other = {"break": "breaks", "lunch": "lunch", "admin": "notes"}
    sums = {kind: sum(e.minutes for e in diary.entries if e.kind == kind) for kind in other}
    parts = [f"It keeps {lasting(minutes)} for {other[kind]}." for kind, minutes in sums.items() if minutes]
    if parts:
        yield " ".join(parts).replace("It", "The plan", 1)


def _expected(risk: DiaryRisk) -> str:
    if risk.expected_delivered_minutes == risk.worst_case_minutes:
        return "We expect them all."
    return f"Some will not, so we expect {roughly(risk.expected_delivered_minutes)}."


def _target(clinician: Clinician, risk: DiaryRisk) -> str:
    goal = f"Your target is {lasting(clinician.target)}."
    gap = clinician.target - risk.expected_delivered_minutes
    if gap > clinician.target - least_wanted(clinician):
        return (
            f"{goal} We expect {roughly(gap)} less than that. The gap is in the plan and not in your work. "
            "You do not have to make it up."
        )
    if -gap > clinician.policy.tolerance_minutes:
        return f"{goal} We expect {roughly(-gap)} more than that."
    return f"{goal} The plan comes close to it."
