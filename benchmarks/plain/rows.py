"""What is linear in the slot-level week: every rule but time itself, and every term but ``inequity``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise

from benchmarks.plain.week import PlainWeek, Stay
from solver.question.clinic import FULL, STEP, Appointment
from solver.rules.queue_order import queues

SHARES = 100
"""Parts of 1/1000 in which the model measures the share of a target (`uneven`)."""


def posted(week: PlainWeek) -> PlainWeek:
    """The week with its linear rules and its cost."""
    for post in (_once, _queues, _slots, _days, _weeks, _runs, _lunches, _rooms, _worth, _targets):
        post(week)
    return week


def _once(week: PlainWeek) -> None:
    booked: dict[int, list[tuple[int, int]]] = defaultdict(list)
    that_day: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for (appointment, number, _), literal in week.x.items():
        booked[appointment].append((1, literal))
        patient = week.clinic.appointments[appointment].patient
        if len(week.clinic.by_patient[patient]) > 1:
            that_day[patient, week.stays[number].day].append((1, literal))
    for a in week.clinic.appointments:
        week.programme.row("once", [*booked[a.index], (1, week.unplaced[a.index])], lower=1, upper=1)
    for terms in that_day.values():
        week.programme.row("once", terms, upper=1)


def _queues(week: PlainWeek) -> None:
    others = {
        a.index: [week.unplaced[i] for i in week.clinic.by_patient[a.patient] if i != a.index]
        for a in week.clinic.appointments
    }
    for queue in queues(week.clinic):
        alone = [a for a in queue if not others[a.index]]
        mixed = [(a, b) for a, b in combinations(queue, 2) if others[a.index] or others[b.index]]
        for first, second in [*pairwise(alone), *mixed]:
            lifts = [*others[first.index], *others[second.index]]
            terms = [(1, week.unplaced[first.index]), (-1, week.unplaced[second.index])]
            week.programme.row("queue", [*terms, *((1, u) for u in lifts)], upper=len(lifts))


def _slots(week: PlainWeek) -> None:
    pairs: dict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    for (number, start, longer, shorter), literal in week.pair.items():
        pairs[number, start].append((longer, shorter, literal))
    for (number, start), here in week.at.items():
        doubles = pairs[number, start]
        for minutes in {week.clinic.appointments[a].minutes for a, _ in here}:
            alike = [(a, x) for a, x in here if week.clinic.appointments[a].minutes == minutes]
            twos = [((longer == minutes) + (shorter == minutes), v) for longer, shorter, v in doubles]
            taken = [(-1, week.slot[number, start, minutes]), *((-k, v) for k, v in twos)]
            week.programme.row("slot", [*((1, x) for _, x in alike), *taken], lower=0, upper=0)
            if doubles:
                both = [
                    (1, week.shared[a, number, start]) for a, _ in alike if (a, number, start) in week.shared
                ]
                week.programme.row("slot", [*both, *((-k, v) for k, v in twos)], lower=0, upper=0)
        _sharing(week, number, start, doubles)
    _few_doubles(week)


def _sharing(week: PlainWeek, number: int, start: int, doubles: list[tuple[int, int, int]]) -> None:
    here = [
        (a, week.shared[a, number, start])
        for a, _ in week.at[number, start]
        if (a, number, start) in week.shared
    ]
    limit = week.clinician(week.stays[number]).policy.max_collision * FULL * FULL
    for index, literal in here:
        a = week.clinic.appointments[index]
        week.programme.row("slot", [(1, literal), (-1, week.x[index, number, start])], upper=0)
        for longer, shorter, pair in doubles:
            other = longer + shorter - a.minutes
            if a.minutes in (longer, shorter) and not _held(a, start, start + a.minutes + other):
                week.programme.row("window", [(1, literal), (1, pair)], upper=1)
    for (i, x), (j, y) in combinations(here, 2):
        if week.clinic.appointments[i].attendance * week.clinic.appointments[j].attendance > limit:
            week.programme.row("collision", [(1, x), (1, y)], upper=1)


def _held(a: Appointment, start: int, end: int) -> bool:
    return not a.windows or any(w.holds(start, end) for w in a.windows)


def _few_doubles(week: PlainWeek) -> None:
    daily: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for (number, *_), literal in week.pair.items():
        stay = week.stays[number]
        daily[stay.clinician, stay.day].append((1, literal))
    for clinician in week.clinic.clinicians:
        mine = {key: terms for key, terms in daily.items() if key[0] == clinician.index}
        for terms in mine.values():
            week.programme.row("doubles", terms, upper=clinician.policy.max_doubles_per_day)
        if mine:
            weekly = [term for terms in mine.values() for term in terms]
            week.programme.row("doubles", weekly, upper=clinician.policy.max_doubles_per_week)


def _days(week: PlainWeek) -> None:
    seen: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    intense: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for (appointment, number, _), literal in week.x.items():
        key = (week.stays[number].clinician, week.stays[number].day)
        seen[key].append((1, literal))
        if week.clinic.appointments[appointment].intense:
            intense[key].append((1, literal))
    for key, terms in seen.items():
        policy = week.clinic.clinicians[key[0]].policy
        week.programme.row("contacts", terms, upper=policy.max_contacts_per_day)
        week.programme.row("contacts", intense[key], upper=policy.max_intense_per_day)


def _weeks(week: PlainWeek) -> None:
    for index, mine in week.of_clinician.items():
        clinician = week.clinic.clinicians[index]
        most = clinician.policy.max_booked_ratio * clinician.target
        week.programme.row(
            "ceiling", [(a.minutes, x) for a, x in mine], upper=most.numerator // most.denominator
        )


def _runs(week: PlainWeek) -> None:
    for stay in week.stays:
        limit = week.clinician(stay).policy.max_contact_run_minutes
        last, before = stay.span.start, None
        for start in week.starts(stay.number):
            run = week.programme.variable(upper=limit)
            week.run[stay.number, start] = run
            here = ((week.clinic.appointments[a].minutes, x) for a, x in week.at[stay.number, start])
            booked = [(min(minutes, limit), x) for minutes, x in here]
            rests = [(-limit, v) for v in _rests(week, stay, last, start)]
            week.programme.row("run", [*booked, (-1, run)], upper=0)
            if before is not None:
                week.programme.row("run", [*booked, (1, before), (-1, run), *rests], upper=0)
            last, before = start, run


def _rests(week: PlainWeek, stay: Stay, after: int, until: int) -> Iterator[int]:
    lunch_counts = week.clinician(stay).policy.lunch_minutes >= week.clinician(stay).policy.break_minutes
    for cell in range(after, until, STEP):
        for kind in (week.rest, week.lunch) if lunch_counts else (week.rest,):
            if (stay.number, cell) in kind:
                yield kind[stay.number, cell]


def _lunches(week: PlainWeek) -> None:
    for stay in week.stays:
        if stay.shift.lunch_places:
            cells = (cell for _, cell in stay.cells() if (stay.number, cell) in week.lunch)
            week.programme.row("lunch", [(1, week.lunch[stay.number, c]) for c in cells], lower=1, upper=1)


def _rooms(week: PlainWeek) -> None:
    held: dict[str, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for site, start, end, literal in _holding(week):
        for cell in range(start, end, STEP):
            held[site][cell].append((1, literal))
    for site, inside in held.items():
        for terms in inside.values():
            week.programme.row("rooms", terms, upper=week.clinic.rooms[site])


def _holding(week: PlainWeek) -> Iterator[tuple[str, int, int, int]]:
    """What holds a room: site, start, end, literal; the second patient of a double keeps it on."""
    in_person: set[tuple[int, int]] = set()
    for (appointment, number, start), literal in week.x.items():
        a, site = week.clinic.appointments[appointment], week.stays[number].shift.shift.site
        if a.in_person and site in week.clinic.rooms:
            yield str(site), start, start + a.minutes, literal
            in_person.add((number, start))
    for (number, start, longer, shorter), literal in week.pair.items():
        if (number, start) in in_person:
            site = week.stays[number].shift.shift.site
            yield str(site), start + shorter, start + longer + shorter, literal


def _worth(week: PlainWeek) -> None:
    clinic, cost = week.clinic, week.programme.cost
    for a in clinic.appointments:
        cost[week.unplaced[a.index]] += clinic.weights["unplaced"] * a.minutes * a.urgency
    for (appointment, number, start), literal in week.x.items():
        a, stay = clinic.appointments[appointment], week.stays[number]
        if a.preferred and stay.clinician not in a.preferred:
            cost[literal] += clinic.weights["not_preferred"] * a.minutes
        if a.priority != "routine":
            cost[literal] += clinic.weights["late"] * stay.day * a.minutes * a.urgency / 5
        if a.published and (a.published.clinician, a.published.start) != (stay.clinician, start):
            cost[literal] += clinic.weights["moved"] * a.minutes


def _targets(week: PlainWeek) -> None:
    clinic, programme = week.clinic, week.programme
    mine = week.of_clinician
    for c in clinic.clinicians:
        expected = [(a.expected, x) for a, x in mine[c.index]]
        most = FULL * c.target + sum(k for k, _ in expected)
        below = programme.variable(upper=most, cost=clinic.weights["below_target"] / FULL)
        above = programme.variable(upper=most, cost=clinic.weights["above_target"] / FULL)
        tolerance = c.policy.tolerance_minutes
        programme.row("below", [*expected, (1, below)], lower=FULL * (c.target - tolerance))
        programme.row("above", [*expected, (-1, above)], upper=FULL * (c.target + tolerance))
    compared = [c for c in clinic.clinicians if c.target > 0 and c.shifts]
    if len(compared) > 1 and clinic.weights["uneven"]:
        weight = clinic.weights["uneven"] / SHARES
        largest = programme.variable(upper=10 * FULL * SHARES, cost=weight)
        smallest = programme.variable(upper=10 * FULL * SHARES, cost=-weight)
        for c in compared:
            minus = [(-SHARES * a.expected, x) for a, x in mine[c.index]]
            programme.row("uneven", [(c.target, largest), *minus], lower=0)
            programme.row("uneven", [(c.target, smallest), *minus], upper=0)
