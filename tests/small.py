"""Small weeks with everything in them: one to three clinicians, two to seven appointments, all rules at work.

A week is drawn as a request and read as one, so it is valid; a draw that is refused, or whose pins no rota
keeps, is drawn again. The same seed gives the same week.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from solver.question.clinic import Clinic
from solver.question.faults import BadRequest
from solver.question.reading import read_request
from tests import brute
from tests.brute_facts import able, frames_of, in_window, starts

Json = dict[str, Any]

LONDON = ZoneInfo("Europe/London")
PLAIN, FORWARD, BACK = datetime(2026, 11, 30), datetime(2026, 3, 23), datetime(2026, 10, 19)  # noqa: DTZ001
DAY = 24 * 60


@lru_cache(maxsize=512)
def small_clinic(seed: int) -> Clinic:
    """The small week of a seed, in plain form; its pins can be kept."""
    return next(clinic for _, clinic in _draws(seed) if _keepable(clinic))


def small_request(seed: int) -> Json:
    """The request of `small_clinic`."""
    return next(request for request, clinic in _draws(seed) if _keepable(clinic))


def unkeepable_request(seed: int) -> Json:
    """A request that reads well, and whose pins no rota keeps."""
    return next(
        r for number in count() for r, clinic in _draws(seed * 1000 + number, 1) if not _keepable(clinic)
    )


def _draws(seed: int, most: int | None = None) -> Iterator[tuple[Json, Clinic]]:
    """The draws of a seed that the reader accepts."""
    for attempt in count() if most is None else range(most):
        draw = _Draw(Random(f"small/{seed}/{attempt}"))
        plain, dull = draw.request(), draw.may(0.1)
        unpinned = _read(plain)
        idle = frozenset[int]() if dull or unpinned is None else _idle(unpinned)
        for request in draw.pinned(plain):
            # Reading is most of the work. Pins only help those who have one, and not where no time is free.
            needs = request["appointments"]
            lively = _lively(len(needs), sum("pin" not in needs[i] for i in idle))
            if lively and (unpinned is None or draw.may_stand(needs, unpinned)):
                clinic = _read(request)
                if clinic is not None and (dull or _lively(len(needs), len(_idle(clinic)))):
                    yield request, clinic
        if unpinned is not None and _lively(len(plain["appointments"]), len(idle)):
            yield plain, unpinned


def _idle(clinic: Clinic) -> frozenset[int]:
    """Appointments that can stand nowhere."""
    frames = [(c, [f for day in frames_of(c).values() for f in day]) for c in clinic.clinicians]
    return frozenset(
        a.index for a in clinic.appointments if not any(starts(a, c, held) for c, held in frames)
    )


def _lively(wanted: int, idle: int) -> bool:
    """Whether most appointments can stand somewhere."""
    return 4 * (wanted - idle) >= 3 * wanted


def _read(request: Json) -> Clinic | None:
    try:
        return read_request(json.dumps(request)).clinic
    except BadRequest:
        return None


def _keepable(clinic: Clinic) -> bool:
    """Whether some rota keeps the pins: the one without anything else is the easiest."""
    pinned = [a for a in clinic.appointments if a.pin is not None]
    if not pinned:
        return True
    alone = tuple(replace(a, index=i) for i, a in enumerate(pinned))
    try:
        return brute.best(replace(clinic, appointments=alone), 10**7) is not None
    except brute.NoRota:
        return False


class _Draw:
    """One request, drawn part by part; all times are elapsed minutes of the week until they are written."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.monday = random.choice([PLAIN] * 6 + [FORWARD, BACK])
        self.doubles = random.random() < 0.6
        self.sites = random.random() < 0.4
        self.grid = random.choice([15, 15, 20, 30, 30])
        # Where few starts take many short appointments, doubles pay.
        self.scarce = self.doubles and random.random() < 0.6
        if self.scarce:
            self.grid = random.choice([30, 60, 90, 120])
        # Around noon, where lunch has one place, it is in the way.
        self.noon = random.random() < 0.12
        self.shifts: list[list[tuple[int, int, str | None]]] = []
        self.places: dict[tuple[str, str], tuple[int, int]] = {}

    def may(self, chance: float) -> bool:
        return self.random.random() < chance

    def at(self, minute: int) -> str:
        start = self.monday.replace(tzinfo=LONDON).astimezone(UTC)
        return (start + timedelta(minutes=minute)).astimezone(LONDON).isoformat()

    def span(self, start: int, end: int) -> Json:
        return {"start": self.at(start), "end": self.at(end)}

    def request(self) -> Json:
        team = [self.clinician(i) for i in range(self.random.choice([1, 1, 2, 2, 2, 3]))]
        needs = self.appointments(len(team))
        request: Json = {
            "week": {"start": self.monday.date().isoformat(), "timezone": "Europe/London"},
            "clinicians": team,
            "appointments": needs,
            "policy": self.policy(),
            "weights": self.weights(),
        }
        if self.sites:
            request["rooms"] = [{"site": "north", "rooms": self.random.choice([0, 1, 1, 1, 2])}]
        told = [a["id"] for a in needs if self.may(0.5)] if self.may(0.25) else []
        request["published"] = [{"appointment": name} | self.place() for name in told]
        return request

    def clinician(self, index: int) -> Json:
        shifts = [shift for day in self.days() for shift in self.day(day)]
        self.shifts.append(shifts)
        told: Json = {
            "id": f"c{index + 1}",
            "target_minutes": self.random.choice(
                [120, 180, 240]
                if self.scarce or self.noon
                else [0, 45, 60, 80, 90, 100, 120, 120, 150, 180, 180, 240, 300]
            ),
            "shifts": [self.span(s, e) | ({"site": site} if site else {}) for s, e, site in shifts],
            "commitments": [c for shift in shifts for c in self.commitments(shift)],
        }
        if self.may(0.4):
            told["ceiling_minutes"] = told["target_minutes"] + self.random.choice([0, 5, 15, 40])
        if self.may(0.6):
            told["skills"] = self.random.choice([["cbt"], ["cbt", "emdr"], ["emdr"]])
        if self.may(0.4):
            told["languages"] = self.random.choice([["en"], ["en"], ["en", "pl"]])
        if self.may(0.25):
            told["modes"] = self.random.choice(
                [["video"], ["video", "in_person"], ["in_person", "telephone"]]
            )
        if self.may(0.6 if self.scarce else 0.15):
            told["slots"] = self.slots(shifts)
        if self.may(0.2):
            told["policy"] = self.own_policy()
        return told

    def days(self) -> list[int]:
        days = sorted(self.random.sample(range(5), self.random.choice([1, 1, 1, 2, 2, 3])))
        if self.monday != PLAIN:
            return [*days[:1], self.random.choice([5, 6])]
        return days

    def day(self, day: int) -> list[tuple[int, int, str | None]]:
        random, kind = self.random, self.random.random()
        site = random.choice(["north", "north", "south", None]) if self.sites else None
        if self.noon and day < 5:
            return [(day * DAY + 660, day * DAY + random.choice([795, 810, 825, 840]), site)]
        if day >= 5 or kind < 0.06:
            # The clocks change on Sunday at 01:00 UTC: a night shift from Saturday, or an early one.
            start = day * DAY + (random.choice([1320, 1410]) if day != 6 else random.choice([0, 30, 600]))
            return [(start, start + random.choice([120, 180, 240, 300]), site)]
        if kind < 0.2:
            start = day * DAY + random.choice([480, 510, 540])
            return [(start, start + random.choice([365, 375, 390, 420]), site)]
        start = day * DAY + random.choice([480, 545, 600, 630, 660, 690, 780])
        end = start + random.choice([60, 75, 90, 100, 120, 120, 150, 180, 180, 210, 240])
        if kind > 0.86:
            later = end + random.choice([30, 45, 60])
            return [(start, end, site), (later, later + random.choice([60, 90, 120]), site)]
        return [(start, end, site)]

    def commitments(self, shift: tuple[int, int, str | None]) -> Iterator[Json]:
        start, end, _ = shift
        if self.may(0.3):
            begins = self.within(start - 15, end - 20)
            kind = self.random.choice(["meeting", "supervision", "training", "leave", "other"])
            yield self.span(begins, begins + self.random.choice([15, 30, 60, 90])) | {"kind": kind}
        noon = start // DAY * DAY + 720
        if end - start > 330 and self.may(0.3):
            yield self.span(noon - 35, noon + 155) | {"kind": "meeting"}
        elif self.may(0.05):
            yield self.span(start + 10, end) | {"kind": self.random.choice(["training", "leave"])}
        if end - start > 330 and self.may(0.15):
            for begins in range(start, end, 40):
                yield self.span(begins, min(end, begins + 15)) | {"kind": "other"}

    def slots(self, shifts: list[tuple[int, int, str | None]]) -> list[Json]:
        found = []
        for start, end, _ in shifts:
            for _ in range(self.random.choice([1, 2] if self.scarce else [1, 2, 3, 4])):
                begins = self.within(start, end - 20)
                minutes = min(end - begins, self.random.choice([20, 30, 45, 50, 60]))
                found.append({"start": self.at(begins), "minutes": minutes})
        return list({slot["start"]: slot for slot in found}.values())

    def within(self, start: int, end: int) -> int:
        return self.random.randrange(start, max(start + 5, end + 1), 5)

    def own_policy(self) -> Json:
        return self.random.choice(
            [
                {"max_contacts_per_day": self.random.choice([1, 2])},
                {"max_contact_run_minutes": 20},
                {"break_minutes": 40},
                {"max_unreserved_risk": 0.0},
                {"max_per_slot": 1},
                {"max_overload_risk": 0.0},
                {"admin_daily_minutes": 60},
                {"lunch_minutes": 60, "lunch_if_over_minutes": 90},
                {"lunch_earliest": "12:00", "lunch_latest": "13:30"},
            ]
        )

    def policy(self) -> Json:
        random = self.random
        told: Json = {
            "grid_minutes": self.grid,
            "tolerance_minutes": random.choice([0, 0, 5, 10, 30]),
            "max_booked_ratio": random.choice([1.5, 3.0] if self.scarce else [1.0, 1.25, 1.25, 1.5, 3.0]),
            "max_overload_risk": random.choice(
                [0.1, 0.3, 1.0] if self.scarce else [0.0, 0.05, 0.1, 0.1, 0.3, 1.0]
            ),
            "max_contact_run_minutes": random.choice([50, 90] if self.scarce else [25, 40, 60, 60, 90, 90]),
            "break_minutes": random.choice([5, 10, 10, 15, 30]),
        }
        choices: list[tuple[str, list[Any], float]] = [
            ("admin_scope", ["week"], 0.25),
            ("admin_daily_minutes", [10, 15, 30, 45], 0.35),
            ("admin_block_minutes", [5, 10, 20, 30], 0.5),
            ("max_contacts_per_day", [1, 2, 2, 3], 0.1 if self.scarce else 0.3),
            ("max_intense_per_day", [0, 1, 1], 0.5),
            ("lunch_minutes", [20, 25, 45], 0.3),
            ("lunch_if_over_minutes", [0, 60, 120, 150, 200], 0.3),
        ]
        told |= {name: random.choice(values) for name, values, chance in choices if self.may(chance)}
        if self.noon:
            opens = random.choice(["11:30-12:00", "12:00-12:30", "12:20-12:50", "12:45-13:15"])
            told |= dict(zip(("lunch_earliest", "lunch_latest"), opens.split("-"), strict=True))
            told |= {"lunch_if_over_minutes": 60, "lunch_minutes": random.choice([20, 30])}
        if self.doubles:
            told |= {
                "max_per_slot": 2,
                "max_collision": random.choice([0.25, 0.25, 0.36, 0.5, 1.0]),
                "max_doubles_per_day": random.choice([1, 1, 2, 3]),
                "max_doubles_per_week": random.choice([1, 1, 2, 3]),
                "max_unreserved_risk": random.choice([0.0, 0.0, 0.05, 0.2, 0.3]),
            }
        return told

    def weights(self) -> Json:
        names = ["unplaced", "below_target", "above_target", "uneven", "not_preferred", "late", "moved"]
        if self.may(0.3):
            return {}
        draw: Callable[[], float] = lambda: self.random.choice([0, 0.1, 0.2, 0.375, 1, 2, 4, 7.501])  # noqa: E731
        return {name: draw() for name in names if self.may(0.5)}

    def appointments(self, team: int) -> list[Json]:
        random = self.random
        kinds = [self.kind(team) for _ in range(random.choice([1, 2] if self.scarce else [1, 2, 2, 3, 4]))]
        wanted = random.choice([2, 3, 4, 5, 5, 6, 6, 7, 7])
        needs: list[Json] = []
        for number in range(1, wanted + 1):
            need: Json = dict(random.choice(kinds))
            need |= {"id": f"a{number}", "patient": f"p{number}"}
            chances = (
                [0.3, 0.5, 0.6, 0.7, 0.7] if self.scarce else [0.0, 0.5, 0.7, 0.75, 0.8, 0.9, 0.913, 1.0]
            )
            need["attendance"] = random.choice(chances)
            need["waiting_days"] = random.choice([0, 0, 7, 21, 63, 126, 200])
            if self.may(0.3):
                need["group"] = random.choice(["x", "y"])
            if needs and self.may(0.15):
                need["patient"] = random.choice(needs)["patient"]
            needs.append(need)
        return needs

    def pinned(self, plain: Json) -> Iterator[Json]:
        """The request with some pins at places where they may be refused, in a few ways; or not at all."""
        double = self.doubles and self.may(0.2 if self.scarce else 0.5)
        if double or self.may(0.3):
            many = self.random.choice([1, 1, 2])
            for _ in range(40):
                needs, place = [dict(need) for need in plain["appointments"]], self.place()
                request = plain | {"appointments": needs}
                for need in self.random.sample(needs, 2 if double else many):
                    need["pin"] = place if double else self.place()
                    if double:
                        need |= {"double_bookable": True, "attendance": 0.5, "minutes": 20}
                yield request

    def place(self) -> Json:
        index = self.random.randrange(len(self.shifts))
        start, end, _ = self.random.choice(self.shifts[index])
        step = self.grid if self.may(0.7) else 5
        minute = self.random.randrange(start, max(start + 1, end - 30), step)
        place = {"clinician": f"c{index + 1}", "start": self.at(minute)}
        self.places[place["clinician"], place["start"]] = index, minute
        return place

    def may_stand(self, needs: list[Json], unpinned: Clinic) -> bool:
        """Whether each pin is the clinician's to see, in free time and in the patient's windows."""
        for need, a in zip(needs, unpinned.appointments, strict=True):
            if "pin" in need:
                index, start = self.places[need["pin"]["clinician"], need["pin"]["start"]]
                end, c = start + need["minutes"], unpinned.clinicians[index]
                spans = [span for day in frames_of(c).values() for frame in day for span in frame.free]
                free = any(span.start <= start and end <= span.end for span in spans)
                if not (free and able(a, c) and in_window(a, start, end)):
                    return False
        return True

    def kind(self, team: int) -> Json:
        random = self.random
        need: Json = {
            "minutes": random.choice(
                [15, 20, 20, 25, 30] if self.scarce else [15, 20, 20, 25, 30, 30, 30, 40, 45, 50, 60, 75, 100]
            ),
            "admin_minutes": random.choice([0, 0, 5, 10, 15]),
            "double_bookable": self.doubles and self.may(0.75),
        }
        own = f"c{random.randrange(team) + 1}"
        choices: list[tuple[str, Callable[[], Any], float]] = [
            ("skills", lambda: random.choice([["cbt"], ["emdr"]]), 0.25),
            ("language", lambda: random.choice(["en", "pl", "pl"]), 0.3),
            ("mode", lambda: random.choice(["video", "telephone", "in_person"]), 0.9 if self.sites else 0.25),
            ("clinician", lambda: own, 0.15),
            ("priority", lambda: random.choice(["soon", "urgent"]), 0.4),
            ("intense", lambda: True, 0.25),
            ("windows", self.windows, 0.2 if self.scarce else 0.35),
            ("preferred_clinicians", lambda: [f"c{random.randrange(team) + 1}"], 0.25),
        ]
        rarely = 0.5 if self.scarce or self.noon else 1.0
        need |= {name: draw() for name, draw, chance in choices if self.may(chance * rarely)}
        if self.sites and self.may(0.7):
            need["mode"] = "in_person"
        if self.sites and self.may(0.4):
            need["site"] = random.choice(["north", "south"])
        if "clinician" not in need and self.may(0.15):
            need["excluded_clinicians"] = [own]
        return need

    def windows(self) -> list[Json]:
        found = []
        for _ in range(self.random.choice([1, 1, 2])):
            start, end, _ = self.random.choice(self.random.choice(self.shifts))
            begins = self.within(start - 30, end - 30)
            found.append(self.span(begins, begins + self.random.choice([45, 60, 90, 120, 180])))
        return found
