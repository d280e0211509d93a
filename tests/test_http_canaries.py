"""Names of people in every field that takes them: none is in a log, a trace, an error, a metric or a feed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from api.store import Database
from api.watching import logs
from api.watching.tracing import Tracer
from tests.http_service import House, a_house, as_role
from tests.question_builders import Json, a_request, a_stretch, a_time, a_told_appointment, a_told_clinician

CANARY = "Quackenbush"


def canary(field: str) -> str:
    return f"{CANARY}.{field}"


def a_week_of_canaries() -> Json:
    """Every field of a request that holds a name or a label of somebody's own choosing."""
    clinician = a_told_clinician(
        role=canary("role"),
        skills=[canary("skill")],
        languages=[canary("language")],
        shifts=[a_stretch(30, "09:00", "17:00", site=canary("site"))],
    )
    appointment = a_told_appointment(
        id=canary("appointment"),
        patient=canary("patient"),
        kind=canary("kind"),
        skills=[canary("skill")],
        language=canary("language"),
        mode="in_person",
        site=canary("site"),
        group=canary("group"),
        pin={"clinician": "c01", "start": a_time(30, "10:00")},
    )
    return a_request(
        clinicians=[clinician],
        appointments=[appointment],
        rooms=[{"site": canary("site"), "rooms": 2}],
        published=[{"appointment": canary("appointment"), "clinician": "c01", "start": a_time(30, "10:00")}],
    )


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where in plain JSON a canary sits."""
    if isinstance(value, dict | list):
        for part, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*at, part))
    elif isinstance(value, str) and CANARY in value:
        yield at


def spoilt(at: tuple[str | int, ...]) -> Json:
    """The week with one of its canaries made invalid, by a character that no name has."""
    week = a_week_of_canaries()
    inside: Json = week
    for part in at[:-1]:
        inside = inside[part]  # type: ignore[index]
    inside[at[-1]] = f"{CANARY}\x00"  # type: ignore[index]
    return week


class Spans:
    """What OpenTelemetry would be told."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    @contextmanager
    def start_as_current_span(self, *told: object, **more: object) -> Iterator[Spans]:
        self.heard += [told, more]
        yield self

    def set_attribute(self, key: str, value: object) -> None:
        self.heard.append((key, value))


