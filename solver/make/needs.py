"""Needs: the appointments of a synthetic week, by kind, and who they continue with.

Seven in ten continue with their clinician; the rest are assessments, first treatments and a few who
lost theirs. Each role's share of the list follows the contacts that its targets ask for.

References
----------
Minutes (telephone assessment 60; PWP first 45 and follow-up 30; HI first 90 and follow-up 60; counselling
as HI) and 15 minutes of admin a contact: NHS Talking Therapies pathway model. Treatment under way
keeps its clinician, and often its weekly day and time: the same. Waits: 75 % within 6 weeks, 95 % within
18. The shares are our judgement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from solver.make.attendance import attendance
from solver.make.dice import Dice, apportioned
from solver.make.flavours import Flavour
from solver.make.posts import Post
from solver.make.week import Stretch
from solver.make.windows import windows

ADMIN = 15

MINUTES = {
    ("pwp", "assessment"): 60,
    ("pwp", "first_treatment"): 45,
    ("pwp", "follow_up"): 30,
    ("hi", "first_treatment"): 90,
    ("hi", "follow_up"): 60,
    ("counsellor", "first_treatment"): 90,
    ("counsellor", "follow_up"): 60,
}
"""Minutes of a contact by role and kind."""

TIED_KINDS = {
    "pwp": (("follow_up", 80), ("first_treatment", 20)),
    "hi": (("follow_up", 85), ("first_treatment", 15)),
    "counsellor": (("follow_up", 85), ("first_treatment", 15)),
}
OPEN_KINDS = {
    "pwp": (("assessment", 75), ("first_treatment", 15), ("follow_up", 10)),
    "hi": (("first_treatment", 60), ("follow_up", 40)),
    "counsellor": (("first_treatment", 60), ("follow_up", 40)),
}
MEAN_CONTACT = {"pwp": 40, "hi": 67, "counsellor": 67}
"""Minutes of an average contact, to turn a target into a number of contacts."""

SKILL = {"assessment": "assessment", "pwp": "guided_self_help", "hi": "cbt", "counsellor": "counselling"}
PRIORITIES = (("routine", 80), ("soon", 15), ("urgent", 5))
GROUPS = ("g1", "g2", "g3")


@dataclass(frozen=True, slots=True)
class Need:
    """One appointment before it has a name; clinicians by their place; ``attendance`` in 1/1000."""

    role: str
    kind: str
    minutes: int
    attendance: int
    skills: tuple[str, ...]
    language: str | None = None
    mode: str | None = None
    site: str | None = None
    clinician: int | None = None
    preferred: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    windows: tuple[Stretch, ...] = ()
    priority: str = "routine"
    waiting_days: int = 0
    intense: bool = False
    double_bookable: bool = False
    group: str | None = None


def needs(dice: Dice, staff: list[Post], count: int, flavour: Flavour) -> list[Need]:
    """The appointments of a week, in no particular order."""
    contacts = [_contacts(post, flavour) for post in staff]
    tied = count * flavour.tied_percent // 100
    by_post = apportioned(tied, [c * dice.between(85, 115) for c in contacts])
    roles = sorted({post.role for post in staff})
    of_role = [sum(c for c, post in zip(contacts, staff, strict=True) if post.role == role) for role in roles]
    by_role = apportioned(count - tied, of_role)
    listed = [_need(dice, staff, staff[i].role, i, flavour) for i, n in enumerate(by_post) for _ in range(n)]
    listed += [
        _need(dice, staff, role, None, flavour)
        for role, n in zip(roles, by_role, strict=True)
        for _ in range(n)
    ]
    return dice.shuffled(listed)


def _contacts(post: Post, flavour: Flavour) -> int:
    """How much of the list falls to a clinician, in contacts x 100."""
    share = flavour.low_share_percent if post.role == "pwp" else 200 - flavour.low_share_percent
    return post.target * share // MEAN_CONTACT[post.role]


def _need(dice: Dice, staff: list[Post], role: str, tied: int | None, flavour: Flavour) -> Need:
    able = [i for i, post in enumerate(staff) if post.role == role]
    with_whom = staff[dice.one(able) if tied is None else tied]
    if flavour.half_hours_only:
        return _half_hour(dice, role)
    kind = dice.weighted((OPEN_KINDS if tied is None else TIED_KINDS)[role])
    mode = _mode(dice, role, kind, with_whom)
    waiting = _waiting(dice, kind)
    comes = attendance(dice, role, kind, mode, waiting)
    preferred, excluded = ((), ()) if tied is not None else _wishes(dice, able)
    need = Need(
        role=role,
        kind=kind,
        minutes=MINUTES[role, kind],
        attendance=comes,
        skills=_skills(dice, role, kind, with_whom),
        language=with_whom.languages[-1] if dice.happens(15) else "en",
        mode=mode,
        site=with_whom.site if mode == "in_person" and dice.happens(70) else None,
        clinician=tied,
        preferred=preferred,
        excluded=excluded,
        windows=_windows(dice, with_whom, kind, tied),
        priority=dice.weighted(PRIORITIES),
        waiting_days=waiting,
        intense=role == "hi" and dice.happens(40),
        group=dice.one(GROUPS) if dice.happens(60) else None,
    )
    return _doubtful(need, flavour.first_attendance) if flavour.first_attendance else need


def _half_hour(dice: Dice, role: str) -> Need:
    """A plain follow-up that anyone of the role can see at any time."""
    waiting, priority = _waiting(dice, "follow_up"), dice.weighted(PRIORITIES)
    skills = (SKILL[role],)
    return Need(role, "follow_up", 30, 870, skills, mode="telephone", priority=priority, waiting_days=waiting)


def _doubtful(need: Need, comes: int) -> Need:
    """The same need where first appointments are often missed, and PWPs' are short and may be doubled."""
    if need.kind == "follow_up":
        return need
    short = min(need.minutes, 45) if need.role == "pwp" else need.minutes
    return replace(need, attendance=comes, minutes=short, double_bookable=need.role == "pwp")


