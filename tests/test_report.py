"""The report: one page that stands alone, says what the rota says, and can be read without seeing it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from matplotlib.colors import LinearSegmentedColormap
from typer.testing import CliRunner

from solver.answer import document, to_bytes
from solver.answer.reading import read_rota
from solver.backtest import predicted
from solver.cli import app
from solver.explain.why_unplaced import Unplacements
from solver.make import request_bytes
from solver.question.clinic import Clinic, Policy
from solver.question.faults import BadRequest
from solver.question.reading import Question, read_request
from solver.question.when import WEEKDAYS
from solver.report import read_week, report_html, report_plots
from solver.report.bars import levers
from solver.report.drawing import luminance, readable_on
from solver.report.heat import _HOURS, _LOAD, _RISK
from solver.report.words import hours, hours_at_most, percent
from solver.rota import Rota
from solver.search.clerk import clerk
from tests.answers import TINY, a_question, best_of_tiny, no_rota, solved, tiny
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, doubling

CSS = (Path(__file__).parents[1] / "solver" / "report" / "templates" / "report.css").read_text()
VOID = {"meta", "br", "path", "use", "rect", "circle", "line", "ellipse", "image"}
Json = dict[str, Any]


class Reader(HTMLParser):
    """A page as a reader without eyes has it: elements in order, tables as cells, and what is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"th", "td"}:
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)
        if self.open and {"th", "td"} & set(self.open):
            self.tables[-1][-1][-1] += data.strip()

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def table(self, *titles: str) -> dict[str, list[str]]:
        """The rows of the table with these titles, by their heading."""
        (found,) = [table for table in self.tables if tuple(table[0][: len(titles)]) == titles]
        return {row[0]: row[1:] for row in found[1:]}


def told(clinic: Clinic, rota: Rota) -> Json:
    return document(a_question(clinic), solved(clinic, rota))


def page_of(told: Json, question: Question | None = None) -> str:
    return report_html(read_week(json.dumps(told), question, why_seconds=0.0))


@lru_cache
def made(flavour: str = "doubles", clinicians: int = 3) -> tuple[Question, bytes]:
    question = read_request(request_bytes(clinicians, 30 * clinicians, 5, flavour))
    return question, to_bytes(document(question, solved(question.clinic, clerk(question.clinic))))


@lru_cache
def a_page(flavour: str = "doubles") -> str:
    question, written = made(flavour)
    return report_html(read_week(written, question, why_seconds=0.0))


LEVERS = [
    {"lever": "clinician_day", "detail": "One more day.", "gain_minutes": 250.5, "gain_bound_minutes": 300.0},
    {"lever": "admin", "detail": "Fewer notes.", "gain_minutes": 20.0, "gain_bound_minutes": 400.0},
]


def with_levers(written: bytes) -> Json:
    changed: Json = json.loads(written)
    changed["verdict"]["levers"] = [
        lever | {"weakens_protection": lever["lever"] == "admin"} for lever in LEVERS
    ]
    changed["verdict"]["binding"] = ["breaks"]
    changed["verdict"]["not_binding"] = ["booked_ceiling", "rooms"]
    return changed


@pytest.fixture(scope="module", params=["request", "rota alone", "levers", "nothing", "night"])
def page(request: pytest.FixtureRequest) -> str:
    """Pages of every kind."""
    question, written = made()
    if request.param == "request":
        return a_page()
    if request.param == "rota alone":
        return report_html(read_week(written))
    if request.param == "levers":
        return page_of(with_levers(written), question)
    if request.param == "nothing":
        return page_of(document(question, no_rota()), None)
    night = a_clinic(a_clinician(shifts=("Mon 22:00-23:30", "Sun 09:00-12:00")), appointments(2))
    return page_of(
        told(night, a_rota(night, c1="Mon 22:00 a1 | break 10 | free\nSun 09:00 a2 | admin 30 | free"))
    )


