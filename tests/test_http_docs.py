"""Every example of the user's guide works as it stands, against the service as it is served."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("bash", "curl", "jq")

pytestmark = pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="needs bash, curl and jq")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ("serve", "--demo", "--port", str(port), "--database-url", f"sqlite:///{tmp_path}/rota.db")
    command = (sys.executable, "-c", "from solver.cli import main; main()", *words)
    with (tmp_path / "log").open("wb") as log:
        served = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            yield _ready(f"http://127.0.0.1:{port}")
        finally:
            served.terminate()
            served.wait(60)


def _ready(address: str) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urlopen(f"{address}/readyz", timeout=1):
                return address
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the service was not ready within a minute")


def examples() -> list[str]:
    """The shell of the guide, block by block."""
    return re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)


@pytest.mark.slow
def test_the_guide_can_be_followed_to_its_end(address: str, tmp_path: Path) -> None:
    blocks = examples()
    marked = "\n".join(f"{block}echo; echo '<<<{number}>>>'" for number, block in enumerate(blocks))
    script = f"set -euo pipefail\nBASE={address}\nTOKEN=demo-manager\n{marked}"
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    told = re.split(r"<<<\d+>>>\n", ran.stdout)
    assert len(told) == len(blocks) + 1
    expected = {
        "/v1/validate": '"valid":true',
        "/events": "event: end",
        "/publish": '"publication":"published"',
        "/diary?week": '"breaks_kept":true',
        "jq -r .url feed.json": "BEGIN:VEVENT",
        "/page?week": '"heading":"Your week"',
        "seconds=5": '"complete":true',
        "data-urlencode": '"about":"place"',
        "/score": '"exact_cost":"144"',
        "/clashes": '"pins_hold":true',
        "/compare": '"left_out":[]',
        "/versions": '"version":1',
        "/recommendations": '"levers":[',
        "/v1/evaluate": '"obeys":true',
        "batch.json": '"rotas":[{',
        "/v1/keys": "rota_key_",
        "/v1/audit": '"action":"rotas.recommendations"',
        "/v1/problems": '"code":"invalid_request"',
    }
    assert (tmp_path / "week.html").read_bytes().startswith(b"<!DOCTYPE html>")
    assert (tmp_path / "risk-map.png").read_bytes().startswith(b"\x89PNG")
    for words, answer in expected.items():
        found = [text for block, text in zip(blocks, told, strict=False) if words in block]
        assert any(answer in text for text in found), (words, found)
