"""Mutations of the entries of a diary: time is stretched, dropped, shrunk or left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from solver.question.clinic import Clinic, Clinician, Policy, Shift
from solver.rota import Diary, Entry, Rota
from tests.edits import Spot, freed, instead, spots

Wrong = Iterator[tuple[Rota, str]]

EVERY = ("appointment", "admin", "break", "lunch", "reserve", "commitment", "free")


def stretch_over_the_next(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """An entry ends 5 minutes after the next one starts: an overlap."""
    for spot in spots(clinic, rota, rng, *EVERY):
        if spot.next is not None:
            yield instead(rota, spot, replace(spot.entry, end=spot.entry.end + 5)), "no_overlap"


def start_in_the_last(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The next entry starts 5 minutes before this one ends: an overlap."""
    for spot in spots(clinic, rota, rng, *EVERY):
        if spot.next is not None and not spot.next.appointments:
            early = replace(spot.next, start=spot.next.start - 5)
            yield instead(rota, spot, spot.entry, early, over=2), "no_overlap"


def pad_a_slot(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A slot lasts 5 minutes longer than its longest booking."""
    for spot in spots(clinic, rota, rng, "appointment"):
        if spot.next is not None and not spot.next.appointments:
            longer = replace(spot.entry, end=spot.entry.end + 5)
            yield instead(rota, spot, longer, replace(spot.next, start=longer.end), over=2), "diary"


def shorten_a_slot(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A slot ends 5 minutes before its longest booking does."""
    for spot in spots(clinic, rota, rng, "appointment"):
        if spot.entry.minutes > 5:
            cut = replace(spot.entry, end=spot.entry.end - 5)
            yield instead(rota, spot, cut, Entry("free", cut.end, spot.entry.end)), "no_overlap"


def drop_a_break(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A break is unlabelled where the contact around it is more than may go without one."""
    for spot in spots(clinic, rota, rng, "break"):
        if _needed(clinic, spot):
            yield instead(rota, spot, freed(spot.entry)), "breaks"


def shorten_a_break(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A break is 5 minutes shorter than a break where the contact around it needs one."""
    for spot in spots(clinic, rota, rng, "break"):
        least = spot.clinician.policy.break_minutes
        if _needed(clinic, spot) and least > 5:
            cut = replace(spot.entry, end=spot.entry.start + least - 5)
            yield instead(rota, spot, cut, Entry("free", cut.end, spot.entry.end)), "breaks"


def drop_a_lunch(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The lunch of a long shift is unlabelled; there was room for it, for there it was."""
    for spot in spots(clinic, rota, rng, "lunch"):
        if _is_long(spot.clinician, spot.shift):
            yield instead(rota, spot, freed(spot.entry)), "lunch"


def shrink_a_lunch(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The lunch of a long shift is 5 minutes too short."""
    for spot in spots(clinic, rota, rng, "lunch"):
        least = spot.clinician.policy.lunch_minutes
        if _is_long(spot.clinician, spot.shift):
            cut = replace(spot.entry, end=spot.entry.start + least - 5)
            yield instead(rota, spot, cut, Entry("free", cut.end, spot.entry.end)), "lunch"


def add_a_lunch(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A second lunch in a shift that has one."""
    for spot in spots(clinic, rota, rng, "free"):
        if any(e.kind == "lunch" for e in spot.in_shift):
            yield instead(rota, spot, replace(spot.entry, kind="lunch")), "lunch"


def drop_admin(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """An admin entry is unlabelled where what is left is less than the notes of the bookings alone."""
    for spot in spots(clinic, rota, rng, "admin"):
        rows = _counted(spot)
        left = sum(e.minutes for e in rows if e.kind == "admin") - spot.entry.minutes
        if left < sum(clinic.appointments[i].admin for e in rows for i in e.appointments):
            yield instead(rota, spot, freed(spot.entry)), "admin"


def chop_admin(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The first 5 minutes of an admin entry stand apart: too short a block."""
    for spot in spots(clinic, rota, rng, "admin"):
        if spot.clinician.policy.admin_block_minutes > 5:
            cut = spot.entry.start + 5
            parts = (replace(spot.entry, end=cut), replace(spot.entry, start=cut))
            yield instead(rota, spot, *parts), "admin"


def drop_a_reserve(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The time that a double needs if both come is unlabelled."""
    for spot in spots(clinic, rota, rng, "reserve"):
        if _shorter_of_double(clinic, spot) and spot.clinician.policy.whole_reserve:
            yield instead(rota, spot, freed(spot.entry)), "reserve"


def shorten_a_reserve(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The reserve is 5 minutes shorter than the shorter booking."""
    for spot in spots(clinic, rota, rng, "reserve"):
        due = _shorter_of_double(clinic, spot)
        if due and spot.clinician.policy.whole_reserve:
            cut = spot.entry.start + due - 5
            parts = (replace(spot.entry, end=cut), Entry("free", cut, spot.entry.end))
            yield instead(rota, spot, *parts), "reserve"


def delay_a_reserve(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The reserve starts 5 minutes after the slot has ended."""
    for spot in spots(clinic, rota, rng, "reserve"):
        if _shorter_of_double(clinic, spot) and spot.clinician.policy.whole_reserve:
            later = spot.entry.start + 5
            yield (
                instead(rota, spot, Entry("free", later - 5, later), replace(spot.entry, start=later)),
                "reserve",
            )


def leave_time_out(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """An entry is gone and nothing stands in its place."""
    for spot in spots(clinic, rota, rng, "free", "break", "admin"):
        yield instead(rota, spot), "diary"


def run_over_the_end(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """The last entry of a shift goes on for 5 minutes after it."""
    for spot in spots(clinic, rota, rng, *EVERY):
        if spot.next is None:
            yield instead(rota, spot, replace(spot.entry, end=spot.entry.end + 5)), "diary"


def forget_a_commitment(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A commitment is shown as free time."""
    for spot in spots(clinic, rota, rng, "commitment"):
        yield instead(rota, spot, freed(spot.entry)), "diary"


def invent_a_commitment(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """Free time is shown as a commitment that nobody gave."""
    for spot in spots(clinic, rota, rng, "free"):
        yield instead(rota, spot, replace(spot.entry, kind="commitment")), "diary"


def invent_a_kind(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """An entry of a kind that there is not."""
    for spot in spots(clinic, rota, rng, "free"):
        yield instead(rota, spot, replace(spot.entry, kind="coffee")), "diary"


def empty_a_slot(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """Free time is shown as a slot without a booking."""
    for spot in spots(clinic, rota, rng, "free"):
        yield instead(rota, spot, replace(spot.entry, kind="appointment")), "diary"


def end_off_the_step(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """Two entries meet 2 minutes late."""
    for spot in spots(clinic, rota, rng, "free", "break", "admin"):
        if spot.next is not None and not spot.next.appointments:
            meet = spot.entry.end + 2
            parts = (replace(spot.entry, end=meet), replace(spot.next, start=meet))
            yield instead(rota, spot, *parts, over=2), "diary"


def list_in_disorder(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """Two entries change places in the list and keep their times."""
    for spot in spots(clinic, rota, rng, *EVERY):
        if spot.next is not None:
            yield instead(rota, spot, spot.next, spot.entry, over=2), "diary"


def lose_a_diary(clinic: Clinic, rota: Rota, rng: Random) -> Wrong:
    """A clinician has no diary, or two."""
    for diary in rng.sample(rota.diaries, len(rota.diaries)):
        yield replace(rota, diaries=tuple(d for d in rota.diaries if d is not diary)), "diary"
        yield replace(rota, diaries=(*rota.diaries, Diary(diary.clinician, ()))), "diary"


def _needed(clinic: Clinic, spot: Spot) -> bool:
    """Whether the contact from the break before to the break after is more than the limit allows."""
    policy, passed = spot.clinician.policy, False
    run: list[int] = []
    for entry in spot.in_shift:
        if entry is spot.entry:
            passed = True
        elif _is_break(entry, policy):
            if passed:
                break
            run = []
        run += [clinic.appointments[i].minutes for i in entry.appointments]
    return len(run) > 1 and sum(run) > policy.max_contact_run_minutes


def _is_break(entry: Entry, policy: Policy) -> bool:
    return entry.kind in ("break", "lunch") and entry.minutes >= policy.break_minutes


def _is_long(clinician: Clinician, shift: Shift) -> bool:
    """Whether the shift less its leave, counted in fives, is long enough to be due a lunch."""
    fives = set(range(shift.start, shift.end, 5))
    for c in clinician.commitments:
        if c.kind == "leave":
            fives -= set(range(c.start, c.end, 5))
    return 5 * len(fives) > clinician.policy.lunch_if_over_minutes


def _counted(spot: Spot) -> list[Entry]:
    """The entries that count together for admin: the day's, or the week's."""
    if spot.clinician.policy.admin_scope == "week":
        return list(spot.entries)
    day = [s for s in spot.clinician.shifts if s.day == spot.shift.day]
    return [e for e in spot.entries if any(s.start <= e.start < s.end for s in day)]


def _shorter_of_double(clinic: Clinic, spot: Spot) -> int:
    """Minutes of the shorter booking of the double that ends where the entry starts; 0 if there is none."""
    before = spot.entries[spot.place - 1] if spot.place else spot.entry
    if before.end != spot.entry.start or len(before.appointments) != 2:
        return 0
    return min(clinic.appointments[i].minutes for i in before.appointments)


ALL = (
    stretch_over_the_next,
    start_in_the_last,
    pad_a_slot,
    shorten_a_slot,
    drop_a_break,
    shorten_a_break,
    drop_a_lunch,
    shrink_a_lunch,
    add_a_lunch,
    drop_admin,
    chop_admin,
    drop_a_reserve,
    shorten_a_reserve,
    delay_a_reserve,
    leave_time_out,
    run_over_the_end,
    forget_a_commitment,
    invent_a_commitment,
    invent_a_kind,
    empty_a_slot,
    end_off_the_step,
    list_in_disorder,
    lose_a_diary,
)
