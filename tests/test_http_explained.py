"""Why a rota is as it is, asked over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction

import pytest

from api.problems import Refused
from api.routes.apart import APART, Late, apart
from api.routes.apart_work import AskedWhy
from api.routes.shapes_clashes import ClashList
from api.routes.shapes_diaries import PageDocument
from api.routes.shapes_score import ComparisonDocument, ScoreDocument
from api.routes.shapes_why import WhyDocument
from solver.question.reading import read_request
from tests.http_service import House, a_house, as_role
from tests.question_builders import Json, a_request, a_stretch, a_told_appointment, a_told_clinician
from tests.small import unkeepable_request

WEEK = "2026-11-30"
NINE = "2026-11-30T09:00:00%2B00:00"


def a_week(**changes: object) -> Json:
    """c01 and c02 on Monday; one appointment fits, and one is longer than any shift is open to it."""
    long = a_told_appointment(
        id="a2", patient="patient-two", minutes=60, windows=[a_stretch(30, "09:00", "09:30")]
    )
    week = a_request(
        clinicians=[a_told_clinician(), a_told_clinician(id="c02")],
        appointments=[a_told_appointment(patient="patient-one", clinician="c01"), long],
    )
    return week | changes


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def rota(house: House) -> str:
    return house.done(a_week())


def asked(house: House, path: str, who: str = "manager") -> Json:
    answer = house.ask("GET", path, who=who)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def refused(house: House, path: str, who: str = "manager") -> tuple[int, str, list[tuple[str, str]]]:
    answer = house.ask("GET", path, who=who)
    faults = [(fault["code"], fault["pointer"]) for fault in answer.json().get("faults", ())]
    return answer.status_code, answer.json()["code"], faults


def test_an_unplaced_appointment_is_told_why_and_what_would_place_it(house: House, rota: str) -> None:
    told = WhyDocument.model_validate(asked(house, f"/v1/rotas/{rota}/why?appointment=a2"))
    assert (told.about, told.booked, told.place, told.starts) == ("unplaced", None, None, None)
    assert told.unplaced is not None
    # Its window is half as long as it is, so no start is open, and a longer window would place it.
    assert (told.unplaced.open_starts, told.unplaced.complete) == (0, True)
    windows = next(one for one in told.unplaced.proposals if one.kind == "windows")
    assert [step.path for step in windows.patch] == ["/appointments/1/windows"]
    assert [one.appointment for one in windows.placed] == ["a2"]


def test_what_is_found_when_the_time_is_over_is_told_as_incomplete(house: House, rota: str) -> None:
    kept = house.ask("GET", f"/v1/rotas/{rota}").json()["rota"]
    asked_for = AskedWhy(json.dumps(a_week()).encode(), json.dumps(kept).encode(), "a2", None, None, 0.0)
    told = apart(house.service, "api.routes.apart_why:why", asked_for, 30.0)
    assert isinstance(told, dict)
    assert (told["unplaced"]["complete"], told["unplaced"]["proposals"]) == (False, [])


def test_what_takes_longer_than_it_may_is_ended_with_what_was_said(house: House) -> None:
    began = time.monotonic()
    with pytest.raises(Late) as late:
        apart(house.service, "tests.apart_for_ever:talk", None, 1.5)
    assert late.value.heard == ["a word"]
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(("how", "kind"), [("fail", RuntimeError), ("die", Refused)])
def test_a_failure_apart_is_told_without_what_it_was_given(
    house: House, how: str, kind: type[Exception], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(kind) as failure:
        apart(house.service, f"tests.apart_for_ever:{how}", "Quackenbush", 30.0)
    assert "Quackenbush" not in "".join([str(failure.value), *capfd.readouterr()])
    assert kind is RuntimeError or failure.value.headers["Retry-After"]  # type: ignore[attr-defined]


def test_a_proposed_patch_makes_a_request_that_reads_well(house: House, rota: str) -> None:
    told = asked(house, f"/v1/rotas/{rota}/why?appointment=a2")
    full = json.loads(read_request(json.dumps(a_week())).request.model_dump_json())
    (step,) = next(one for one in told["unplaced"]["proposals"] if one["kind"] == "windows")["patch"]
    full["appointments"][1]["windows"] = step["value"]
    assert house.ask("POST", "/v1/validate", json=full).json()["valid"] is True


def test_a_booked_appointment_is_told_every_start_that_is_open_to_it(house: House, rota: str) -> None:
    told = WhyDocument.model_validate(asked(house, f"/v1/rotas/{rota}/why?appointment=a1"))
    assert told.about == "starts"
    assert told.starts is not None
    # 30 minutes on a grid of 15 in a shift of 8 hours, 09:00 to 16:30, with its own clinician only.
    assert told.starts.open_starts == len(told.starts.starts) == 31
    assert {one.clinician for one in told.starts.starts} == {"c01"}
    booked = [one.start for one in told.starts.starts if one.fit == "booked"]
    assert told.booked is not None
    assert booked == [told.booked.start]


def test_one_place_is_told_what_forbids_it_or_what_comes_of_it(house: House, rota: str) -> None:
    path = f"/v1/rotas/{rota}/why?appointment=a1&start=2026-11-30T15:00:00%2B00:00&clinician="
    other = WhyDocument.model_validate(asked(house, f"{path}c02")).place
    own = WhyDocument.model_validate(asked(house, f"{path}c01")).place
    assert other is not None
    assert (other.fit, [one.rule for one in other.forbidden_by]) == ("forbidden", ["eligible"])
    assert own is not None
    assert (own.fit, own.forbidden_by) in [("stands", []), ("laid_out", [])]
    assert [one.clinician for one in own.risks] == ["c01"]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("", ("missing_parameter", "/appointment")),
        ("?appointment=Quackenbush", ("unknown_appointment", "/appointment")),
        (f"?appointment=a1&clinician=Quackenbush&start={NINE}", ("unknown_clinician", "/clinician")),
        ("?appointment=a1&clinician=c01", ("missing_parameter", "/start")),
        (f"?appointment=a1&start={NINE}", ("missing_parameter", "/clinician")),
        ("?appointment=a1&clinician=c01&start=Quackenbush", ("time_not_rfc3339", "/start")),
        ("?appointment=a1&clinician=c01&start=2026-12-07T09:00:00Z", ("outside_week", "/start")),
        ("?appointment=a1&seconds=31", ("invalid_parameter", "/seconds")),
        ("?appointment=a1&version=0", ("invalid_parameter", "/version")),
    ],
)
def test_what_cannot_be_asked_points_to_the_parameter(
    house: House, rota: str, query: str, fault: tuple[str, str]
) -> None:
    path = f"/v1/rotas/{rota}/why{query}"
    assert refused(house, path) == (422, "invalid_request", [fault])
    assert "Quackenbush" not in house.ask("GET", path).text


def test_the_score_adds_up_exactly_from_every_side(house: House, rota: str) -> None:
    told = ScoreDocument.model_validate(asked(house, f"/v1/rotas/{rota}/score"))
    whole = Fraction(told.exact_cost)
    assert whole > 0
    assert float(whole) == told.cost
    sides = (told.terms, told.by_clinician, told.by_date, told.by_appointment)
    for side in sides:
        assert sum(Fraction(one.exact_cost) for one in side) == whole
    assert sum(Fraction(part.exact.cost) for part in told.parts) == whole
    stored = house.ask("GET", f"/v1/rotas/{rota}").json()["rota"]["cost"]
    assert told.cost == pytest.approx(stored, abs=1e-9)


def test_another_version_of_the_week_is_named_by_its_number(tmp_path_factory: pytest.TempPathFactory) -> None:
    with a_house(tmp_path_factory.mktemp("versions")) as house:
        one = house.done(a_week())
        two = house.done(a_week(appointments=[a_told_appointment()]))
        assert asked(house, f"/v1/rotas/{two}/score")["rota"] == two
        assert asked(house, f"/v1/rotas/{two}/score?version=1")["rota"] == one
        assert refused(house, f"/v1/rotas/{two}/score?version=3")[:2] == (404, "not_found")
        named = asked(house, f"/v1/rotas/{two}/compare?with=1")
        assert named["before"] == {"rota": one, "version": 1}
        assert named == asked(house, f"/v1/rotas/{two}/compare?with={one}")


def test_a_comparison_says_who_moved_who_gains_and_who_loses(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    wide, narrow = a_stretch(30, "09:00", "12:00"), a_stretch(30, "09:00", "09:30")
    kept = a_told_appointment(clinician="c01")
    with a_house(tmp_path_factory.mktemp("compare")) as house:
        open_to = a_told_appointment(id="a2", patient="p2", minutes=60, windows=[wide])
        closed = a_told_appointment(id="a2", patient="p2", minutes=60, windows=[narrow])
        gone = a_told_appointment(id="a3", patient="p3")
        first = house.done(a_week(appointments=[kept, closed, gone]))
        second = house.done(a_week(appointments=[kept, open_to]))
        told = ComparisonDocument.model_validate(asked(house, f"/v1/rotas/{second}/compare?with={first}"))
        # a2 is booked now, and a3 is not asked for any more.
        assert (told.same_request, told.left_out) == (False, ["a3"])
        moved = {one.appointment: one for one in told.moved}
        assert moved["a2"].before is None
        assert moved["a2"].after is not None
        assert [one.appointment for one in told.gains] == ["a2"]
        assert told.loses == []
        assert told.cost_change == pytest.approx(told.cost.after - told.cost.before)
        assert told.cost_change == pytest.approx(sum(term.cost_change for term in told.terms))
        assert told.cost_change < 0


def test_a_rota_beside_itself_is_the_same(house: House, rota: str) -> None:
    told = ComparisonDocument.model_validate(asked(house, f"/v1/rotas/{rota}/compare?with={rota}"))
    assert (told.same_request, told.left_out, told.moved, told.cost_change) == (True, [], [], 0.0)
    assert {week.verdict for week in told.clinicians} == {"same"}


def test_rotas_of_different_weeks_are_not_compared(house: House, rota: str) -> None:
    later = json.loads(json.dumps(a_request()).replace("2026-11-30", "2026-12-07"))
    other = house.done(later)
    assert refused(house, f"/v1/rotas/{rota}/compare?with={other}")[:2] == (409, "conflict")


@pytest.mark.parametrize(
    "what", ["why?appointment=a1", "score", "compare?with=1", "report", "report/verdict.png"]
)
def test_a_job_without_a_rota_cannot_be_explained_yet(house: House, what: str) -> None:
    waits = house.submitted(a_week())
    answer = house.ask("GET", f"/v1/rotas/{waits}/{what}")
    house.ask("POST", f"/v1/rotas/{waits}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_done")
    assert answer.headers["Retry-After"]


def test_a_rota_that_books_nothing_is_no_defect(tmp_path_factory: pytest.TempPathFactory) -> None:
    nothing: Json = {
        "outcome": "none",
        "bookings": [],
        "diaries": [],
        "cost": None,
        "bound": None,
        "gap": None,
    }
    with a_house(tmp_path_factory.mktemp("none")) as house:
        name = house.submitted(a_week())
        assert house.solved(nothing | {"terms": []}) == name
        assert refused(house, f"/v1/rotas/{name}/why?appointment=a1")[:2] == (409, "conflict")
        assert ScoreDocument.model_validate(asked(house, f"/v1/rotas/{name}/score")).by_date[0].name is None
        assert house.ask("GET", f"/v1/rotas/{name}/report").status_code == 200


def test_a_page_is_in_plain_words_and_names_no_patient(house: House, rota: str) -> None:
    answer = house.ask("GET", f"/v1/clinicians/c01/page?week={WEEK}")
    told = PageDocument.model_validate(answer.json())
    assert (told.clinician, told.week, told.publication) == ("c01", WEEK, "draft")
    assert told.sections[0].heading == "Your week"
    assert [day.date for day in told.days] == [WEEK]
    assert "patient-one" not in answer.text
    assert "patient-two" not in answer.text


def test_clinicians_read_the_same_version_as_a_page_and_as_a_diary(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with a_house(tmp_path_factory.mktemp("pages")) as house:

        def versions(query: str, who: str = "clinician") -> list[str | None]:
            """The rotas that the page and the diary are from; None where there is none to read."""
            paths = [f"/v1/clinicians/c01/{what}?week={WEEK}{query}" for what in ("page", "diary")]
            return [house.ask("GET", path, who=who).json().get("rota") for path in paths]

        draft = house.done(a_week())
        assert versions("") == versions("&publication=draft") == [draft, draft]
        assert versions("&publication=published") == [None, None]
        house.ask("POST", f"/v1/rotas/{draft}/publish", headers={"If-Match": house.tag(draft)})
        newer = house.done(a_week())
        assert versions("") == versions("&publication=published") == [draft, draft]
        assert versions("&publication=draft") == [newer, newer]
        assert versions("&publication=draft", who="booking") == [newer, newer]


@pytest.mark.parametrize("query", ["", "&publication=draft", "&publication=published"])
def test_anothers_page_is_not_there_whether_it_is_published_or_not(
    house: House, rota: str, query: str
) -> None:
    path = f"/v1/clinicians/c02/page?week={WEEK}{query}"
    assert refused(house, path, who="clinician")[:2] == (404, "not_found")


def test_the_page_of_a_draft_has_a_tag_of_its_own_for_its_clinician(house: House, rota: str) -> None:
    path = f"/v1/clinicians/c01/page?week={WEEK}&publication=draft"
    told = house.ask("GET", path, who="clinician")
    assert told.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": told.headers["ETag"]}
    again = house.ask("GET", path, who="clinician", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == told.headers["ETag"]


def test_an_unchanged_page_is_not_sent_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = f"/v1/clinicians/c01/page?week={WEEK}"
    with a_house(tmp_path_factory.mktemp("tags")) as house:
        draft = house.done(a_week())
        tag = house.ask("GET", path).headers["ETag"]
        again = house.ask("GET", path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        house.ask("POST", f"/v1/rotas/{draft}/publish", headers={"If-Match": house.tag(draft)})
        assert house.ask("GET", path, headers={"If-None-Match": tag}).status_code == 200


def test_a_page_that_was_read_as_a_draft_says_that_it_is_agreed_to_once_it_is_published(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = f"/v1/clinicians/c01/page?week={WEEK}"
    with a_house(tmp_path_factory.mktemp("agreed")) as house:
        draft = house.done(a_week())
        before = asked(house, path)["sections"]
        house.ask("POST", f"/v1/rotas/{draft}/publish", headers={"If-Match": house.tag(draft)})
        after = asked(house, path)["sections"]
        house.done(a_week())
        newer = asked(house, f"{path}&publication=draft")
    assert before[-1]["paragraphs"][0].startswith("A person has to agree to this plan first.")
    assert after[-1]["paragraphs"][0].startswith("A person has agreed to this plan, and it is published.")
    assert before[:-1] == after[:-1]
    assert newer["sections"][-1] == before[-1]


def test_a_report_says_that_a_person_has_to_agree_only_while_it_is_a_draft(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    first, agreed = "A person has to agree to this plan first.", "A person has agreed to this plan"
    with a_house(tmp_path_factory.mktemp("standing")) as house:

        def told(rota: str) -> tuple[bool, bool]:
            text = house.ask("GET", f"/v1/rotas/{rota}/report").text
            return first in text, agreed in text

        old = house.done(a_week())
        assert told(old) == (True, False)
        house.ask("POST", f"/v1/rotas/{old}/publish", headers={"If-Match": house.tag(old)})
        assert told(old) == (False, True)
        new = house.done(a_week())
        house.ask("POST", f"/v1/rotas/{new}/publish", headers={"If-Match": house.tag(new)})
        assert [told(old), told(new)] == [(False, False), (False, True)]


def test_every_reading_is_in_the_audit_without_an_appointment(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from api.store import audit

    with a_house(tmp_path_factory.mktemp("audit")) as house:
        name = house.done(a_week())
        for what in ("why?appointment=a1", "score", f"compare?with={name}", "report", "report/full-days.png"):
            assert house.ask("GET", f"/v1/rotas/{name}/{what}").status_code == 200
        asked(house, f"/v1/clinicians/c01/page?week={WEEK}")
        with house.service.database.read() as s:
            rows = audit.list_(s, "north", limit=6)
            told = [(row.action, row.object, row.detail) for row in reversed(rows)]
    assert told == [
        ("rotas.why", f"rota:{name}", ""),
        ("rotas.score", f"rota:{name}", ""),
        ("rotas.compare", f"rota:{name}", f"rota:{name}"),
        ("rotas.report", f"rota:{name}", ""),
        ("rotas.plot", f"rota:{name}", ""),
        ("diaries.page", "clinician:c01", f"rota:{name} week {WEEK}"),
    ]


def test_no_explanation_names_a_patient(house: House, rota: str) -> None:
    paths = ("why?appointment=a1", "why?appointment=a2", "score", f"compare?with={rota}", "report")
    for path in paths:
        answer = house.ask("GET", f"/v1/rotas/{rota}/{path}")
        assert answer.status_code == 200
        assert "patient-one" not in answer.text
        assert "patient-two" not in answer.text


def test_the_page_and_the_report_of_another_team_are_not_there(house: House, rota: str) -> None:
    for what in ("why?appointment=a1", "score", f"compare?with={rota}", "report", "report/verdict.png"):
        assert refused(house, f"/v1/rotas/{rota}/{what}", who="south")[:2] == (404, "not_found")
    assert refused(house, f"/v1/clinicians/c01/page?week={WEEK}", who="south")[:2] == (404, "not_found")


def test_a_rota_of_another_team_is_not_compared_with(house: House, rota: str) -> None:
    theirs = house.submitted(a_week(), who="south")
    assert house.solved() == theirs
    assert refused(house, f"/v1/rotas/{rota}/compare?with={theirs}")[:2] == (404, "not_found")


def test_pins_that_cannot_all_hold_are_named_with_pointers(house: House) -> None:
    # Two bookings of 30 minutes with c01 at 09:00 and 09:15 share 15 minutes; the third is elsewhere.
    at = {"a1": "09:00", "a2": "09:15", "a3": "14:00"}
    pinned = [
        a_told_appointment(
            id=name, patient=name, pin={"clinician": "c01", "start": f"2026-11-30T{clock}:00Z"}
        )
        for name, clock in at.items()
    ]
    week = a_week(appointments=pinned)
    answer = house.ask("POST", "/v1/clashes", json=week)
    told = ClashList.model_validate(answer.json())
    assert (told.pins_hold, told.targets, len(told.clashes)) == (False, "not_looked_into", 1)
    (clash,) = told.clashes
    assert clash.minimal
    assert [pin.pointer for pin in clash.pins] == ["/appointments/0/pin", "/appointments/1/pin"]
    assert clash.rules == []
    # The same request is refused as a job, with a fault that points to the pin that finds its place taken.
    answer = house.ask("POST", "/v1/rotas", json=week)
    faults = [(fault["code"], fault["pointer"]) for fault in answer.json()["faults"]]
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert faults == [("pins_overlap", "/appointments/1/pin")]


def test_pins_that_are_only_found_to_clash_by_laying_out_a_day_are_named_too(house: House) -> None:
    week = unkeepable_request(57)  # its pin leaves no room for the admin that is due
    told = ClashList.model_validate(house.ask("POST", "/v1/clashes", json=week).json())
    assert [rule.rule for clash in told.clashes for rule in clash.rules] == ["admin"]
    assert all(clash.minimal for clash in told.clashes)


def test_targets_that_cannot_all_be_reached_clash(house: House) -> None:
    # One appointment of 24 expected minutes, and c01 is to deliver 600 less the tolerance of 30.
    answer = house.ask("POST", "/v1/clashes?targets=true&seconds=10", json=a_request())
    told = ClashList.model_validate(answer.json())
    assert (told.pins_hold, told.targets) == (True, "clash")
    (clash,) = told.clashes
    assert [(one.clinician, one.minutes, one.pointer) for one in clash.targets] == [
        ("c01", 570, "/clinicians/0/target_minutes")
    ]


def test_a_request_without_a_clash_has_none(house: House) -> None:
    told = ClashList.model_validate(house.ask("POST", "/v1/clashes", json=a_week()).json())
    assert (told.pins_hold, told.targets, told.clashes) == (True, "not_looked_into", [])


def test_a_request_with_another_fault_is_refused_as_ever(house: House) -> None:
    answer = house.ask("POST", "/v1/clashes", json=a_week(appointments=[a_told_appointment(minutes=7)]))
    assert answer.status_code == 422
    assert [(one["code"], one["pointer"]) for one in answer.json()["faults"]] == [
        ("not_a_multiple", "/appointments/0/minutes")
    ]


def test_a_team_with_too_many_questions_waits_and_others_do_not(house: House) -> None:
    with ExitStack() as held:
        for _ in range(APART.of_a_team):
            held.enter_context(APART.inside_with("north"))
        mine = house.ask("POST", "/v1/clashes", json=a_week())
        theirs = house.ask("POST", "/v1/clashes", who="south", json=a_week())
    assert (mine.status_code, mine.json()["code"]) == (429, "rate_limited")
    assert int(mine.headers["Retry-After"]) > 0
    assert theirs.status_code == 200


def test_when_all_places_are_taken_only_what_is_worked_out_apart_has_to_wait(house: House, rota: str) -> None:
    with ExitStack() as held:
        for number in range(APART.inside):
            held.enter_context(APART.inside_with(f"team-{number}"))
        answer = house.ask("POST", "/v1/clashes", json=a_week())
        others = [f"/v1/clinicians/c01/diary?week={WEEK}", f"/v1/clinicians/c01/page?week={WEEK}"]
        others += [f"/v1/rotas/{rota}", f"/v1/rotas/{rota}/score"]
        assert [house.ask("GET", path).status_code for path in others] == [200] * 4
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_service_that_drains_works_nothing_out_any_more(tmp_path_factory: pytest.TempPathFactory) -> None:
    with a_house(tmp_path_factory.mktemp("drain")) as house:
        house.service.draining.set()
        answer = house.client.post(
            "/v1/clashes?targets=true&seconds=60", json=a_week(), headers=as_role("manager")
        )
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"]