def _windows(dice: Dice, post: Post, kind: str, tied: int | None) -> tuple[Stretch, ...]:
    if not dice.happens(25):
        return ()
    return windows(dice, post.open_shifts, weekly=tied is not None and kind == "follow_up")


def _mode(dice: Dice, role: str, kind: str, post: Post) -> str:
    """Mostly by telephone (PWP) or video (the rest); at most one in four in person."""
    if kind == "assessment":
        return "telephone"
    weights = (60, 25, 15) if role == "pwp" else (20, 55, 25)
    mode = dice.weighted(list(zip(("telephone", "video", "in_person"), weights, strict=True)))
    return mode if mode in post.modes else "video"


def _waiting(dice: Dice, kind: str) -> int:
    """Days of waiting: a week or two between sessions, weeks for a first treatment, with a long tail."""
    if kind == "follow_up":
        return dice.one((7, 7, 7, 14, 14, 21)) + dice.below(3)
    if kind == "assessment":
        return dice.between(3, 42)
    return dice.between(14, 60) + (dice.between(0, 70) if dice.happens(25) else 0)


def _skills(dice: Dice, role: str, kind: str, post: Post) -> tuple[str, ...]:
    if role == "hi" and "emdr" in post.skills and dice.happens(30):
        return ("emdr",)
    return (SKILL["assessment" if kind == "assessment" else role],)


def _wishes(dice: Dice, able: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Preferred and excluded clinicians of an appointment that is tied to nobody, if any."""
    if len(able) < 3:
        return (), ()
    preferred = tuple(dice.some(able, dice.between(1, 2))) if dice.happens(15) else ()
    others = [i for i in able if i not in preferred]
    return preferred, (dice.one(others),) if dice.happens(4) else ()