def test_the_page_is_well_formed_and_stands_alone(page: str) -> None:
    reader = Reader(page)
    assert reader.crossed == []
    assert reader.open == []
    assert page.startswith("<!DOCTYPE html>")
    assert not re.search(r"https?:|//|@import|url\((?!#)|\bsrc=|<script|<link|<iframe|\bon\w+=", page)
    assert "default-src 'none'" in page
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [(a.get("href") or a.get("xlink:href") or "#") for a in reader.all("a", "use")]
    assert {link.removeprefix("#") for link in links} - {""} <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_the_page_can_be_read_without_seeing_it(page: str) -> None:
    reader = Reader(page)
    assert reader.all("html")[0]["lang"] == "en-GB"
    levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") in {"col", "row"} for attributes in reader.all("th"))
    assert len(reader.all("table")) == len(reader.all("caption"))
    pictures = [a for a in reader.all("div") if a.get("role") == "img"]
    assert len(pictures) == len(reader.all("svg")) >= 4
    assert all(len(a["aria-label"] or "") > 40 for a in pictures)
    assert all(a["aria-hidden"] == "true" for a in reader.all("svg"))
    ids = {attributes.get("id") for _, attributes in reader.elements}
    assert {a["aria-labelledby"] for _, a in reader.elements if "aria-labelledby" in a} <= ids
    # Whoever comes by keyboard can reach what scrolls, and skip to the report.
    assert all(a.get("tabindex") == "0" for a in reader.all("div") if a.get("class") == "scroll")
    assert reader.all("a")[0]["href"] == "#main"


def test_each_plot_has_a_table_beside_it(page: str) -> None:
    for part in page.split("</figure>")[1:]:
        assert '<div class="scroll"' in part[:40]


def test_the_hours_are_those_of_the_rota() -> None:
    _, written = made()
    rows = Reader(a_page()).table("Clinician", "Target", "Ceiling", "Expected")
    for diary in json.loads(written)["diaries"]:
        risk, row = diary["risk"], rows[diary["clinician"]]
        assert row[:3] == [
            hours(diary["target_minutes"]),
            hours(diary["ceiling_minutes"]),
            hours(risk["expected_delivered_minutes"]),
        ]
        assert row[5:8] == [
            hours(risk["worst_case_minutes"]),
            percent(risk["p_below_target"]),
            percent(risk["p_above_ceiling"]),
        ]


def a_risky_week() -> tuple[Clinic, Rota]:
    """Monday: a double (0.6 x 0.5) before a break; Tuesday: one patient, then free time."""
    policy = doubling(overrun=((0, 0.5), (10, 0.5)))
    clinician = a_clinician(shifts=("Mon 09:00-13:00", "Tue 09:00-13:00"), policy=policy)
    chances = (600, 500, 800)
    wanted = [an_appointment(minutes=30, attendance=p, double_bookable=True) for p in chances]
    clinic = a_clinic(clinician, wanted)
    rows = "Mon 09:00 a1+a2 | break 10 | admin 60 | free\nTue 09:00 a3 | free 60 | admin 30 | free"
    return clinic, a_rota(clinic, c1=rows)


def test_the_map_of_risks_holds_the_chance_of_each_day() -> None:
    clinic, rota = a_risky_week()
    page = page_of(told(clinic, rota), a_question(clinic))
    row = Reader(page).table("Clinician", "Mon 30 Nov", "Tue 1 Dec", "Over ceiling")["c1"]
    # Monday 09:30: both come 0.30; or one of them comes (0.5) and runs over (0.5): 0.55 in all.
    assert row[:2] == ["55\u00a0%", "0\u00a0%"]
    said = predicted(clinic, rota).chances
    assert [row[i] for i in (0, 1)] == [percent(said["p_promise_touched", f"c1 {d}"]) for d in WEEKDAYS[:2]]
    assert "On the worst day, promised time is cut into with a chance of 55\u00a0%" in page
    # Without the request nothing is known of sessions that run over.
    alone = page_of(told(clinic, rota))
    assert Reader(alone).table("Clinician", "Mon 30 Nov", "Tue 1 Dec", "Over ceiling")["c1"][0] == "30\u00a0%"
    assert "Sessions are taken to last as booked." in alone


