"""How likely a synthetic patient is to come.

A base rate by kind of contact, moved by mode, lead time, age and history as odds ratios, less late
cancellations. Published effects are shrunk: about half way in the odds, and history much more. No
employment, sickness, ethnicity or deprivation.

References
----------
Base rates by kind: one NHS Talking Therapies service's pathway model (DNA at step 2 9.8 %, CBT first 10.4 %
and follow-up 6.0 %, counselling first 7.8 % and follow-up 5.3 %). First contacts: Davis et al. 2020
(about 40 % not attended, with wide variation; 12 % of all appointments), shrunk to 16 %. Lead time and
mode: NHS Digital, GP appointments (742.8 million). Age (odds of attending x 1.02 a year at first
appointments): Davis et al. 2020. An earlier no-show (odds x 4.4): a rural service in the United States,
shrunk to 1.6. Late cancellation, 6 points: our judgement.
"""

from __future__ import annotations

from solver.make.dice import Dice

LOWEST, HIGHEST = 400, 970
"""Attendance is clamped to this range, in 1/1000."""

LATE_CANCELLATION = 60
"""Cancelled within 48 hours, in 1/1000: the hour is lost too."""

MISSED = {
    ("pwp", "assessment"): 160,
    ("pwp", "first_treatment"): 104,
    ("pwp", "follow_up"): 98,
    ("hi", "first_treatment"): 104,
    ("hi", "follow_up"): 60,
    ("counsellor", "first_treatment"): 78,
    ("counsellor", "follow_up"): 53,
}
"""Missed contacts by role and kind, in 1/1000."""

BY_MODE = {"telephone": 1.4, "video": 1.05, "in_person": 0.9}
"""Odds ratios of attending (5.8 % face to face, 4.6 % video, 2.0 % telephone missed; shrunk)."""

BY_LEAD = ((1, 1.4), (7, 1.15), (14, 1.0), (21, 0.95), (28, 0.92))
"""Odds ratio up to so many days (4.0, 5.9, 7.6, 8.4, 8.8 % missed; shrunk); beyond them, LONG_LEAD."""
LONG_LEAD = 0.82

BY_AGE = (0.86, 1.0, 1.16, 1.35)
"""Odds ratios about 15 years apart, at first appointments; shrunk."""

EARLIER_NO_SHOW = 1 / 1.6


def attendance(dice: Dice, role: str, kind: str, mode: str, lead_days: int) -> int:
    """The attendance of one synthetic patient, in 1/1000.

    Parameters
    ----------
    dice
        Decides age, history and what no model knows.
    role
        ``pwp``, ``hi`` or ``counsellor``.
    kind
        ``assessment``, ``first_treatment`` or ``follow_up``.
    mode
        ``telephone``, ``video`` or ``in_person``.
    lead_days
        Days since the appointment was asked for.
    """
    missed = MISSED[role, kind]
    odds = (1000 - missed) / missed * BY_MODE[mode] * _by_lead(lead_days)
    age = dice.one(BY_AGE)
    odds *= 1.0 if kind == "follow_up" else age
    odds *= EARLIER_NO_SHOW if dice.happens(15) else 1.0
    comes = int(1000 * odds / (1 + odds)) - LATE_CANCELLATION + dice.between(-10, 10)
    return max(LOWEST, min(HIGHEST, comes))


def _by_lead(days: int) -> float:
    return next((ratio for longest, ratio in BY_LEAD if days <= longest), LONG_LEAD)
