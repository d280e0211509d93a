"""Every cell of the matrix of roles and operations, asked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.app import bare_app
from api.people.matrix import MATRIX, open_to_all, verdict
from api.routes.desk import Answers, Desk, install
from api.routes.everything import DESKS
from api.routes.gate import gate
from tests.http_service import ROLES, House, a_house, as_role
from tests.question_builders import a_request, a_told_clinician

OPERATIONS = {operation.name: operation for desk in DESKS for operation in desk.operations}
CLOSED = sorted(name for name in OPERATIONS if not open_to_all(name))
OPEN = sorted(name for name in OPERATIONS if open_to_all(name))

TWO = a_request(clinicians=[a_told_clinician(), a_told_clinician(id="c02")])
BODIES = {
    "rotas.create": TWO,
    "rotas.replan": TWO,
    "evaluate": {"request": 1, "rota": 1},
    "validate": TWO,
    "clashes": TWO,
    "batches.create": {"requests": [TWO]},
    "feeds.create": {"clinician": "c02"},
    "keys.create": {"name": "a program", "roles": ["integrator"]},
}
QUERIES = {
    "diaries.get": "?week=2026-11-30",
    "diaries.page": "?week=2026-11-30",
    "rotas.why": "?appointment=a1",
    "rotas.compare": "?with=1",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which everything that can be asked for by id exists."""
    with a_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def ids(house: House) -> dict[str, str]:
    """An id for each kind of thing."""
    rota = house.done(TWO)
    batch = house.ask("POST", "/v1/batches", json={"requests": [TWO]}).json()["id"]
    key = house.ask("POST", "/v1/keys", json=BODIES["keys.create"]).json()["id"]
    return {
        "rotas": rota,
        "batches": batch,
        "keys": key,
        "feeds": house.feed("c02")["id"],
        "clinicians": "c02",
    }


def address(operation: str, ids: dict[str, str]) -> tuple[str, str]:
    """Method and path of an operation on things that exist; the diary is c02's."""
    told = OPERATIONS[operation]
    thing = told.path.split("/")[2] if told.path.startswith("/v1/") else ""
    path = told.path.replace("{id}", ids.get(thing, "")).replace("{code}", "stale").replace("{name}", "tiny")
    path = path.replace("{plot}", "full-days")
    return told.method, path + QUERIES.get(operation, "")


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    routes = [route for route in bare_app().routes if isinstance(route, APIRoute)]
    assert len(routes) == len(bare_app().routes)
    assert sorted(route.operation_id or "" for route in routes) == sorted(MATRIX)


def test_a_route_without_a_row_stops_the_service_from_starting() -> None:
    desk = Desk("new")
    desk.get("/v1/secret", "secret.get", "Nobody thought of it.", Answers())(lambda: None)
    with pytest.raises(KeyError, match=r"secret\.get has no row"):
        install(FastAPI(), [desk], gate)


@pytest.mark.parametrize("operation", CLOSED)
def test_nobody_comes_in_unnamed(house: House, ids: dict[str, str], operation: str) -> None:
    method, path = address(operation, ids)
    answer = house.ask(method, path, who=None, json=BODIES.get(operation))
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("operation", OPEN)
def test_what_is_open_needs_no_name(house: House, ids: dict[str, str], operation: str) -> None:
    method, path = address(operation, ids)
    feed = house.feed("c02")
    answer = house.ask(method, feed["url"] if operation == "diaries.ics" else path, who=None)
    assert answer.status_code == 200


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", CLOSED)
def test_a_role_may_do_what_its_cell_says(
    house: House, ids: dict[str, str], operation: str, role: str
) -> None:
    """The clinician of the tests is c01, and everything that exists is c02's or the team's."""
    method, path = address(operation, ids)
    cell = verdict(operation, [role])
    answer = house.ask(method, path, who=role, json=BODIES.get(operation))
    if cell == "deny":
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    elif cell == "own" and operation != "feeds.list":
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    elif operation == "feeds.list" and cell == "own":
        assert answer.json() == {"feeds": []}
    else:
        assert answer.status_code not in (401, 403, 404)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", [name for name in CLOSED if OPERATIONS[name].method == "GET"])
def test_head_opens_no_more_than_get(house: House, ids: dict[str, str], operation: str, role: str) -> None:
    _, path = address(operation, ids)
    get, head = (house.ask(method, path, who=role) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (get.status_code, b"")


@pytest.mark.parametrize("role", ["manager", "clinician"])
def test_a_conditional_request_opens_no_more(house: House, ids: dict[str, str], role: str) -> None:
    path = "/v1/clinicians/c02/diary?week=2026-11-30"
    tag = house.ask("GET", path).headers["ETag"]
    answer = house.ask("GET", path, who=role, headers={"If-None-Match": tag})
    assert answer.status_code == (304 if role == "manager" else 404)
    assert "ETag" in answer.headers or role == "clinician"


@pytest.mark.parametrize("operation", [name for name in CLOSED if "{id}" in OPERATIONS[name].path])
def test_a_guessed_id_and_another_teams_look_alike(house: House, ids: dict[str, str], operation: str) -> None:
    method, theirs = address(operation, ids)
    guessed = theirs
    for name in ids.values():
        guessed = guessed.replace(name, "0" * len(name))
    headers = {"If-Match": '"x"'}
    answers = [
        house.ask(method, path, who=who, json=BODIES.get(operation), headers=headers)
        for path, who in ((guessed, "manager"), (theirs, "south"))
    ]
    assert {answer.status_code for answer in answers} == {404}
    one, two = ({**answer.json(), "instance": ""} for answer in answers)
    assert one == two


def test_clinicians_read_their_own_diary(house: House, ids: dict[str, str]) -> None:
    path = "/v1/clinicians/c01/diary?week=2026-11-30"
    assert house.ask("GET", path, who="clinician").json()["clinician"] == "c01"


def test_a_clinician_without_a_name_owns_nothing(house: House, ids: dict[str, str]) -> None:
    from tests.http_service import a_token

    token = a_token(sub="nobody", roles=["clinician"])
    answer = house.client.get(
        "/v1/clinicians/c01/diary?week=2026-11-30", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("operation", ["rotas.publish", "keys.create", "keys.revoke"])
def test_a_program_does_not_do_what_a_person_answers_for(
    house: House, ids: dict[str, str], operation: str
) -> None:
    made = house.ask("POST", "/v1/keys", json={"name": "a program", "roles": ["manager"]}).json()
    method, path = address(operation, ids)
    headers = {"Authorization": f"Bearer {made['key']}", "If-Match": '"x"'}
    assert house.ask("GET", "/v1/rotas", who=None, headers=headers).status_code == 200
    assert house.ask(method, path, who=None, headers=headers, json=BODIES.get(operation)).status_code == 403


def test_a_revoked_key_opens_nothing(house: House) -> None:
    made = house.ask("POST", "/v1/keys", json={"name": "a program", "roles": ["integrator"]}).json()
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert house.client.get("/v1/rotas", headers=headers).status_code == 200
    assert house.ask("DELETE", f"/v1/keys/{made['id']}").json()["revoked"] is not None
    assert house.client.get("/v1/rotas", headers=headers).status_code == 401


def test_two_names_at_once_are_nobody(house: House) -> None:
    told = [("Authorization", as_role(role)["Authorization"]) for role in ("manager", "booking")]
    assert house.client.get("/v1/rotas", headers=told).status_code == 401


def test_a_folder_of_a_house_is_its_own(tmp_path: Path) -> None:
    with a_house(tmp_path) as fresh:
        assert fresh.ask("GET", "/v1/rotas").json() == {"rotas": [], "next": None}
