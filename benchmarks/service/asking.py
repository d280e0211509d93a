"""Ask an application in this process, without a network between."""

from __future__ import annotations

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from benchmarks.service.served import BOOKING, Said


def asked(app: ASGIApp, method: str, path: str, body: bytes | None = None) -> Said:
    """What it answers to a demo person."""
    headers = {"Authorization": f"Bearer {BOOKING}", "Content-Type": "application/json"}
    said = TestClient(app, raise_server_exceptions=False).request(method, path, content=body, headers=headers)
    return Said(said.status_code, {k.lower(): v for k, v in said.headers.items()}, said.content)
