"""The checker: structure of any rota, no solver, never at a loss."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from solver.check import breaches
from solver.question.clinic import Clinic
from solver.rota import KINDS, Booking, Diary, Entry, Rota, Unplaced
from solver.rules import HARD, cost
from solver.rules.rule import Breach, HardRule
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, commitment, rota_of
from tests.hand_built import a_week_with_doubles


def structure(clinic: Clinic, rota: Rota) -> list[Breach]:
    return [b for b in breaches(clinic, rota) if b.rule in {"conservation", "diary"}]


def of_entries(clinic: Clinic, *rows: Entry) -> list[Breach]:
    return structure(clinic, rota_of(clinic, [Diary(0, rows)]))


def test_a_week_with_nothing_booked_keeps_every_rule() -> None:
    clinic = a_clinic([a_clinician(), a_clinician(shifts=())], appointments(2))
    assert breaches(clinic, a_rota(clinic)) == ()


def test_a_week_with_nobody_and_nothing_keeps_every_rule() -> None:
    clinic = a_clinic([])
    assert breaches(clinic, Rota((), (), ())) == ()
    assert cost(clinic, Rota((), (), ())) == 0


def test_every_broken_rule_is_reported_by_its_name() -> None:
    # Two hours on end without a break (120 > 90), 15 minutes of notes and no admin, and the wrong language.
    wanted = [an_appointment(admin=15), an_appointment(language="pl")]
    clinic = a_clinic(a_clinician(languages=frozenset({"en"})), wanted)
    rota = a_rota(clinic, c1="Mon 09:00 a1 | a2 | free")
    assert {b.rule for b in breaches(clinic, rota)} == {"breaks", "admin", "eligible"}


def test_an_appointment_is_booked_or_unplaced_and_never_neither() -> None:
    clinic = a_clinic(a_clinician(), appointments(1))
    (breach,) = breaches(clinic, replace(a_rota(clinic), unplaced=()))
    assert breach == Breach(
        "conservation", None, None, "Appointment a1 is booked 0 times and unplaced 0 times, not once in all."
    )


def test_an_unplaced_appointment_has_a_reason() -> None:
    clinic = a_clinic(a_clinician(), appointments(1))
    rota = replace(a_rota(clinic), unplaced=(Unplaced(0, "no_capacity", ""),))
    (breach,) = breaches(clinic, rota)
    assert breach.text == "Appointment a1 is unplaced without a reason."


def test_bookings_and_diaries_say_the_same() -> None:
    clinic = a_clinic(a_clinician(), appointments(1))
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free")
    later = replace(rota, bookings=(Booking(0, 0, 600),))
    assert [b.text for b in structure(clinic, later)] == [
        "Appointment a1 at Mon 09:00 stands 0 times in the bookings and 1 times in the diary of c1.",
        "Appointment a1 at Mon 10:00 stands 1 times in the bookings and 0 times in the diary of c1.",
    ]


def test_every_minute_of_a_shift_is_in_the_diary() -> None:
    # The shift is 09:00-13:00, 540-780.
    clinic = a_clinic(a_clinician())
    assert of_entries(clinic, Entry("free", 540, 780)) == []
    (early,) = of_entries(clinic, Entry("free", 540, 775))
    (hole,) = of_entries(clinic, Entry("free", 540, 600), Entry("free", 605, 780))
    assert early.text == "c1 at Mon 12:55: 5 minutes are left out of the diary."
    assert hole.text == "c1 at Mon 10:00: 5 minutes are left out of the diary."


def test_no_entry_leaves_its_shift() -> None:
    clinic = a_clinic(a_clinician(shifts=("Mon 09:00-13:00", "Mon 14:00-15:00")))
    (breach,) = of_entries(clinic, Entry("free", 540, 840), Entry("free", 840, 900))
    assert breach.text == "c1 at Mon 09:00: the free entry of 300 minutes does not lie inside one shift."


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ((Entry("tea", 540, 780),), "the tea entry is none of appointment, admin, break"),
        ((Entry("break", 540, 540), Entry("free", 540, 780)), "the break entry lasts 0 minutes"),
        ((Entry("break", 540, 552), Entry("free", 552, 780)), "not start and end at multiples of 5"),
        ((Entry("appointment", 540, 780),), "the appointment entry has 0 bookings"),
        ((Entry("admin", 540, 780, (0,)),), "the admin entry has 1 bookings"),
        ((Entry("appointment", 540, 780, (0,)),), "lasts 240 minutes and its longest booking 60"),
        ((Entry("free", 600, 780), Entry("free", 540, 600)), "free is listed after a later entry"),
    ],
    ids=["kind", "length", "step", "no booking", "booking in admin", "too long", "order"],
)
def test_what_an_entry_may_not_be(rows: tuple[Entry, ...], fault: str) -> None:
    clinic = a_clinic(a_clinician(), appointments(1))
    assert any(fault in breach.text for breach in of_entries(clinic, *rows))


def test_commitments_are_shown_as_their_union_inside_the_shift() -> None:
    # 08:00-09:30 and 09:20-10:00 overlap; inside the shift from 09:00 their union is 09:00-10:00.
    given = (commitment("Mon 08:00-09:30"), commitment("Mon 09:20-10:00", "training"))
    clinic = a_clinic(a_clinician(commitments=given))
    assert of_entries(clinic, Entry("commitment", 540, 600), Entry("free", 600, 780)) == []
    (short, other) = of_entries(clinic, Entry("commitment", 540, 570), Entry("free", 570, 780))
    assert short.text == "c1 at Mon 09:00: the commitment of 60 minutes is not shown as it was given."
    assert other.text == "c1 at Mon 09:00: a commitment of 30 minutes is shown that was not given."


def test_every_clinician_has_one_diary() -> None:
    clinic = a_clinic([a_clinician(shifts=()), a_clinician(shifts=())])
    rota = Rota((), (), (Diary(0, ()), Diary(0, ())))
    assert [b.text for b in structure(clinic, rota)] == [
        "c1 has 2 diaries, not 1.",
        "c2 has 0 diaries, not 1.",
    ]


def garbage(clinic: Clinic, rng: Random) -> Rota:
    """Anything at all whose places in the lists exist."""
    people, needs = range(len(clinic.clinicians)), range(len(clinic.appointments))

    def entry() -> Entry:
        start = rng.randrange(-100, 10_200)
        kind = rng.choice([*KINDS, "", "tea"])
        return Entry(
            kind, start, start + rng.randrange(-60, 600), tuple(rng.choices(needs, k=rng.randrange(4)))
        )

    bookings = [Booking(rng.choice(needs), rng.choice(people), rng.randrange(0, 1500, 5)) for _ in needs]
    unplaced = [Unplaced(i, "", "") for i in rng.choices(needs, k=3)]
    diaries = [Diary(rng.choice(people), tuple(entry() for _ in range(30))) for _ in range(3)]
    return Rota(tuple(bookings), tuple(unplaced), tuple(diaries))


@pytest.mark.parametrize("rule", HARD, ids=lambda rule: rule.NAME)
def test_no_rota_is_too_wrong_for_a_rule(rule: HardRule) -> None:
    clinic, _ = a_week_with_doubles()
    for seed in range(20):
        assert {b.rule for b in rule.breaches(clinic, garbage(clinic, Random(seed)))} <= {rule.NAME}


def test_no_rota_is_too_wrong_for_the_checker_or_the_cost() -> None:
    clinic, _ = a_week_with_doubles()
    for seed in range(50):
        rota = garbage(clinic, Random(seed))
        assert {"conservation", "diary"} <= {b.rule for b in breaches(clinic, rota)}
        assert cost(clinic, rota) >= 0


def test_no_breach_names_a_patient() -> None:
    clinic, _ = a_week_with_doubles()
    hidden = tuple(replace(a, patient=f"secret-{a.patient}") for a in clinic.appointments)
    clinic = replace(clinic, appointments=hidden)
    texts = [b.text for seed in range(20) for b in breaches(clinic, garbage(clinic, Random(seed)))]
    assert len(texts) > 100
    assert not [text for text in texts if "secret" in text]


def test_texts_are_whole_sentences() -> None:
    clinic, _ = a_week_with_doubles()
    for seed in range(20):
        for breach in breaches(clinic, garbage(clinic, Random(seed))):
            assert breach.text.endswith(".")
            assert "None" not in breach.text


def test_the_checker_and_all_below_it_load_no_solver() -> None:
    code = "import sys, solver.check; print(*sorted(m for m in sys.modules if m.split('.')[0] == 'ortools'))"
    root = Path(__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