def test_the_promise_is_not_said_to_be_kept_where_one_who_never_comes_would_break_it() -> None:
    wanted = [an_appointment(minutes=30, attendance=p) for p in (1000, 0)]
    clinic = a_clinic(a_clinician(policy=Policy(max_per_slot=2)), wanted)
    page = page_of(told(clinic, a_rota(clinic, c1="Mon 09:00 a1+a2 | break 10 | admin 60 | free")))
    assert "even if every patient comes" not in page
    kept = page_of(
        told(clinic, a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | break 10 | admin 60 | free"))
    )
    assert "No break, lunch, notes or end of a shift is cut into, even if every patient comes" in kept


def test_a_rota_that_breaks_rules_says_so_and_one_without_its_request_is_not_called_checked() -> None:
    clinic, rota = a_risky_week()
    assert "This rota breaks rules: " in page_of(told(clinic, rota), a_question(clinic))
    assert "The rules were not checked again" in page_of(told(clinic, rota))
    assert "The rules were checked again: no breaches." in a_page()


def test_levers_are_shown_with_those_that_weaken_protection_marked() -> None:
    question, written = made()
    page = page_of(with_levers(written), question)
    rows = Reader(page).table("Lever")
    assert rows["clinician day"] == ["One more day.", "4.2\u00a0h", "5.0\u00a0h", "no"]
    assert rows["admin"][-1] == "weakens a clinician's protection"
    assert "<strong>breaks</strong>: Between two breaks a clinician has no more contact than" in page
    assert "The most is gained by clinician day: 4.2\u00a0h." in page
    assert "No levers were measured for this rota." in a_page()


def test_rules_that_are_proven_not_to_bind_are_told_from_those_of_which_nothing_is_known() -> None:
    question, written = made()
    page = page_of(with_levers(written), question)
    assert "Proven to gain nothing if any one of them were gone: booked ceiling, rooms. Not known: " in page
    unknown = page.split("Not known: ")[1].split(".")[0].split(", ")
    assert "lunch" in unknown
    assert not {"breaks", "booked ceiling", "rooms"} & set(unknown)
    # Nothing was found out about any rule of this one.
    assert "Not known: " not in a_page()


def test_levers_of_one_name_are_told_apart_and_one_without_gain_is_marked_in_the_picture() -> None:
    question, written = made()
    changed = with_levers(written)
    day, admin = changed["verdict"]["levers"]
    admin |= {"gain_minutes": 0.0, "gain_bound_minutes": 0.0}
    changed["verdict"]["levers"] = [day, day | {"detail": "Another day."}, admin]
    week = read_week(json.dumps(changed), question, why_seconds=0.0)
    plot = levers(week)
    assert plot is not None
    labels = [label.get_text() for label in plot.figures[0].axes[0].get_yticklabels()]
    assert labels == ["clinician day 1", "clinician day 2", "admin\n(weakens protection)"]
    assert [row[0] for row in plot.tables[0].rows] == ["clinician day 1", "clinician day 2", "admin"]


def test_what_is_proven_to_be_no_more_is_never_rounded_down() -> None:
    # 302 minutes are 5.03 hours, and 1199 are 19.98 hours: of neither is 5.0 or 19.9 the most.
    _, written = made()
    changed = with_levers(written)
    changed["verdict"] |= {
        "attainable": None,
        "attainable_minutes": 1000.0,
        "attainable_bound_minutes": 1199.0,
    }
    changed["verdict"]["levers"][0]["gain_bound_minutes"] = 302.0
    page = page_of(changed)
    assert Reader(page).table("Lever")["clinician day"][2] == "5.1\u00a0h"
    assert "No rota under these rules reaches more than 20.0\u00a0h." in page
    assert [hours_at_most(m) for m in (0.0, 300.0, 300.0000001, 300.1)] == [
        f"{said}\u00a0h" for said in ("0.0", "5.0", "5.0", "5.1")
    ]
    assert hours_at_most(75.0, 75.0) == hours(75.0)


def test_a_lever_that_weakens_protection_is_never_named_as_what_gains_most() -> None:
    _, written = made()
    changed = with_levers(written)
    changed["verdict"]["levers"][0]["gain_minutes"] = 1.0
    changed["verdict"]["levers"][1]["gain_minutes"] = 300.0
    page = page_of(changed)
    assert "None that leaves protection as it is was found to gain as much as 3 minutes." in page
    assert "The most is gained by" not in page


def test_everyone_who_is_not_placed_is_listed_by_reason() -> None:
    _, written = made()
    left = json.loads(written)["unplaced"]
    (table,) = [t for t in Reader(a_page()).tables if t[0][0] == "Reason"]
    assert sorted(name for row in table[1:] for name in row[3].split(", ")) == sorted(
        u["appointment"] for u in left
    )
    assert sum(int(row[1]) for row in table[1:]) == len(left) > 0


def test_every_entry_of_every_diary_is_there() -> None:
    _, written = made()
    text = " ".join(" ".join(Reader(a_page()).text).split())
    for booking in json.loads(written)["bookings"]:
        assert re.search(rf"{booking['start'][11:16]} – \d\d:\d\d [^–]*\b{booking['appointment']}\b", text)


def test_no_patient_is_named() -> None:
    question, written = made()
    hidden = tuple(replace(a, patient=f"secret-{a.index}") for a in question.clinic.appointments)
    clinic = replace(question.clinic, appointments=hidden)
    assert "secret" not in report_html(read_week(written, replace(question, clinic=clinic), why_seconds=0.0))
    names = {a.patient for a in question.clinic.appointments}
    assert not names & set(re.findall(r"[\w.-]+", a_page()))


def test_what_a_rota_says_is_text_and_never_markup() -> None:
    _, written = made()
    changed = with_levers(written)
    attack = "<script>alert(1)</script> & \"quotes\" 'too'"
    changed["unplaced"][0]["reason"] = attack
    changed["verdict"]["levers"][0]["detail"] = attack
    page = page_of(changed)
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp;") == 2


def test_equal_rotas_give_equal_bytes() -> None:
    question, written = made()
    assert report_html(read_week(written, question, why_seconds=0.0)) == a_page()


def test_a_large_service_is_drawn_in_parts_that_fit_a_page() -> None:
    clinic = a_clinic([a_clinician() for _ in range(60)], appointments(60, minutes=30))
    rota = a_rota(clinic, **{f"c{i}": f"Mon 09:00 a{i} | break 10 | free" for i in range(1, 61)})
    week = read_week(json.dumps(told(clinic, rota)))
    names = [name for name, _ in report_plots(week)]
    assert [name for name in names if name.startswith("week-board")] == [f"week-board-{i}" for i in (1, 2, 3)]
    assert "part 3 of 3" in report_html(week)


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_ratio_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_text_stands_out_from_what_is_behind_it() -> None:
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", CSS))
    behind = {"#ffffff", named["pale"], *re.findall(r"background: (#[0-9a-f]{6})", CSS)}
    for front in (named["ink"], named["soft"], named["accent"]):
        assert all(contrast(front, back) >= 4.5 for back in behind)


@pytest.mark.parametrize("colours", [_LOAD, _RISK, _HOURS], ids=["load", "risk", "hours"])
def test_numbers_stand_out_from_every_colour_of_a_heat_map(colours: LinearSegmentedColormap) -> None:
    for step in range(101):
        red, green, blue, _ = colours(step / 100)
        behind = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
        assert contrast(behind, readable_on(behind)) >= 4.5


def test_with_the_request_no_figure_of_the_rota_is_believed() -> None:
    question, written = made()
    forged = json.loads(written)
    forged["cost"] = 1.0
    forged["terms"] = []
    forged["risk"]["p_any_above_ceiling"] = 0.5
    for diary in forged["diaries"]:
        diary["target_minutes"] = 60
        diary["risk"] |= {"score": 99, "band": "high", "expected_delivered_minutes": 1.0}
    for booking in forged["bookings"]:
        booking["risk"]["attendance"] = 0.001
    assert page_of(forged, question) == report_html(read_week(written, question, why_seconds=0.0))


def test_a_rota_made_by_hand_is_reported_with_its_request_and_said_to_be() -> None:
    question, written = made()
    bare = {name: json.loads(written)[name] for name in ("bookings", "unplaced", "diaries")}
    for part in (*bare["bookings"], *bare["diaries"]):
        part.pop("risk")
    page, ours = page_of(bare, question), a_page()
    assert "Made by hand; how far it is from the best there is was not looked into." in page
    assert "ortools" not in page
    for title in ("Clinician", "Term"):
        assert [t for t in Reader(page).tables if t[0][0] == title] == [
            t for t in Reader(ours).tables if t[0][0] == title
        ]
    with pytest.raises(BadRequest):
        page_of(bare)


def test_a_rota_made_by_hand_that_breaks_rules_reaches_nothing() -> None:
    question, written = made()
    bare = {name: json.loads(written)[name] for name in ("bookings", "unplaced", "diaries")}
    for entry in (entry for diary in bare["diaries"] for entry in diary["entries"]):
        entry["kind"] = "free" if entry["kind"] in {"lunch", "break"} else entry["kind"]
    page = page_of(bare, question)
    assert "This rota breaks rules: " in page
    assert "best found" not in page
    assert "It is not settled whether the targets" in page
    bare["diaries"] = []
    with pytest.raises(BadRequest) as refused:
        page_of(bare, question)
    assert {fault.code for fault in refused.value.faults} == {"not_in_a_diary"}


def test_what_is_not_a_rota_is_refused_with_its_faults() -> None:
    with pytest.raises(BadRequest) as refused:
        read_week('{"outcome": "optimal"}')
    assert {fault.pointer for fault in refused.value.faults} >= {"/bookings", "/diaries", "/verdict"}
    with pytest.raises(BadRequest):
        read_week("not json")


def test_a_diary_that_shows_what_is_not_booked_is_refused_at_its_place() -> None:
    _, written = made()
    changed: Json = json.loads(written)
    gone = changed["bookings"].pop(0)["appointment"]
    with pytest.raises(
        BadRequest, match=f"{gone} is shown in a slot and is not among the bookings"
    ) as refused:
        read_week(json.dumps(changed))
    (fault,) = refused.value.faults
    place, row = (int(part) for part in fault.pointer.split("/")[2::2])
    assert gone in changed["diaries"][place]["entries"][row]["appointments"]


@pytest.fixture
def best(tmp_path: Path) -> Path:
    """The best rota of the smallest week, in a file."""
    question = tiny()
    written = tmp_path / "rota.json"
    written.write_bytes(to_bytes(document(question, solved(question.clinic, best_of_tiny(question.clinic)))))
    return written


def test_the_command_writes_the_page_and_the_pictures(best: Path, tmp_path: Path) -> None:
    page, pictures = tmp_path / "week.html", tmp_path / "plots"
    words = ["report", str(TINY), str(best), "-o", str(page), "--png", str(pictures)]
    ran = CliRunner().invoke(app, words)
    assert (ran.exit_code, ran.stdout, ran.stderr) == (0, "", "")
    assert page.read_text() == report_html(read_week(best.read_bytes(), tiny()))
    drawn = sorted(picture.stem for picture in pictures.iterdir())
    assert drawn == ["delivered-hours", "full-days", "risk-map", "unplaced", "verdict", "week-board"]
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures.iterdir())


