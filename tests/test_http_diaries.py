"""Diaries as JSON and as calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest

from api.routes.calendar import Week, clean, feed
from api.routes.everyone import if_everyone_attends
from tests.http_service import House, a_house
from tests.question_builders import Json, a_request, a_told_appointment, a_told_clinician

PATH = "/v1/clinicians/c01/diary?week=2026-11-30"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_house(tmp_path) as house:
        yield house


def at(clock: str) -> str:
    return f"2026-11-30T{clock}:00+00:00"


def an_entry(kind: str, start: str, end: str, *appointments: str) -> Json:
    return {"kind": kind, "start": at(start), "end": at(end)} | (
        {"appointments": list(appointments)} if appointments else {}
    )


def a_booking(name: str, start: str, end: str) -> Json:
    return {"appointment": name, "clinician": "c01", "start": at(start), "end": at(end)}


def test_a_diary_has_entries_risk_and_everyone_attending(house: House) -> None:
    name = house.published()
    told = house.ask("GET", PATH).json()
    assert (told["rota"], told["publication"], told["week"]) == (name, "published", "2026-11-30")
    assert told["entries"][0]["start"] == at("09:00")
    assert told["risk"]["worst_case_minutes"] == told["if_everyone_attends"]["delivered_minutes"] == 30
    assert told["if_everyone_attends"]["breaks_kept"] is True


def test_a_draft_is_read_where_nothing_is_published_or_on_request(house: House) -> None:
    published, draft = house.published(), house.done()
    assert house.ask("GET", PATH).json()["rota"] == published
    assert house.ask("GET", f"{PATH}&publication=draft").json()["rota"] == draft
    assert house.ask("GET", f"{PATH}&publication=published").json()["rota"] == published


def test_an_unchanged_diary_is_not_sent_again(house: House) -> None:
    house.done()
    tag = house.ask("GET", PATH).headers["ETag"]
    again = house.ask("GET", PATH, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"
    house.published()
    assert house.ask("GET", PATH, headers={"If-None-Match": tag}).status_code == 200


def test_a_diary_that_is_not_there_is_not_found(house: House) -> None:
    house.done()
    for path in (PATH.replace("c01", "c99"), PATH.replace("11-30", "12-07")):
        assert house.ask("GET", path).status_code == 404


def test_everyone_attending_is_walked_through_in_order() -> None:
    # A double of 45 + 30 lasts until 10:15 with its reserve; then 30 more until 10:45, when the break is.
    entries = [
        an_entry("appointment", "09:00", "09:45", "a1", "a2"),
        an_entry("reserve", "09:45", "10:15"),
        an_entry("appointment", "10:15", "10:45", "a3"),
        an_entry("break", "10:45", "10:55"),
        an_entry("appointment", "10:55", "11:25", "a4"),
    ]
    bookings = [
        a_booking("a1", "09:00", "09:45"),
        a_booking("a2", "09:00", "09:30"),
        a_booking("a3", "10:15", "10:45"),
        a_booking("a4", "10:55", "11:25"),
    ]
    assert if_everyone_attends({"entries": entries}, bookings) == {
        "delivered_minutes": 135,
        "breaks_kept": True,
        "longest_contact_run_minutes": 105,
    }


def test_a_double_without_its_reserve_eats_the_break() -> None:
    entries = [
        an_entry("appointment", "09:00", "09:45", "a1", "a2"),
        an_entry("break", "09:45", "09:55"),
        an_entry("appointment", "09:55", "10:25", "a3"),
    ]
    bookings = [
        a_booking("a1", "09:00", "09:45"),
        a_booking("a2", "09:00", "09:30"),
        a_booking("a3", "09:55", "10:25"),
    ]
    told = if_everyone_attends({"entries": entries}, bookings)
    # 45 + 30 + 30 in one run, since the break is lost.
    assert (told["breaks_kept"], told["longest_contact_run_minutes"]) == (False, 105)


def events_of(house: House, url: str) -> dict[str, dict[str, str]]:
    """The fields of every event of a calendar, as they are written, by UID."""
    answer = house.client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
    told = [{name: value.to_ical().decode() for name, value in event.items()} for event in events]
    found = {fields["UID"]: fields for fields in told}
    assert len(found) == len(told) > 0
    return found


def test_a_calendar_is_read_by_its_address_alone_until_it_is_revoked(house: House) -> None:
    house.published()
    made = house.feed()
    assert events_of(house, made["url"])
    assert house.ask("DELETE", f"/v1/feeds/{made['id']}").status_code == 200
    assert house.client.get(made["url"]).status_code == 404


def test_a_feed_opens_no_other_diary(house: House) -> None:
    house.published(a_request(clinicians=[a_told_clinician(), a_told_clinician(id="c02")]))
    assert house.client.get(house.feed()["url"].replace("c01", "c02")).status_code == 404


def test_a_draft_is_tentative_and_keeps_its_names_when_published(house: House) -> None:
    url = house.feed()["url"]
    draft = house.done()
    before = events_of(house, url)
    assert {event["STATUS"] for event in before.values()} == {"TENTATIVE"}
    house.ask("POST", f"/v1/rotas/{draft}/publish", headers={"If-Match": house.tag(draft)})
    after = events_of(house, url)
    assert {event["STATUS"] for event in after.values()} == {"CONFIRMED"}
    assert before.keys() == after.keys()


def test_a_moved_appointment_keeps_its_name_and_gains_a_sequence(house: House) -> None:
    url = house.feed()["url"]
    house.published()
    before = events_of(house, url)
    later = [{"start": at("14:00"), "end": at("15:00")}]
    house.published(a_request(appointments=[a_told_appointment(windows=later)]))
    after = events_of(house, url)
    moved = [
        name for name in before.keys() & after.keys() if before[name]["DTSTART"] != after[name]["DTSTART"]
    ]
    assert "Appointment" in {after[name]["SUMMARY"] for name in moved}
    assert {event["SEQUENCE"] for event in before.values()} == {"1"}
    assert {event["SEQUENCE"] for event in after.values()} == {"2"}


def test_a_calendar_is_in_utc_also_in_summer() -> None:
    diary = {
        "entries": [
            {
                "kind": "appointment",
                "start": "2026-06-01T09:00:00+01:00",
                "end": "2026-06-01T09:30:00+01:00",
                "appointments": ["a1"],
            }
        ]
    }
    told = feed("north", "c01", [Week(diary, 1, True, datetime(2026, 5, 1, tzinfo=UTC))]).decode()
    assert "DTSTART:20260601T080000Z" in told
    assert "DTEND:20260601T083000Z" in told
    assert "TZID" not in told


def test_nothing_that_ends_a_line_gets_into_a_calendar() -> None:
    assert clean("a\u2028b\u2029c\x85d\x0be\x0cf\r\ng\x00h") == "abcdefgh"


def test_the_secret_of_a_feed_is_told_once(house: House) -> None:
    key = {"Idempotency-Key": "feed-1"}
    one, two = (
        house.ask("POST", "/v1/feeds", json={"clinician": "c01"}, headers=key).json() for _ in range(2)
    )
    assert one["token"]
    assert (two["id"], two["token"], two["url"]) == (one["id"], None, None)
    assert "token" not in house.ask("GET", "/v1/feeds").json()["feeds"][0]
