"""The clinician's page: plain, true, and promising nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from typer.testing import CliRunner

from solver.answer import document, to_bytes
from solver.cli import app
from solver.explain.page import AGREE, AGREED, REPLACED, page, page_text
from solver.explain.page_chance import ALL_COME, CHANCES, DOUBLES
from solver.explain.page_rules import BROKEN, PROTECTS
from solver.explain.page_shape import Page, Standing
from solver.explain.page_words import lasting, listed, roughly, times, weeks
from solver.make import request_bytes
from solver.question.clinic import Clinic, Policy
from solver.question.reading import read_request
from solver.risk.diary import diary_risk
from solver.rota import Rota
from solver.search.clerk import clerk
from solver.simulate.events import tell
from solver.simulate.timetable import timetable
from tests.answers import TINY, best_of_tiny, solved, tiny
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, commitment, doubling
from tests.readability import age, syllables
from tests.small import small_clinic

BANNED = re.compile(
    r"\b(un)?saf(e|er|est|ely|ety)\b|\boptim\w*|\bguarante\w*|\bperfect\w*|\bbest\b|\bsecure\w*|"
    r"\bzero risk\b|\brisk[- ]free\b|\bensur\w*|\bpromis\w*|\butilis\w*|\bproductiv\w*|\bfail\w*|"
    r"\bfault\b|\bfinal\b|\balways\b|"
    r"\bnever fail|\bimpossible\b|\bno-?show\w*|\bbacklog\b|\bprobabilit\w*|\bdistribution\b|\bpercentile\b",
    re.IGNORECASE,
)


def said(shown: Page, heading: str) -> str:
    """All that stands under a heading."""
    return " ".join(next(s.paragraphs for s in shown.sections if s.heading == heading))


def prose(shown: Page) -> str:
    """The page without the lines of its days."""
    sections = " ".join(chain.from_iterable(section.paragraphs for section in shown.sections))
    return f"{sections} {' '.join(day.summary for day in shown.days)}"


@lru_cache
def made(flavour: str) -> tuple[Clinic, Rota]:
    clinic = read_request(request_bytes(3, 90, 5, flavour)).clinic
    return clinic, clerk(clinic)


@lru_cache
def any_week(seed: int) -> tuple[Clinic, Rota]:
    """A small week, sometimes with sessions that run over, with the clerk's rota."""
    clinic = small_clinic(seed)
    overrun = Random(seed).choice([((0, 1.0),), ((0, 1.0),), ((0, 0.7), (10, 0.3))])
    team = tuple(replace(c, policy=replace(c.policy, overrun=overrun)) for c in clinic.clinicians)
    told = replace(clinic, clinicians=team)
    return told, clerk(told)


