"""A job is followed by server-sent events."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from sqlalchemy import delete

from api.jobs.ledger import Ledger
from api.routes.sse import KEEPALIVE, Rhythm, Seen, Told, stream
from api.store.tables import Event
from tests.http_service import House, a_house, a_rota


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_house(tmp_path) as house:
        yield house


def followed(house: House, name: str, last: str | None = None) -> list[tuple[str | None, str]]:
    """Id and kind of every event."""
    headers = {} if last is None else {"Last-Event-ID": last}
    answer = house.ask("GET", f"/v1/rotas/{name}/events", headers=headers)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    found = []
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            found.append((fields.get("id"), fields["event"]))
    return found


def test_a_job_tells_its_states_its_progress_and_its_end(house: House) -> None:
    # queued, running, one better rota, done
    assert followed(house, house.done()) == [("1", "state"), ("2", "state"), ("3", "progress"), ("4", "end")]


def test_a_broken_line_is_taken_up_after_the_last_event(house: House) -> None:
    assert followed(house, house.done(), "3") == [("4", "end")]


def test_whoever_has_everything_is_told_the_end_again(house: House) -> None:
    assert followed(house, house.done(), "4") == [(None, "end")]


def test_an_id_that_was_never_given_counts_as_none(house: House) -> None:
    assert len(followed(house, house.done(), "1000")) == 4


def test_what_is_kept_no_more_is_said_to_be_missing(house: House) -> None:
    name = house.done()
    with house.service.database.write() as s:
        s.execute(delete(Event).where(Event.job == name, Event.seq < 4))
    assert followed(house, name) == [(None, "gap"), ("4", "end")]
    assert followed(house, name, "3") == [("4", "end")]


def test_a_listener_hears_what_happens_while_it_listens(house: House) -> None:
    name = house.submitted()
    heard: list[list[tuple[str | None, str]]] = []
    listener = threading.Thread(target=lambda: heard.append(followed(house, name)))
    listener.start()
    ledger = Ledger(house.service.database, "worker")
    claimed = ledger.take()
    assert claimed is not None
    ledger.finish(claimed, a_rota(claimed.body), cancelled=False)
    listener.join(20)
    assert heard == [[("1", "state"), ("2", "state"), ("3", "end")]]


def test_head_of_a_stream_ends_at_once(house: House) -> None:
    answer = house.ask("HEAD", f"/v1/rotas/{house.submitted()}/events")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_stream_ends_when_the_service_is_being_stopped(house: House) -> None:
    name = house.submitted()
    house.service.draining.set()
    assert followed(house, name) == [("1", "state")]


def test_silence_is_broken_by_signs_of_life() -> None:
    looks = iter([Seen([], None)] * 3 + [Seen([], Told("end", {"state": "done"}))])

    async def collected() -> list[bytes]:
        rhythm = Rhythm(look=0.0, silence=-1.0)
        return [part async for part in stream(lambda _: next(looks), 0, rhythm, threading.Event())]

    parts = anyio.run(collected)
    assert parts[1:4] == [KEEPALIVE] * 3
    assert parts[4] == b'event: end\ndata: {"state":"done"}\n\n'


def test_data_never_breaks_a_line() -> None:
    told = Told("progress", {"text": "a\nb\u2028c\r"}, 7).to_bytes()
    assert told == b'id: 7\nevent: progress\ndata: {"text":"a\\nb\\u2028c\\r"}\n\n'
