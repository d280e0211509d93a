"""What is sent by mistake or malice gets the right status, a problem+json, and nothing of itself back."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from api.problems import PROBLEMS
from api.problems.document import ProblemDocument
from tests.http_nasty import ALL, SECRET, Nasty
from tests.http_service import House, a_house, as_role


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def rota(house: House) -> str:
    return house.done()


def test_there_are_sixty_at_least_and_no_two_alike() -> None:
    assert len({nasty.name for nasty in ALL}) == len(ALL) >= 60


@pytest.mark.parametrize("nasty", ALL, ids=lambda nasty: nasty.name)
def test_it_is_refused_without_an_echo(
    house: House, rota: str, nasty: Nasty, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    who = {} if nasty.who is None else as_role(nasty.who)
    headers = [(name.encode(), _bytes(value)) for name, value in {**who, **nasty.headers}.items()]
    answer = house.client.request(
        nasty.method, nasty.path.replace("{rota}", rota), headers=headers, content=nasty.body
    )
    assert answer.status_code == nasty.status
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = ProblemDocument.model_validate(answer.json())
    assert (told.code, told.status) == (nasty.code, nasty.status)
    assert (told.type, told.title) == (f"/v1/problems/{nasty.code}", PROBLEMS[nasty.code].title)
    if nasty.fault:
        assert [(fault.code, fault.pointer) for fault in told.faults] == [nasty.fault]
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    heard = answer.text + str(answer.headers) + "".join(logged) + "".join(capfd.readouterr())
    assert SECRET not in heard
    assert "Zebed" not in heard


def test_after_all_of_them_the_service_is_well(house: House, rota: str) -> None:
    assert house.ask("GET", f"/v1/rotas/{rota}").status_code == 200
    assert b"rota_http_failures_total 0.0" in house.client.get("/metrics").content


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
