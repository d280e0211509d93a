"""Keys for programs: made, listed and revoked; the secret is told once."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.routes import views
from api.routes.asked import Key
from api.routes.bodies import Small
from api.routes.bodies import told as read
from api.routes.desk import KEYED, Answers, Asks, Desk
from api.routes.once import Made, once
from api.routes.parameters import Id
from api.routes.service import person_of, service_of
from api.routes.shapes_access import KeyDocument, KeyList, NewKey
from api.store import audit, keys
from api.store.tables import ApiKey

desk = Desk("keys")


@desk.post("/v1/keys", "keys.create", "Make a key.", Answers(NewKey, 201), Asks("Key", headers=KEYED))
def create(request: Request, data: Small) -> Response:
    """Only its hash is kept, so it cannot be told again."""
    who, asked = person_of(request), read(Key, data)

    def make(s: Session) -> Made:
        secret, key = keys.create(s, who.team, asked.name, set(asked.roles), who.subject)
        audit.note(s, who, "keys.create", f"key:{key.id}", key.roles)
        return Made(201, f"/v1/keys/{key.id}", told(key) | {"key": None}, {"key": secret})

    return once(request, service_of(request), who, data, make)


@desk.get("/v1/keys", "keys.list", "The team's keys.", Answers(KeyList))
def list_(request: Request) -> JSONResponse:
    """Without their secrets, which nobody has."""
    who = person_of(request)
    with service_of(request).database.read() as s:
        return JSONResponse({"keys": [told(key) for key in keys.list_(s, who.team)]})


@desk.delete("/v1/keys/{id}", "keys.revoke", "Revoke a key.", Answers(KeyDocument))
def revoke(request: Request, id: Id) -> JSONResponse:  # noqa: A002
    """It opens nothing from the next request on."""
    who = person_of(request)
    with service_of(request).database.write() as s:
        key = keys.revoke(s, who.team, id)
        audit.note(s, who, "keys.revoke", f"key:{id}")
        return JSONResponse(told(key))


def told(key: ApiKey) -> dict[str, Any]:
    """A key without its secret: `shapes_access.KeyDocument`."""
    return {
        "id": key.id,
        "name": key.name,
        "roles": key.roles.split(),
        "created": views.moment(key.created),
        "expires": views.moment(key.expires),
        "revoked": views.moment(key.revoked),
    }
