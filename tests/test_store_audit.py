"""The audit: appended in the transaction that it tells of, and bound so that a change shows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from api.store import Database, audit
from api.store.tables import Audit, Feed
from tests.store_builders import ANNA, a_job, at_once

Change = Callable[[Database, str], None]


def noted(database: Database, *actions: str) -> None:
    for action in actions:
        with database.write() as s:
            audit.note(s, ANNA, action, "rota:1", "words")


@pytest.fixture
def unguarded(database: Database) -> Change:
    """Run a statement as somebody who owns the database and takes its triggers away first."""

    def change(database: Database, statement: str) -> None:
        with database.write() as s:
            if database.sqlite:
                for trigger in ("audit_update", "audit_delete", "audit_follows"):
                    s.execute(text(f"drop trigger {trigger}"))
            else:
                s.execute(text("alter table audit disable trigger all"))
            s.execute(text(statement))

    return change


def test_rows_follow_each_other(database: Database) -> None:
    noted(database, "one", "two")
    with database.read() as s:
        rows = list(s.scalars(select(Audit).order_by(Audit.seq)))
        assert [(row.seq, row.actor, row.team, row.action) for row in rows] == [
            (1, "anna", "north", "one"),
            (2, "anna", "north", "two"),
        ]
        assert rows[0].previous == audit.START
        assert rows[1].previous == rows[0].hash
        assert audit.verify(s) == audit.Head(2, rows[1].hash)


def test_what_is_rolled_back_was_not_noted(database: Database) -> None:
    with suppress(ZeroDivisionError), database.write() as s:
        a_job(s)
        audit.note(s, ANNA, "rotas.create", "rota:1")
        raise ZeroDivisionError
    with database.read() as s:
        assert audit.head(s) == audit.Head(0, audit.START)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set actor = 'nobody' where seq = 1",
        "delete from audit where seq = 2",
        "insert into audit select 4, at, team, actor, action, 'r', '', hash, hash from audit where seq = 2",
        "insert into audit select 3, at, team, actor, action, 'r', '', hash, hash from audit where seq = 1",
    ],
)
def test_the_database_refuses_to_change_it(database: Database, statement: str) -> None:
    noted(database, "one", "two")
    with pytest.raises(IntegrityError), database.write() as s:
        s.execute(text(statement))
    with database.read() as s:
        assert isinstance(audit.verify(s), audit.Head)


def test_postgresql_refuses_to_truncate_it(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with pytest.raises(IntegrityError), database.write() as s:
        s.execute(text("truncate audit"))
    database.close()


@pytest.mark.parametrize(
    ("statement", "first_wrong"),
    [
        ("update audit set actor = 'nobody' where seq = 2", 2),
        ("update audit set at = '2020-01-01T00:00:00+00:00' where seq = 1", 1),
        ("delete from audit where seq = 2", 2),
        ("delete from audit where seq = 1", 1),
        ("update audit set hash = previous where seq = 3", 3),
    ],
)
def test_a_change_past_the_database_shows(
    database: Database, unguarded: Change, statement: str, first_wrong: int
) -> None:
    noted(database, "one", "two", "three")
    unguarded(database, statement)
    with database.read() as s:
        assert audit.verify(s) == audit.Broken(first_wrong)


def test_an_end_that_was_cut_off_shows_against_a_head_kept_elsewhere(
    database: Database, unguarded: Change
) -> None:
    noted(database, "one", "two", "three")
    with database.read() as s:
        known = audit.head(s)
        assert audit.verify(s, known) == known
        assert audit.verify(s, replace(known, hash=audit.START)) == audit.Broken(3)
    unguarded(database, "delete from audit where seq = 3")
    with database.read() as s:
        assert isinstance(audit.verify(s), audit.Head)
        assert audit.verify(s, known) == audit.Broken(3)


def test_many_writers_at_once_make_one_chain(database: Database) -> None:
    at_once(8, lambda index: noted(database, *(f"w{index}" for _ in range(5))))
    with database.read() as s:
        end = audit.verify(s)
    assert isinstance(end, audit.Head)
    assert end.rows == 40


def test_a_feed_is_an_actor(database: Database) -> None:
    with database.write() as s:
        audit.note(s, Feed(id="f1", team="north"), "diaries.ics", "c01")
    with database.read() as s:
        assert [row.actor for row in audit.list_(s, "north")] == ["feed:f1"]
        assert audit.list_(s, "south") == []


def test_records_are_found_by_what_was_done_to_whom_by_whom_and_since_when(database: Database) -> None:
    with database.write() as s:
        audit.note(s, ANNA, "rotas.get", "rota:1")
        audit.note(s, replace(ANNA, subject="ben"), "rotas.get", "rota:2")
        audit.note(s, replace(ANNA, team="south"), "rotas.get", "rota:1")
    with database.read() as s:
        third = s.get_one(Audit, 3)
        since = datetime.fromisoformat(third.at)
        cases = {
            audit.Wanted(): [1, 2, 3],
            audit.Wanted(object="rota:1"): [1, 3],
            audit.Wanted(object="rota:1", team="north"): [1],
            audit.Wanted(actor="ben"): [2],
            audit.Wanted(since=since, object="rota:1", team="south"): [3],
            audit.Wanted(since=since + timedelta(microseconds=1)): [],
            audit.Wanted(since=(since + timedelta(days=1)).astimezone(timezone(timedelta(hours=14)))): [],
        }
        for wanted, numbers in cases.items():
            assert [row.seq for row in audit.found(s, wanted)] == numbers, wanted
        (newest,) = audit.list_(s, "north", wanted=audit.Wanted(team="south", actor="ben"))
        assert newest.seq == 2