def test_the_command_says_that_a_plan_waits_for_a_person_only_where_it_is_a_draft(
    best: Path, tmp_path: Path
) -> None:
    said = {}
    for standing in ("draft", "published", "superseded"):
        job = tmp_path / f"{standing}.json"
        job.write_text(json.dumps({"publication": standing, "rota": json.loads(best.read_bytes())}))
        said[standing] = CliRunner().invoke(app, ["report", str(TINY), str(job)]).stdout
    first, agreed = "A person has to agree to this plan first.", "A person has agreed to this plan"
    assert {name: (first in page, agreed in page) for name, page in said.items()} == {
        "draft": (True, False),
        "published": (False, True),
        "superseded": (False, False),
    }
    assert said["draft"] == report_html(read_week(best.read_bytes(), tiny()))


def test_the_command_needs_no_request(best: Path) -> None:
    ran = CliRunner().invoke(app, ["report", str(best)])
    assert ran.exit_code == 0
    assert ran.stdout == report_html(read_week(best.read_bytes()))


def test_the_command_says_what_is_wrong_with_its_files(best: Path, tmp_path: Path) -> None:
    for words in (["report", str(TINY)], ["report", str(best), str(best), str(best)], ["report", "-", "-"]):
        ran = CliRunner().invoke(app, words)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert ran.stderr
    nowhere = tmp_path / "no" / "page.html"
    assert CliRunner().invoke(app, ["report", str(best), "-o", str(nowhere)]).exit_code == 2


