"""Places: a layout that surely works for part of a synthetic week, to publish and to pin.

A clinician takes at most two of their own patients a shift, by telephone or video, an hour after the
shift's start and three hours before its end: lunch, a break and admin always fit around them.
"""

from __future__ import annotations

from solver.make.needs import ADMIN, Need
from solver.make.posts import SHIFT, Post
from solver.make.week import HOUR, Stretch


def places(staff: list[Post], listed: list[Need]) -> dict[int, Stretch]:
    """Where appointments stand, by their place in the list.

    Every place is eligible, no two of one clinician touch, and any part of them can be laid out.
    """
    stands: dict[int, Stretch] = {}
    for clinician, post in enumerate(staff):
        own = [i for i, need in enumerate(listed) if need.clinician == clinician and _simple(need)]
        stands.update(zip(own, (s for shift in post.shifts for s in _open(post, shift)), strict=False))
    return {i: Stretch(s.day, s.start, s.start + listed[i].minutes) for i, s in sorted(stands.items())}


def _simple(need: Need) -> bool:
    return need.mode != "in_person" and not need.windows and not need.intense and need.minutes <= HOUR


def _open(post: Post, shift: Stretch) -> list[Stretch]:
    """The hours of a shift, admin after them included, that no commitment touches."""
    if shift.end - shift.start < SHIFT:
        return []
    starts = (shift.start + HOUR, shift.end - 3 * HOUR)
    hours = [Stretch(shift.day, start, start + HOUR + ADMIN) for start in starts]
    return [hour for hour in hours if not any(hour.touches(taken) for taken, _ in post.commitments)]
