"""Managers read who did what in their team; the command verifies it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.routes.shapes_access import AuditList
from solver.cli.app import app
from tests.http_service import House, a_house
from tests.question_builders import a_request, a_told_appointment


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_house(tmp_path) as house:
        yield house


def audited(house: House, *words: str) -> tuple[int, str, str]:
    """How `rota audit` ends, and what it says on standard output and error."""
    ran = CliRunner().invoke(app, ["audit", "--database-url", str(house.service.database.engine.url), *words])
    return ran.exit_code, ran.stdout, ran.stderr


def tampered(house: House, statement: str) -> None:
    """Run a statement as somebody who can take the database's guards away."""
    with house.service.database.write() as s:
        s.execute(text("drop trigger audit_update"))
        s.execute(text("drop trigger audit_delete"))
        s.execute(text(statement))


def test_pages_of_the_audit_have_every_record_of_the_team_once(house: House) -> None:
    names = [house.submitted() for _ in range(5)]
    house.submitted(who="south")
    found, address = [], "/v1/audit?limit=2"
    while address:
        page = house.ask("GET", address).json()
        AuditList.model_validate(page, strict=False)
        found += [(record["object"], record["actor"]) for record in page["records"]]
        address = page["next"]
    assert found == [(f"rota:{name}", "manager-of-north") for name in names[::-1]]


def test_the_audit_is_narrowed_by_object_by_actor_and_by_time(house: House) -> None:
    one, two = house.submitted(), house.submitted(who="booking")
    last = house.ask("GET", "/v1/audit?limit=1").json()["records"][0]
    cases = {
        f"?object=rota:{one}": [one],
        "?actor=booking-of-north": [two],
        f"?since={last['at'].replace('+', '%2B')}": [two],
        "?since=2100-01-01T00:00:00Z": [],
    }
    for query, names in cases.items():
        told = house.ask("GET", f"/v1/audit{query}").json()["records"]
        assert [record["object"] for record in told] == [f"rota:{name}" for name in names], query


@pytest.mark.parametrize(
    "query", ["?since=yesterday", "?object=rota", "?before=0", "?limit=0", "?actor=%00", "?team=south"]
)
def test_what_is_no_question_about_the_audit_is_refused(house: House, query: str) -> None:
    answer = house.ask("GET", f"/v1/audit{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_only_managers_read_the_audit(house: House) -> None:
    for who in ("booking", "clinician", "integrator"):
        assert house.ask("GET", "/v1/audit", who=who).status_code == 403


def test_no_record_names_a_patient_or_an_appointment(house: House) -> None:
    secret = a_told_appointment(id="Zebedee-appointment", patient="Zebedee-patient")
    house.published(a_request(appointments=[secret]))
    assert "Zebedee" not in house.ask("GET", "/v1/audit").text
    code, told, _ = audited(house, "--list")
    assert (code, "Zebedee" in told) == (0, False)


def test_the_command_tells_where_the_chain_ends_and_finds_that_end_again(house: House) -> None:
    house.submitted()
    code, told, _ = audited(house)
    assert (code, told[:2]) == (0, "1:")
    house.submitted()
    assert audited(house, "--known", told.strip())[0] == 0
    assert audited(house, "--known", "nonsense")[0] == 1


def test_the_command_names_the_record_in_which_the_chain_breaks(house: House) -> None:
    for _ in range(3):
        house.submitted()
    _, whole, _ = audited(house)
    tampered(house, "update audit set actor = 'nobody' where seq = 2")
    code, _, said = audited(house)
    assert (code, "breaks at record 2" in said) == (1, True)
    # Records cut off the end show only against an end that was kept.
    with house.service.database.write() as s:
        s.execute(text("delete from audit where seq > 1"))
    assert audited(house)[0] == 0
    code, _, said = audited(house, "--known", whole.strip())
    assert (code, "breaks at record 2" in said) == (1, True)


def test_the_command_lists_records_as_lines_of_json(house: House) -> None:
    one = house.submitted()
    house.submitted(who="south")
    _, told, _ = audited(house, "--list", "--team", "north")
    (record,) = [json.loads(line) for line in told.splitlines()]
    assert (record["seq"], record["action"], record["object"]) == (1, "rotas.create", f"rota:{one}")
    assert len(audited(house, "--list")[1].splitlines()) == 2
    assert audited(house, "--list", "--actor", "nobody")[1] == ""
    assert audited(house, "--list", "--since", "yesterday")[0] == 1