@pytest.mark.parametrize(
    ("word", "count"),
    [("the", 1), ("come", 1), ("comes", 1), ("minutes", 2), ("booked", 1), ("needed", 2), ("patients", 2),
     ("target", 2), ("hours", 1), ("breaks", 1), ("sessions", 2), ("busiest", 2), ("free", 1), ("09:00", 2),
     ("places", 2), ("table", 2), ("time", 1), ("agree", 2)],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_measure_of_reading_tells_easy_from_hard() -> None:
    easy = "The cat sat on the mat. It was a hot day. She went to the sea."
    hard = (
        "Notwithstanding the aforementioned considerations, probabilistic characterisation of attendance "
        "necessitates simultaneous evaluation of heterogeneous operational dependencies."
    )
    assert age(easy) < 7
    assert age(hard) > 20


@pytest.mark.parametrize("seed", range(150))
def test_a_child_of_twelve_can_read_the_page_of_any_small_week(seed: int) -> None:
    clinic, rota = any_week(seed)
    for clinician in clinic.clinicians:
        shown = page(clinic, rota, clinician.index, standing=get_args(Standing)[seed % 3])
        assert age(prose(shown)) <= 12
        assert max(age(p) for s in shown.sections for p in s.paragraphs) <= 15
        assert not BANNED.findall(page_text(shown))


@pytest.mark.parametrize("flavour", ["mixed", "scarce", "doubles", "unattainable", "slack"])
def test_a_child_of_twelve_can_read_the_page_of_a_real_week(flavour: str) -> None:
    clinic, rota = made(flavour)
    for clinician in clinic.clinicians:
        shown = page(clinic, rota, clinician.index)
        assert age(prose(shown)) <= 12
        assert not BANNED.findall(page_text(shown))


def test_the_ban_on_words_bites() -> None:
    assert BANNED.findall("This rota is safe and optimal.")
    assert BANNED.search("A Safer week")
    assert not BANNED.search("You have 3 bookings.")


@pytest.mark.parametrize("seed", range(60))
def test_no_page_names_a_patient(seed: int) -> None:
    clinic, rota = any_week(seed)
    hidden = tuple(replace(a, patient=f"patient-{a.index}-secret") for a in clinic.appointments)
    told = replace(clinic, appointments=hidden)
    for clinician in told.clinicians:
        assert "secret" not in page_text(page(told, rota, clinician.index))


@pytest.mark.parametrize("seed", range(100))
def test_what_is_said_of_everyone_coming_is_what_happens_when_everyone_comes(seed: int) -> None:
    clinic, rota = any_week(seed)
    for diary in rota.diaries:
        text = said(page(clinic, rota, diary.clinician), ALL_COME)
        plan = timetable(clinic, diary)
        minutes = [clinic.appointments[i].minutes for i in plan.appointments]
        told = tell(plan, [True] * len(minutes), minutes)
        if not minutes:
            assert text == "You have no bookings, so no one can come."
            continue
        assert ("go home on time" in text) == (not told.touched)
        assert f"You would see patients for {lasting(sum(minutes))}." in text
        over = sum(minutes) > clinic.clinicians[diary.clinician].ceiling
        assert ("past it" in text) == over


def a_double(reserve: bool) -> tuple[Clinic, Rota]:
    """Two half-hours at once, both come 0.6 x 0.5 = 0.3 of the time; then a reserve, or a break at once."""
    policy = doubling(max_unreserved_risk=0.0 if reserve else 0.5)
    pair = [an_appointment(minutes=30, attendance=p, double_bookable=True) for p in (600, 500)]
    clinic = a_clinic(a_clinician(target=30, ceiling=40, policy=policy), pair)
    kept = "| reserve 30 " if reserve else ""
    return clinic, a_rota(clinic, c1=f"Mon 09:00 a1+a2 {kept}| break 10 | admin 30 | free")


def test_a_double_with_a_reserve_is_told_with_its_chance_and_its_time() -> None:
    clinic, rota = a_double(reserve=True)
    shown = page(clinic, rota, 0)
    assert said(shown, DOUBLES) == (
        "On Monday at 09:00 you have 2 bookings at once. They all come about 30 times in 100. "
        "If they do, you see the next one in the 30 minutes kept free after it."
    )
    assert "You would still keep every break and your time for notes, and go home on time." in said(
        shown, ALL_COME
    )
    # 60 minutes if both come, over the limit of 40 with probability 0.3.
    assert "So a full week would go 20 minutes past it. You go past it in about 30 weeks in 100." in said(
        shown, ALL_COME
    )


def test_a_double_without_a_reserve_says_which_day_suffers_and_how_often() -> None:
    clinic, rota = a_double(reserve=False)
    shown = page(clinic, rota, 0)
    assert "On Monday you would run into a break, your notes, a meeting, or the end of your day." in said(
        shown, ALL_COME
    )
    chances = said(shown, CHANCES)
    assert "In about 30 weeks in 100, a break is cut short." in chances
    assert "In about 30 weeks in 100, your time for notes is cut short." in chances
    assert "There is no week in which you finish a shift late." in chances


def test_free_time_that_follows_a_double_is_not_denied() -> None:
    clinic, _ = a_double(reserve=False)
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | free 30 | break 10 | admin 30 | free")
    assert said(page(clinic, rota, 0), DOUBLES).endswith("The 30 minutes after it happen to be free.")
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | break 10 | admin 30 | free")
    assert said(page(clinic, rota, 0), DOUBLES).endswith("No time is kept free after it.")


def test_sessions_that_run_over_are_counted_and_said() -> None:
    policy = Policy(overrun=((0, 0.8), (10, 0.2)))
    clinic = a_clinic(a_clinician(policy=policy), appointments(1, minutes=60, attendance=1000))
    rota = a_rota(clinic, c1="Mon 09:00 free 180 | a1")
    shown = page(clinic, rota, 0)
    assert "In about 20 weeks in 100, you finish a shift late." in said(shown, CHANCES)
    assert "you would stay late for 2 minutes a week" in said(shown, CHANCES)
    assert "about 20 times in 100 a session takes longer than booked" in said(shown, CHANCES)


def test_a_gap_to_the_target_is_put_on_the_plan_and_not_on_the_person() -> None:
    clinic = a_clinic(a_clinician(target=240, ceiling=260), appointments(1, minutes=60, attendance=500))
    shown = page(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free"), 0)
    # 240 - 30 expected = 210.
    assert (
        "We expect 3 hours 30 minutes less than that. The gap is in the plan and not in your work."
        in said(shown, "Your week")
    )


def test_a_rule_that_the_diary_breaks_is_named_first_and_protects_nothing() -> None:
    # Two 60-minute appointments without a break between them: 120 minutes of contact, the limit is 90.
    clinic = a_clinic(a_clinician(), appointments(2))
    shown = page(clinic, a_rota(clinic, c1="Mon 09:00 a1 | a2 | break 10 | admin 30 | free"), 0)
    assert shown.sections[0].heading == BROKEN
    assert "120 minutes of contact" in said(shown, BROKEN)
    assert "(breaks)" not in said(shown, PROTECTS)
    assert "(contacts)" in said(shown, PROTECTS)


def test_another_clinicians_breach_is_not_mine() -> None:
    clinic = a_clinic([a_clinician(), a_clinician()], appointments(2))
    rota = a_rota(clinic, c2="Mon 09:00 a1 | a2 | free")
    assert page(clinic, rota, 0).sections[0].heading == "Your week"
    assert page(clinic, rota, 1).sections[0].heading == BROKEN


@pytest.mark.parametrize("seed", range(60))
def test_every_rule_is_told_with_the_figures_of_this_diary(seed: int) -> None:
    clinic, rota = any_week(seed)
    for diary in rota.diaries:
        clinician, text = (
            clinic.clinicians[diary.clinician],
            said(page(clinic, rota, diary.clinician), PROTECTS),
        )
        runs = re.search(r"Your longest stretch is ([\w ]+)\. \(breaks\)", text)
        assert runs is not None
        minutes = [clinic.appointments[i].minutes for entry in diary.entries for i in entry.appointments]
        # No run is longer than the limit, or than the one long session.
        allowed = {lasting(m) for m in range(clinician.policy.max_contact_run_minutes + 1)}
        assert runs[1] in allowed | {lasting(m) for m in minutes}
        risk = diary_risk(clinic, diary)
        assert f"This plan does so in {weeks(risk.p_above_ceiling)}. (overload)" in text
        notes = sum(entry.minutes for entry in diary.entries if entry.kind == "admin")
        assert (f"You have {lasting(notes)} for notes this week." in text) or not notes


def test_days_are_written_down_entry_by_entry() -> None:
    clinician = a_clinician(commitments=(commitment("Mon 11:00-12:00", "supervision"),))
    seen = [an_appointment(minutes=30, mode="telephone", intense=True)]
    clinic = a_clinic(clinician, seen)
    rota = a_rota(clinic, c1="Mon 09:00 a1 | break 10 | admin 80 | commitment 60 | free")
    (day,) = page(clinic, rota, 0).days
    assert (day.name, day.date) == ("Monday", "2026-11-30")
    assert day.summary == (
        "You work 09:00 to 13:00. You have 1 booking, 30 minutes with patients. "
        "There is time for 1 break and 1 hour 20 minutes for notes."
    )
    assert [(row.start, row.end, row.what) for row in day.rows] == [
        ("09:00", "09:30", "a1, 30 minutes, by phone, demanding"),
        ("09:30", "09:40", "break"),
        ("09:40", "11:00", "time for notes"),
        ("11:00", "12:00", "supervision"),
        ("12:00", "13:00", "free"),
    ]


def test_a_page_says_whether_a_person_has_agreed_to_the_plan_and_nothing_else_differs() -> None:
    clinic = a_clinic(a_clinician(), appointments(1))
    rota = a_rota(clinic, c1="Mon 09:00 a1 | break 10 | admin 30 | free")
    draft = page(clinic, rota, 0, standing="draft")
    published = page(clinic, rota, 0, standing="published")
    replaced = page(clinic, rota, 0, standing="superseded")
    wrong = "If a day looks wrong to you, tell your booking team."
    assert page(clinic, rota, 0) == draft
    assert said(draft, AGREE) == f"A person has to agree to this plan first. {wrong}"
    assert said(published, AGREED) == f"A person has agreed to this plan, and it is published. {wrong}"
    assert (draft.sections[:-1], draft.days) == (published.sections[:-1], published.days)
    assert (draft.sections[-1].heading, published.sections[-1].heading) == (AGREE, AGREED)
    assert said(replaced, REPLACED) == f"Another plan for this week has taken its place. {wrong}"
    assert replaced.sections[:-1] == draft.sections[:-1]
    assert max(age(said(published, AGREED)), age(said(replaced, REPLACED))) <= 12


def test_an_empty_week_says_so() -> None:
    clinic = a_clinic([a_clinician(target=0, ceiling=0), a_clinician(shifts=())])
    rota = a_rota(clinic)
    assert said(page(clinic, rota, 0), "Your week") == "You have no bookings this week."
    assert page(clinic, rota, 1).days == ()
    assert said(page(clinic, rota, 1), CHANCES) == "With no bookings, nothing can run over."


@pytest.mark.parametrize(
    ("chance", "text"),
    [(0.0, "no week"), (1e-9, "fewer than 1 week in 100"), (0.0049, "fewer than 1 week in 100"),
     (0.0051, "about 1 week in 100"), (0.0649, "about 6 weeks in 100"), (0.5, "about 50 weeks in 100"),
     (0.996, "more than 99 weeks in 100"), (1 - 1e-12, "more than 99 weeks in 100"), (1.0, "every week")],
)  # fmt: skip
def test_a_chance_that_is_not_sure_never_sounds_sure(chance: float, text: str) -> None:
    assert weeks(chance) == text
    assert times(0.3) == "about 30 times in 100"


def test_numbers_are_put_into_words() -> None:
    assert [lasting(m) for m in (0, 1, 60, 61, 150.5)] == [
        "0 minutes", "1 minute", "1 hour", "1 hour 1 minute", "2 hours 31 minutes",
    ]  # fmt: skip
    assert roughly(157.4) == "2 hours 35 minutes"
    assert [listed(x) for x in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.fixture
def best(tmp_path: Path) -> Path:
    """The best rota of the smallest week, in a file."""
    question = tiny()
    written = tmp_path / "rota.json"
    written.write_bytes(to_bytes(document(question, solved(question.clinic, best_of_tiny(question.clinic)))))
    return written


def test_the_command_prints_the_page(best: Path) -> None:
    ran = CliRunner().invoke(app, ["page", str(TINY), str(best), "--clinician", "c1"])
    assert (ran.exit_code, ran.stderr) == (0, "")
    question = tiny()
    assert ran.stdout == page_text(page(question.clinic, best_of_tiny(question.clinic), 0))
    assert "A person has to agree to this plan first." in ran.stdout
    as_json = CliRunner().invoke(app, ["page", str(TINY), str(best), "--clinician", "c1", "--json"])
    assert [s["heading"] for s in json.loads(as_json.stdout)["sections"]][:2] == ["Your week", ALL_COME]


def test_the_command_knows_the_state_of_a_rota_that_the_service_tells(best: Path, tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    words = ["page", str(TINY), str(job), "--clinician", "c1"]
    question = tiny()
    for standing in get_args(Standing):
        job.write_text(json.dumps({"publication": standing, "rota": json.loads(best.read_bytes())}))
        shown = page(question.clinic, best_of_tiny(question.clinic), 0, standing=standing)
        assert CliRunner().invoke(app, words).stdout == page_text(shown)
    job.write_text('{"publication": null, "rota": null}')
    ran = CliRunner().invoke(app, words)
    assert (ran.exit_code, ran.stderr) == (2, "The job has no rota.\n")


def test_the_command_knows_its_clinicians(best: Path) -> None:
    ran = CliRunner().invoke(app, ["page", str(TINY), str(best), "--clinician", "nobody"])
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "no clinician of that name" in ran.stderr
