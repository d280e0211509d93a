"""Given starts: the slots of a clinician who does not work on a grid."""

from __future__ import annotations

from solver.make.posts import Post
from solver.make.week import Stretch

USUAL = ((0, 60), (75, 60), (150, 60), (285, 60), (360, 60), (435, 45))
"""A usual day: minutes after the shift's start, and the longest booking there (our judgement)."""

LONG = ((0, 90), (120, 90), (270, 90), (375, 90))
"""The same for high-intensity work."""

SPARSE = ((0, 60), (75, 60), (180, 60), (285, 60), (390, 60))
"""Few starts, with time after most for a second patient."""


def starts(post: Post, style: str) -> tuple[Stretch, ...] | None:
    """Given slots of a clinician as stretches; None where the grid applies.

    Parameters
    ----------
    post
        The clinician.
    style
        ``grid``, ``sparse`` (for PWPs only) or ``fixed``.
    """
    if style == "grid" or (style == "sparse" and post.role != "pwp"):
        return None
    day = SPARSE if style == "sparse" else USUAL if post.role == "pwp" else LONG
    slots = [
        (shift, Stretch(shift.day, shift.start + after, shift.start + after + minutes))
        for shift in post.shifts
        for after, minutes in day
    ]
    return tuple(slot for shift, slot in slots if _fits(post, shift, slot))


def _fits(post: Post, shift: Stretch, slot: Stretch) -> bool:
    return slot.end <= shift.end and not any(slot.touches(taken) for taken, _ in post.commitments)