@contextmanager
def logged() -> Iterator[None]:
    """The service's own logs, on standard error, from DEBUG up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure("DEBUG")
    logging.getLogger("httpx2").disabled = True  # the test's own client
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.getLogger("httpx2").disabled = logging.getLogger("uvicorn.access").disabled = False
        logging.raiseExceptions = True
        structlog.reset_defaults()


def ask_for_everything(house: House) -> list[str]:
    """The life of a week of canaries; every text that must not hold one."""
    week = a_week_of_canaries()
    name = house.published(week)
    feed = house.feed()
    heard = [house.client.get(feed["url"]).text, house.client.get("/metrics").text]
    rota = house.ask("GET", f"/v1/rotas/{name}").json()["rota"]
    assert CANARY in json.dumps(rota)  # the rota itself names appointments
    heard.append(house.ask("GET", f"/v1/rotas/{name}/events").text)
    house.ask("POST", "/v1/evaluate", json={"request": week, "rota": rota})
    heard.append(house.ask("POST", "/v1/validate", json=week).text)
    explain_everything(house, name, week)
    assert canary("patient") not in house.ask("GET", "/v1/clinicians/c01/page?week=2026-11-30").text
    house.ask("POST", f"/v1/rotas/{name}/replan", json=week)
    house.solved()
    return heard


def explain_everything(house: House, name: str, week: Json) -> None:
    """Every explanation, asked rightly and wrongly; what they answer may name appointments."""
    one = canary("appointment")
    for what in (f"why?appointment={one}", "score", f"compare?with={name}", "report", "report/full-days.png"):
        assert house.ask("GET", f"/v1/rotas/{name}/{what}").status_code == 200
    assert house.ask("POST", "/v1/clashes", json=week).status_code == 200
    wrong = [house.ask("POST", "/v1/clashes", json=spoilt(("appointments", 0, "patient")))]
    wrong.append(house.ask("GET", f"/v1/rotas/{name}/why?appointment={CANARY}"))
    wrong.append(house.ask("GET", f"/v1/rotas/{name}/compare?with={CANARY}"))
    assert [answer.status_code for answer in wrong] == [422, 422, 404]
    assert CANARY not in "".join(answer.text for answer in wrong)


def refuse_everything(house: House) -> list[str]:
    """Errors of every kind about canaries."""
    week = a_week_of_canaries()
    faulty = [spoilt(at) for at in places(week)]
    assert len(faulty) == 13
    bodies = [json.dumps(one).encode() for one in faulty]
    bodies += [
        json.dumps(week | {canary("field"): 1}).encode(),
        f'{{"{CANARY}": 1, "{CANARY}": 2}}'.encode(),
        CANARY.encode(),
    ]
    answers = [
        house.ask("POST", path, content=body, headers={"Content-Type": "application/json"})
        for body in bodies
        for path in ("/v1/rotas", "/v1/evaluate", "/v1/batches", "/v1/keys", "/v1/feeds")
    ]
    headers = {"If-None-Match": CANARY, "Last-Event-ID": CANARY, "Idempotency-Key": f"{CANARY} {CANARY}"}
    for path in (
        f"/v1/{CANARY}",
        f"/v1/rotas/{CANARY}",
        f"/v1/rotas?a={CANARY}",
        f"/v1/rotas?{CANARY}=1",
        f"/v1/rotas/{CANARY}/events",
    ):
        answers += [house.ask(method, path, headers=headers) for method in ("GET", "POST", "DELETE", "TRACE")]
    answers.append(house.client.get("/v1/rotas", headers={"Authorization": f"Bearer {CANARY}"}))
    assert {answer.status_code for answer in answers} == {401, 404, 405, 422}
    return [answer.text + str(answer.headers) for answer in answers]


def test_no_name_is_in_a_log_a_trace_an_error_a_metric_or_a_feed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = Spans()
    monkeypatch.setattr("api.app.tracer", lambda: Tracer(spans))
    with logged(), a_house(tmp_path) as house:
        heard = ask_for_everything(house) + refuse_everything(house)
    _, told = capfd.readouterr()
    assert told.count('"event": "answered"') > 100
    assert len(spans.heard) > 300
    assert [text for text in (*heard, told, str(spans.heard)) if CANARY in text] == []


def test_a_defect_is_told_without_what_was_in_its_hands(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(database: Database) -> None:
        raise RuntimeError(f"{CANARY} could not be seen")

    monkeypatch.setattr(Database, "write", fails)
    with logged(), a_house_that_stands(tmp_path, monkeypatch) as house:
        answer = house.client.post("/v1/rotas", json=a_week_of_canaries(), headers=as_role("manager"))
    _, told = capfd.readouterr()
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    lines = [json.loads(line) for line in told.splitlines()]
    defect = next(line for line in lines if line["event"] == "defect")
    assert (defect["exception"], defect["operation"]) == ("RuntimeError", "rotas.create")
    assert defect["request_id"] == answer.json()["instance"].removeprefix("urn:uuid:")
    assert any(frame.endswith(" fails") for frame in defect["went_through"])
    assert CANARY not in told + answer.text


@contextmanager
def a_house_that_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house that was built before its database failed."""
    fails = Database.write
    monkeypatch.undo()
    with a_house(folder) as house:
        monkeypatch.setattr(Database, "write", fails)
        yield house


def test_an_exception_that_a_library_logs_loses_its_message(capfd: pytest.CaptureFixture[str]) -> None:
    with logged():
        try:
            raise ValueError(CANARY)
        except ValueError:
            log = logging.getLogger("some.library")
            log.exception("it went wrong", extra={"job": "j1", "patient": CANARY})
    _, told = capfd.readouterr()
    line = json.loads(told.splitlines()[-1])
    assert (line["event"], line["exception"], line["job"]) == ("it went wrong", "ValueError", "j1")
    assert CANARY not in told
