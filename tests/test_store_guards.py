"""What the databases themselves refuse, whoever sends the statement: raw SQL, past the code."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from api.store import Database
from tests.store_builders import a_rota, a_slot, publish, tag

Run = Callable[[str], Any]
REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)


@pytest.fixture
def sql(database_url: str) -> Run:
    """A statement of a stranger, on a connection without any of the service's settings."""

    def run(statement: str) -> Any:  # noqa: ANN401
        if database_url.startswith("sqlite"):
            with sqlite3.connect(make_url(database_url).database or "") as lite:
                return lite.execute(statement).fetchall()
        with psycopg.connect(database_url) as big:
            done = big.execute(statement.encode())
            return done.fetchall() if done.description else []

    return run


def two_rotas(database: Database, second: tuple[str, str, str, list[str]], **changes: str) -> tuple[str, str]:
    """One that is published with c01 at 09:00 to 09:30, and a draft."""
    with database.write() as s:
        first = a_rota(s, a_slot("c01", "09:00", "09:30", "a1", "a2")).id
        draft = a_rota(s, second, **changes).id
    publish(database, first, tag(database, first))
    return first, draft


@pytest.mark.parametrize(("start", "end"), [("09:00", "09:30"), ("09:25", "09:55"), ("08:00", "11:00")])
@pytest.mark.parametrize(
    "statement",
    [
        "update slot set state = 'published' where rota = '{draft}'",
        "update rota set state = 'published', published = created where id = '{draft}'",
    ],
)
def test_raw_sql_cannot_publish_an_overlap(
    database: Database, sql: Run, start: str, end: str, statement: str
) -> None:
    _, draft = two_rotas(database, a_slot("c01", start, end, "a3"))
    with pytest.raises(REFUSED):
        sql(statement.format(draft=draft))
    assert sql(f"select distinct state from slot where rota = '{draft}'") == [("draft",)]
    assert sql(f"select state from rota where id = '{draft}'") == [("draft",)]


@pytest.mark.parametrize("verb", ["insert", "insert or ignore", "insert or replace"])
def test_raw_sql_cannot_insert_or_stretch_into_an_overlap(
    database: Database, database_url: str, sql: Run, verb: str
) -> None:
    if not database_url.startswith("sqlite") and verb != "insert":
        pytest.skip("SQLite's own words")
    first, _ = two_rotas(database, a_slot("c02", "09:00", "09:30", "a3"))
    rows = f"select rota, state, seat, starts + 5, ends + 5 from slot where rota = '{first}'"
    with pytest.raises(REFUSED):
        sql(f"{verb} into slot (rota, state, seat, starts, ends) {rows}")
    beside = rows.replace("starts + 5, ends + 5", "starts + 30, ends + 30")
    sql(f"{verb} into slot (rota, state, seat, starts, ends) {beside}")
    with pytest.raises(REFUSED):
        sql(f"update slot set starts = starts - 5 where rota = '{first}' and id = (select max(id) from slot)")


def test_slots_that_touch_other_clinicians_and_other_teams_do_not_overlap(
    database: Database, sql: Run
) -> None:
    # 09:30 begins as 09:00 to 09:30 ends; c02 and the south's own c01 are other people.
    with database.write() as s:
        made = [
            a_rota(s, a_slot("c01", "09:00", "09:30", "a1")).id,
            a_rota(s, a_slot("c01", "09:00", "09:30", "a1"), team="south").id,
            a_rota(s, a_slot("c01", "09:30", "10:00", "a2")).id,
            a_rota(s, a_slot("c02", "09:00", "09:30", "a3")).id,
        ]
    for rota in made:
        sql(f"update rota set state = 'published', published = created where id = '{rota}'")
    assert sql("select count(*) from slot where state = 'published'") == [(4,)]


def test_a_slot_holds_no_third_booking(database: Database, sql: Run) -> None:
    first, _ = two_rotas(database, a_slot("c01", "10:00", "10:30", "a3"))
    slot = sql(f"select id from slot where rota = '{first}'")[0][0]
    for place in (1, 2, 3):
        row = f"('{first}', 'a9', {slot}, {place})"
        with pytest.raises(REFUSED):
            sql(f"insert into booking (rota, appointment, slot, place) values {row}")


def test_a_slot_cannot_have_another_state_than_its_rota(database: Database, sql: Run) -> None:
    first, draft = two_rotas(database, a_slot("c01", "10:00", "10:30", "a3"))
    for rota, state in ((first, "draft"), (draft, "published")):
        with pytest.raises(REFUSED):
            sql(f"update slot set state = '{state}' where rota = '{rota}'")


def test_a_version_does_not_change(database: Database, sql: Run) -> None:
    first, _ = two_rotas(database, a_slot("c01", "10:00", "10:30", "a3"))
    for change in ("document = '{}'", "version = 9", "team = 'south'", "week = '2026-12-07'"):
        with pytest.raises(REFUSED):
            sql(f"update rota set {change} where id = '{first}'")
