"""Versions of a week and their publication."""

from __future__ import annotations

import pytest

from api.problems import Refused
from api.store import Database, rotas
from api.store.tables import Booking, Slot
from tests.store_builders import WEEK, a_rota, a_slot, at_once, publish, tag


def states(database: Database, *made: str) -> list[str]:
    with database.read() as s:
        return [found.state for one in made if (found := rotas.get(s, "north", one))]


def test_versions_count_up_within_a_teams_week(database: Database) -> None:
    with database.write() as s:
        made = [a_rota(s, a_slot("c01", "09:00", "09:30", "a1")) for _ in range(3)]
        other = a_rota(s, a_slot("c01", "09:00", "09:30", "a1"), team="south")
        assert [rota.version for rota in made] == [1, 2, 3]
        assert other.version == 1
        assert [rota.id for rota in rotas.of_week(s, "north", WEEK)] == [r.id for r in reversed(made)]
        assert rotas.get(s, "north", other.id) is None


def test_a_double_is_one_slot_with_two_bookings(database: Database) -> None:
    with database.write() as s:
        a_rota(s, a_slot("c01", "09:00", "09:30", "a1", "a2"), a_slot("c01", "10:00", "10:30", "a3"))
    with database.read() as s:
        slots = {slot.id: slot for slot in s.query(Slot)}
        held = {
            (one.appointment, one.place, slots[one.slot].ends - slots[one.slot].starts)
            for one in s.query(Booking)
        }
    assert len(slots) == 2
    assert held == {("a1", 1, 30), ("a2", 2, 30), ("a3", 1, 30)}


def test_publishing_supersedes_and_an_older_version_can_come_back(database: Database) -> None:
    with database.write() as s:
        first = a_rota(s, a_slot("c01", "09:00", "09:30", "a1")).id
        second = a_rota(s, a_slot("c01", "09:00", "09:30", "a1"), parent=first).id
    publish(database, first, tag(database, first))
    publish(database, second, tag(database, second))
    assert states(database, first, second) == ["superseded", "published"]
    publish(database, first, tag(database, first))
    assert states(database, first, second) == ["published", "superseded"]


def test_a_tag_is_stale_once_another_rota_of_the_week_was_published(database: Database) -> None:
    with database.write() as s:
        first, second = (a_rota(s, a_slot("c01", "09:00", "09:30", "a1")).id for _ in range(2))
    seen = tag(database, second)
    publish(database, first, tag(database, first))
    with pytest.raises(Refused) as refusal:
        publish(database, second, seen)
    assert refusal.value.code == "stale"
    assert states(database, first, second) == ["published", "draft"]


def test_a_published_rota_is_not_published_again(database: Database) -> None:
    with database.write() as s:
        rota = a_rota(s, a_slot("c01", "09:00", "09:30", "a1")).id
    publish(database, rota, tag(database, rota))
    with pytest.raises(Refused) as refusal:
        publish(database, rota, tag(database, rota))
    assert refusal.value.code == "conflict"


def test_rotas_of_other_clinicians_stand_side_by_side(database: Database) -> None:
    with database.write() as s:
        made = [a_rota(s, a_slot(name, "09:00", "09:30", "a1")).id for name in ("c01", "c02")]
    for rota in made:
        publish(database, rota, tag(database, rota))
    assert states(database, *made) == ["published", "published"]


def test_a_rota_does_not_take_one_of_two_clinicians_away(database: Database) -> None:
    with database.write() as s:
        both = a_rota(s, a_slot("c01", "09:00", "09:30", "a1"), clinicians=["c02"]).id
        one = a_rota(s, clinicians=["c02", "c03"]).id
        revised = a_rota(s, clinicians=["c02"], parent=both).id
    publish(database, both, tag(database, both))
    with pytest.raises(Refused) as refusal:
        publish(database, one, tag(database, one))
    assert refusal.value.code == "conflict"
    # Whoever revises the rota itself may leave a clinician out.
    publish(database, revised, tag(database, revised))
    assert states(database, both, one, revised) == ["superseded", "draft", "published"]


def test_an_overlap_across_weeks_is_a_conflict(database: Database) -> None:
    # The other week's rota books c01 on this week's Monday: no rule of its own week could see that.
    with database.write() as s:
        first = a_rota(s, a_slot("c01", "09:00", "09:30", "a1")).id
        other = a_rota(s, a_slot("c01", "09:15", "09:45", "a2"), week=WEEK.replace(day=23)).id
    publish(database, first, tag(database, first))
    with pytest.raises(Refused) as refusal:
        publish(database, other, tag(database, other))
    assert refusal.value.code == "conflict"
    assert states(database, first, other) == ["published", "draft"]


def test_a_diary_is_the_published_one_or_else_the_newest_draft(database: Database) -> None:
    with database.write() as s:
        made = [a_rota(s, a_slot("c01", "09:00", "09:30", "a1")).id for _ in range(3)]
        later = a_rota(s, a_slot("c01", "09:00", "09:30", "a1"), week=WEEK.replace(month=12, day=7)).id

    def shown(state: str | None = None, team: str = "north", clinician: str = "c01") -> str:
        with database.read() as s:
            try:
                return rotas.diary_of(s, team, clinician, WEEK, state).id
            except Refused as refused:
                return refused.code

    assert shown() == made[2]
    assert shown("published") == "not_found"
    publish(database, made[0], tag(database, made[0]))
    assert shown() == made[0]
    assert shown("draft") == made[2]
    assert shown(team="south") == "not_found"
    assert shown(clinician="c02") == "not_found"
    with database.read() as s:
        assert [rota.id for rota in rotas.weeks_of(s, "north", "c01")] == [made[0], later]
        assert rotas.weeks_of(s, "north", "c02") == []


def test_of_publishers_of_one_rota_one_wins(database: Database) -> None:
    for _ in range(10):
        with database.write() as s:
            rota = a_rota(s, a_slot("c01", "09:00", "09:30", "a1")).id
        seen = tag(database, rota)
        found = at_once(4, lambda _, rota=rota, seen=seen: publish(database, rota, seen))  # type: ignore[misc]
        assert sorted(found, key=str) == [None, "stale", "stale", "stale"]


def test_of_publishers_of_two_rotas_of_a_week_one_wins(database: Database) -> None:
    for _ in range(10):
        with database.write() as s:
            made = [a_rota(s, a_slot("c01", "09:00", "09:30", "a1")).id for _ in range(2)]
        seen = [tag(database, rota) for rota in made]
        found = at_once(2, lambda i, made=made, seen=seen: publish(database, made[i], seen[i]))  # type: ignore[misc]
        assert sorted(found, key=str) == [None, "stale"]
        with database.read() as s:
            assert [rota.state for rota in rotas.of_week(s, "north", WEEK)].count("published") == 1


def test_versions_that_are_added_at_once_count_without_gaps(database: Database) -> None:
    def add(_: int) -> int:
        with database.write() as s:
            return a_rota(s, a_slot("c01", "09:00", "09:30", "a1")).version

    assert sorted(at_once(8, add), key=int) == list(range(1, 9))
