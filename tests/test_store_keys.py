"""Keys that make one thing, keys for programs, and addresses of calendars."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api.problems import Refused
from api.store import Database, feeds, idempotency, keys
from api.store.moment import now
from api.store.tables import ApiKey, Feed, Job
from tests.store_builders import a_job, at_once

DIGEST = "d" * 64


def ask(database: Database, key: str, digest: str = DIGEST, team: str = "north") -> str:
    """Submit a job under a key; its address."""
    with database.write() as s:
        before = idempotency.claim(s, team, "anna", key, digest)
        if before is not None:
            assert before.status == 202
            return before.location
        job = a_job(s, team=team)
        idempotency.keep(s, team, "anna", key, 202, f"/v1/rotas/{job.id}", {"id": job.id})
        return f"/v1/rotas/{job.id}"


def jobs(database: Database) -> int | None:
    with database.read() as s:
        return s.scalar(select(func.count()).select_from(Job))


def test_the_same_key_twenty_times_at_once_makes_one_job(database: Database) -> None:
    for number in range(3):
        found = at_once(20, lambda _, key=f"k{number}": ask(database, key))  # type: ignore[misc]
        assert len(found) == 20
        assert len(set(found)) == 1
        assert found[0].startswith("/v1/rotas/")
    assert jobs(database) == 3


def test_the_same_key_for_something_else_is_refused(database: Database) -> None:
    ask(database, "k")
    with pytest.raises(Refused) as refusal:
        ask(database, "k", digest="e" * 64)
    assert refusal.value.code == "idempotency_key_reused"
    assert jobs(database) == 1


def test_keys_of_different_teams_are_different(database: Database) -> None:
    assert ask(database, "k") != ask(database, "k", team="south")


def test_a_key_whose_asking_failed_is_free_again(database: Database) -> None:
    with suppress(ZeroDivisionError), database.write() as s:
        assert idempotency.claim(s, "north", "anna", "k", DIGEST) is None
        raise ZeroDivisionError
    assert ask(database, "k", digest="e" * 64).startswith("/v1/rotas/")


def test_only_the_hash_of_a_secret_is_kept(database: Database) -> None:
    with database.write() as s:
        secret, key = keys.create(s, "north", "bridge", ["integrator"], "anna")
        token, feed = feeds.create(s, "north", "c01", "anna")
        rows = [getattr(row, column.key) for row in (key, feed) for column in row.__table__.columns]
    assert secret not in map(str, rows)
    assert token not in map(str, rows)
    with database.read() as s:
        assert (found := keys.find(s, secret))
        assert (found.team, found.roles) == ("north", "integrator")
        assert keys.find(s, secret + "x") is None
        assert keys.find(s, found.sha256) is None


def test_a_revoked_or_expired_key_is_worth_nothing(database: Database) -> None:
    with database.write() as s:
        secret, key = keys.create(s, "north", "bridge", ["integrator"], "anna")
        late, _ = keys.create(s, "north", "old", ["booking"], "anna", expires=now() - timedelta(seconds=1))
        with pytest.raises(Refused):
            keys.revoke(s, "south", key.id)
        assert keys.find(s, secret) is not None
        assert keys.find(s, late) is None
        first = keys.revoke(s, "north", key.id).revoked
        assert keys.revoke(s, "north", key.id).revoked == first
        assert keys.find(s, secret) is None
        assert {one.name for one in keys.list_(s, "north")} == {"bridge", "old"}
        assert s.scalar(select(func.count()).select_from(ApiKey)) == 2


def test_a_revoked_feed_opens_nothing(database: Database) -> None:
    with database.write() as s:
        token, feed = feeds.create(s, "north", "c01", "anna")
        assert (found := feeds.by_token(s, token))
        assert (found.team, found.clinician) == ("north", "c01")
        with pytest.raises(Refused):
            feeds.revoke(s, "south", feed.id)
        feeds.revoke(s, "north", feed.id)
        assert feeds.by_token(s, token) is None
        assert s.scalar(select(func.count()).select_from(Feed)) == 1
