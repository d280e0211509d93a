"""The service behind a real socket: what is no HTTP is refused like anything else."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import uvicorn

from api.problems.document import ProblemDocument
from api.problems.wire import ProblemProtocol
from tests.http_nasty import SECRET
from tests.http_service import a_house, as_role


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with a_house(tmp_path_factory.mktemp("house")) as house:
        app = house.client.app
        config = uvicorn.Config(
            app, port=0, http=ProblemProtocol, log_config=None, access_log=False, lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
        server.should_exit = True
        thread.join(10)


def said(port: int, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what comes back until the line is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(sent)
        answer = b""
        with suppress(ConnectionResetError):  # what was sent after the refusal is not read
            while part := line.recv(65536):
                answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in rest), body


def a_post(headers: str, body: bytes) -> bytes:
    who = as_role("manager")["Authorization"]
    head = f"POST /v1/rotas HTTP/1.1\r\nHost: x\r\nAuthorization: {who}\r\nContent-Type: application/json\r\n"
    return (head + headers + "Connection: close\r\n\r\n").encode() + body


@pytest.mark.parametrize(
    "sent",
    [
        f"{SECRET}\r\n\r\n".encode(),
        f"GET /v1/rotas HTTP/1.1\r\nHost: x\r\n{SECRET}\r\n\r\n".encode(),
        b"GET /v1/rotas HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 200_000 + b"\r\n\r\n",
        b"POST /v1/rotas HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/rotas HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET /v1/rotas HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET /v1/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=[
        "words",
        "a header",
        "200 kB",
        "less than none",
        "two lengths",
        "two hosts",
        "bytes",
        "TLS",
    ],
)
def test_what_is_no_http_is_a_problem(port: int, sent: bytes) -> None:
    status, headers, body = said(port, sent)
    told = ProblemDocument.model_validate_json(body)
    assert status == told.status == 400
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert SECRET.encode() not in body


def test_a_body_beyond_the_limit_is_refused_by_its_length(port: int) -> None:
    status, _, body = said(port, a_post("Content-Length: 34000000\r\n", b"{"))
    assert (status, json.loads(body)["code"]) == (413, "too_large")


def test_a_body_without_a_length_is_counted(port: int) -> None:
    part = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    status, _, body = said(port, a_post("Transfer-Encoding: chunked\r\n", part * 33 + b"0\r\n\r\n"))
    assert (status, json.loads(body)["code"]) == (413, "too_large")


def test_a_length_past_all_numbers_is_refused(port: int) -> None:
    status, headers, _ = said(port, a_post(f"Content-Length: {'9' * 19}\r\n", b"{}"))
    assert (status, headers["content-type"]) == (413, "application/problem+json")


def test_half_a_body_harms_nobody(port: int) -> None:
    said_nothing = a_post("Content-Length: 1000\r\n", b'{"week"')
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(said_nothing)
    status, _, body = said(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (status, json.loads(body)) == (200, {"status": "ok"})
