"""The image and the compose file, against what the program knows; nothing here can build them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from typer.core import TyperGroup
from typer.main import get_command

from api.app import openapi_document
from api.serve import identities_of
from solver.cli.app import app

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
OURS = [name for name, told in SERVICES.items() if told["image"] == "clinic-rota"]


def parsed(words: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    """The command that a line means, and its parameters; raises for what the program does not know."""
    monkeypatch.delenv("ROTA_DATABASE_URL", raising=False)
    group: Any = get_command(app)
    context = group.context_class(group)
    name, command, left = group.resolve_command(context, list(words))
    if isinstance(command, TyperGroup):
        _, command, left = command.resolve_command(context, left)
    return name, command.make_context(name, left, parent=context).params


@pytest.mark.parametrize("name", OURS)
def test_the_commands_of_the_compose_file_exist_and_parse(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    command, _ = parsed(SERVICES[name]["command"], monkeypatch)
    assert command == {"service": "serve", "worker": "worker"}[name]


def test_http_and_solving_are_processes_of_their_own_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(OURS) == {"service", "worker"}
    _, told = parsed(SERVICES["service"]["command"], monkeypatch)
    port = SERVICES["service"]["ports"][0].rpartition(":")[2]
    assert (told["workers"], told["host"], str(told["port"]), told["demo"]) == (0, "0.0.0.0", port, False)


def test_the_command_that_the_compose_file_tells_of_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    told = re.search("exec service rota (.*)`", COMPOSE)
    assert told
    command, words = parsed(told[1].split(), monkeypatch)
    assert (command, words["role"]) == ("keys", ["integrator"])


def test_the_variables_of_the_compose_file_let_people_in() -> None:
    names = [name for name in SERVICES["service"]["environment"] if name.startswith("ROTA_JWT_")]
    assert identities_of(dict.fromkeys(names, "https://people.example")) is not None


def test_what_says_that_a_container_is_well_is_there() -> None:
    (path,) = re.findall(r"127\.0\.0\.1:8000(/\w+)", SERVICES["service"]["healthcheck"]["test"][-1])
    assert path in openapi_document()["paths"]


@pytest.mark.parametrize("name", OURS)
def test_a_drain_ends_before_the_container_is_killed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Running jobs have drain_seconds, then 8 s to stop and be handed back, and a worker 15 s more at most.
    _, told = parsed(SERVICES[name]["command"], monkeypatch)
    assert int(SERVICES[name]["stop_grace_period"].rstrip("s")) >= told["drain_seconds"] + 15


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = [line.split()[1:-1] for line in DOCKERFILE.splitlines() if re.match("COPY (?!--from)", line)]
    for source in (each for sources in copied for each in sources):
        assert (ROOT / source).exists()
        assert f"!{source.removeprefix('./').partition('/')[0]}" in ignore


def test_the_image_starts_the_program_as_nobody_in_particular() -> None:
    (entry,) = re.findall("^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert set(json.loads(entry)) <= set(scripts)
    assert re.findall("^USER (.*)$", DOCKERFILE, re.MULTILINE)[-1] not in {"0", "root"}


def test_everything_that_the_image_installs_is_pinned_by_hash() -> None:
    installs = re.findall("pip install (.*?)(?: \\\\)?$", DOCKERFILE, re.MULTILINE)
    assert installs
    for words in installs:
        assert "--require-hashes" in words or "--no-index" in words
    built = (ROOT / "requirements-build.txt").read_text(encoding="utf-8").splitlines()
    assert set(built[1:]) <= set((ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines())