def test_the_most_urgent_who_are_not_placed_are_explained_one_by_one() -> None:
    question, written = made("mixed", 2)
    week = read_week(written, question, why_seconds=60.0)
    assert week.whys is not None
    left = [
        next(a for a in question.clinic.appointments if a.id == u.appointment) for u in week.document.unplaced
    ]
    assert week.whys.more == len(left) - len(week.whys.rows)
    first = sorted(left, key=lambda a: (-a.urgency, -a.waiting_days, a.index))[: len(week.whys.rows)]
    assert [row[0] for row in week.whys.rows] == [a.id for a in first]
    shown = Reader(report_html(week)).table("Appointment", "Urgency")
    unplacements = Unplacements(question, read_rota(question.clinic, written))
    for one in first[:3]:
        found = unplacements.explained(one.index, 1)
        _, why, near, change = shown[one.id]
        assert found.reason in why
        assert near.count(" with ") == len(found.nearest)
        assert change == (
            found.smallest.text if found.smallest else "None was found that weakens no protection."
        )


def test_where_time_is_short_one_is_explained_and_the_page_says_how_many_are_not() -> None:
    question, written = made("mixed", 2)
    week = read_week(written, question, why_seconds=0.0)
    assert week.whys is not None
    assert len(week.whys.rows) == 1
    assert f"{len(week.document.unplaced) - 1} others stand in the table above" in report_html(week)


def test_a_lever_that_was_not_measured_is_no_lever_without_gain() -> None:
    changed = with_levers(made()[1])
    changed["verdict"]["levers"][0] |= {"gain_minutes": 0.0, "measured": False}
    page = page_of(changed)
    assert Reader(page).table("Lever")["clinician day"][1] == "not measured"
    assert "but for 1 for which there was no time" in page
