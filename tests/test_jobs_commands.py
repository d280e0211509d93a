"""The commands of the service."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.people import People
from api.serve import Misconfigured, Settings, identities_of, loopback, serve
from api.store import Database
from solver.cli.app import app
from tests.job_builders import a_store, an_accepted_job


def ran(*words: str) -> str:
    """What a command prints, once it has ended well."""
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_help_loads_neither_the_service_nor_the_solver() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from solver.cli.app import app;"
        "CliRunner().invoke(app, ['--help']);"
        "print(sorted({'api', 'sqlalchemy', 'dbos', 'fastapi', 'ortools', 'numpy'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_key_made_on_the_command_line_opens_its_team(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rota.db'}"
    secret = ran(
        "keys", "add", "--team", "north", "--name", "loader", "--role", "integrator", "--database-url", url
    ).strip()
    database = Database(url)
    person = People(database).who(f"Bearer {secret}")
    assert (person.team, sorted(person.roles), person.kind) == ("north", ["integrator"], "key")
    database.close()


def test_a_role_that_there_is_not_makes_no_key(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rota.db'}"
    words = ["keys", "add", "--team", "north", "--name", "x", "--role", "king", "--database-url", url]
    assert CliRunner().invoke(app, words).exit_code == 1


def test_a_copy_goes_out_and_in_by_command(tmp_path: Path) -> None:
    database = a_store(tmp_path)
    an_accepted_job(database)
    url, other = str(database.engine.url), f"sqlite:///{tmp_path / 'other.db'}"
    database.close()
    file = str(tmp_path / "copy.gz")
    ran("backup", file, "--database-url", url)
    ran("restore", file, "--database-url", other)
    again = CliRunner().invoke(app, ["restore", file, "--database-url", other])
    assert again.exit_code == 1
    ran("prune", "--database-url", other)


def test_the_openapi_document_is_printed() -> None:
    assert json.loads(ran("openapi"))["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("clinic.example", False),
    ],
)
def test_demo_people_come_in_on_loopback_only(host: str, only_here: bool) -> None:
    assert loopback(host) is only_here
    if not only_here:
        with pytest.raises(Misconfigured, match="loopback"):
            serve(Settings("sqlite:///never.db", host, demo=True))


def test_half_a_configuration_of_tokens_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"x" * 32)
    whole = {
        "ROTA_JWT_ISSUER": "https://issuer.example",
        "ROTA_JWT_AUDIENCE": "rota",
        "ROTA_JWT_SECRET_FILE": str(secret),
    }
    assert identities_of({}) is None
    assert identities_of(whole) is not None
    for missing in whole:
        with pytest.raises(Misconfigured):
            identities_of({name: value for name, value in whole.items() if name != missing})
    secret.write_bytes(b"short")
    with pytest.raises(Misconfigured):
        identities_of(whole)
