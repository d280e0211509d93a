"""Races over HTTP, on both databases; the same programs measure more of them in `benchmarks/service`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from benchmarks.service import publish_race, same_key


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.slow
def test_of_two_publishers_one_wins_and_the_other_is_told_412() -> None:
    found = publish_race.run(100)
    for kind in ("sqlite", "postgresql"):
        # The last published one supersedes all before it, and each of the 100 is in the audit.
        assert found[f"{kind}_one_won"] == 100
        assert found[f"{kind}_other"] == 0
        assert found[f"{kind}_published"] == 1
        assert found[f"{kind}_twice_published"] == 0
        assert found[f"{kind}_audited"] == 100


@pytest.mark.slow
def test_the_same_key_sent_twenty_times_at_once_makes_one_job() -> None:
    found = same_key.run(20)
    for kind in ("sqlite", "postgresql"):
        assert found[f"{kind}_jobs"] == 20
        assert found[f"{kind}_agreed"] == 20
        assert found[f"{kind}_statuses"] == {202: 400}
