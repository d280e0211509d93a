"""Policies: possible in themselves, and a clinician's never looser than the service's."""

from __future__ import annotations

import math
from collections.abc import Iterator

from solver.question.clinic import Policy as PlainPolicy
from solver.question.compile import plain_policy, tightened
from solver.question.faults import Fault, Part
from solver.question.moment import clock_minutes
from solver.question.policy import HIGHER_IS_TIGHTER, ClinicianPolicy, Policy
from solver.question.request import Clinician
from solver.question.sound import Sound

ALMOST = 1e-9
"""How far the probabilities of `overrun` may add up beside 1."""


def faults(sound: Sound) -> Iterator[Fault]:
    """Policies that loosen or cannot be kept, and ceilings under targets."""
    service = sound.policy
    if service is not None:
        yield from _overrun(sound, service)
        yield from _lunch_window(sound, ("policy", "lunch_latest"), plain_policy(service))
    for place, clinician in sound.clinicians:
        yield from _ceiling(sound, ("clinicians", place, "ceiling_minutes"), clinician)
        if service is not None:
            yield from _own(sound, ("clinicians", place, "policy"), service, clinician.policy)


def _overrun(sound: Sound, service: Policy) -> Iterator[Fault]:
    total = math.fsum(way.probability for way in service.overrun)
    if abs(total - 1) > ALMOST:
        words = f"has probabilities that add up to {total:.6g}, must be 1"
        yield sound.fault("overrun_not_one", ("policy", "overrun"), words)


def _lunch_window(sound: Sound, at: tuple[Part, ...], policy: PlainPolicy) -> Iterator[Fault]:
    long = clock_minutes(policy.lunch_latest) - clock_minutes(policy.lunch_earliest)
    if long < policy.lunch_minutes:
        words = f"makes a lunch window of {long} minutes, must be at least lunch_minutes"
        yield sound.fault("lunch_window_too_short", at, f"{words} ({policy.lunch_minutes})")


def _ceiling(sound: Sound, at: tuple[Part, ...], clinician: Clinician) -> Iterator[Fault]:
    ceiling, target = clinician.ceiling_minutes, clinician.target_minutes
    if ceiling is not None and ceiling < target:
        words = f"is {ceiling}, must be at least target_minutes ({target})"
        yield sound.fault("ceiling_below_target", at, words)


def _own(sound: Sound, at: tuple[Part, ...], service: Policy, own: ClinicianPolicy) -> Iterator[Fault]:
    loosened = list(_loosened(sound, at, service, own))
    yield from loosened
    changes_lunch = {"lunch_earliest", "lunch_latest", "lunch_minutes"} & own.model_fields_set
    if changes_lunch and not loosened:
        yield from _lunch_window(sound, at, tightened(plain_policy(service), own))


def _loosened(sound: Sound, at: tuple[Part, ...], service: Policy, own: ClinicianPolicy) -> Iterator[Fault]:
    for name, value in own:
        if value is None:
            continue
        limit, higher = getattr(service, name), name in HIGHER_IS_TIGHTER
        if value < limit if higher else value > limit:
            most = "least" if higher else "most"
            words = f"is {value}, must be at {most} the service's ({limit})"
            yield sound.fault("policy_loosened", (*at, name), words)
