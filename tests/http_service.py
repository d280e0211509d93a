"""The service on a real SQLite file, asked in one process, with people of two teams."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.jobs.ledger import Ledger
from api.people import People, Tokens
from api.people.tokens import SharedKey
from api.routes.service import Service
from api.routes.sse import Rhythm
from api.store import Database, migrate
from solver import rules
from solver.answer import document
from solver.question.reading import read_request
from solver.search.clerk import clerk
from solver.solve import Solved
from tests.question_builders import Json, a_request

SECRET = b"0123456789abcdef0123456789abcdef"
ISSUER, AUDIENCE = "https://people.example", "clinic-rota"
ROLES = ("booking", "clinician", "manager", "integrator")
WEEK = "2026-11-30"


def a_token(secret: bytes = SECRET, **changes: object) -> str:
    """A manager of the north; a claim that is None is left out."""
    now = int(time.time())
    claims: Json = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "somebody",
        "iat": now,
        "exp": now + 600,
        "team": "north",
        "roles": ["manager"],
    }
    told = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(told, secret, algorithm="HS256")


def as_role(role: str, *, team: str = "north", clinician: str = "c01") -> dict[str, str]:
    """Headers of somebody with one role; a clinician is c01 unless another is named."""
    own: Json = {"clinician": clinician} if role == "clinician" else {}
    token = a_token(sub=f"{role}-of-{team}", team=team, roles=[role], **own)
    return {"Authorization": f"Bearer {token}"}


def a_rota(body: bytes) -> Json:
    """What the booking clerk makes of a request, as the document of a solve that ran out of time."""
    question = read_request(body)
    rota = clerk(question.clinic)
    cost = rules.cost(question.clinic, rota)
    gap = float(cost) / max(1.0, float(cost))
    return document(question, Solved("feasible", "time_limit", rota, cost, 0.0, gap))


@dataclass(frozen=True)
class House:
    """A service, and whoever asks it."""

    service: Service
    client: TestClient

    def ask(
        self,
        method: str,
        path: str,
        *,
        who: str | None = "manager",
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """One request; ``who`` is a role of the north, ``south`` a manager of the other team, None nobody."""
        told = dict(headers or {})
        if who == "south":
            told = as_role("manager", team="south") | told
        elif who is not None:
            told = as_role(who) | told
        return self.client.request(method, path, headers=told, json=json, content=content)

    def submitted(
        self, request: Json | None = None, *, who: str = "manager", headers: Mapping[str, str] | None = None
    ) -> str:
        """The id of a new job."""
        answer = self.ask("POST", "/v1/rotas", who=who, json=request or a_request(), headers=headers)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def solved(self, changes: Mapping[str, object] | None = None) -> str:
        """Take the next job and give it the clerk's rota; its id."""
        ledger = Ledger(self.service.database, "worker")
        claimed = ledger.take()
        assert claimed is not None
        ledger.tell(claimed, {"seconds": 0.1, "cost": 2.0, "bound": 1.0, "gap": 0.5}, None)
        assert ledger.finish(claimed, a_rota(claimed.body) | dict(changes or {}), cancelled=False)
        return claimed.job

    def done(self, request: Json | None = None) -> str:
        """The id of a job that has a rota."""
        name = self.submitted(request)
        assert self.solved() == name
        return name

    def tag(self, rota: str) -> str:
        """The ETag of a rota."""
        return str(self.ask("GET", f"/v1/rotas/{rota}").headers["ETag"])

    def published(self, request: Json | None = None) -> str:
        """The id of a rota that holds."""
        name = self.done(request)
        answer = self.ask("POST", f"/v1/rotas/{name}/publish", headers={"If-Match": self.tag(name)})
        assert answer.status_code == 200, answer.text
        return name

    def feed(self, clinician: str = "c01", who: str = "manager") -> Json:
        """A new feed."""
        answer = self.ask("POST", "/v1/feeds", who=who, json={"clinician": clinician})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@contextmanager
def a_house(folder: Path, *, demo: bool = False, **changes: object) -> Iterator[House]:
    """A fresh service whose database is a file in a folder."""
    with a_house_on(f"sqlite:///{folder}/rota.db", demo=demo, **changes) as house:
        yield house


@contextmanager
def a_house_on(url: str, *, demo: bool = False, **changes: object) -> Iterator[House]:
    """A service on a database, which is migrated first."""
    database = Database(url)
    migrate(database)
    people = People(database, Tokens(SharedKey(SECRET), ISSUER, AUDIENCE), demo=demo)
    told: dict[str, Any] = {"announce": lambda _: None, "rhythm": Rhythm(look=0.02), "demo": demo}
    told.update(changes)
    service = Service(database, people, **told)
    try:
        with TestClient(create_app(service), raise_server_exceptions=False) as client:
            yield House(service, client)
    finally:
        database.close()


def a_body(request: Json | None = None) -> bytes:
    return json.dumps(request or a_request()).encode()
