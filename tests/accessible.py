"""A page in a browser, judged by axe-core: what it violates, and whether it is wider than its window."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60.0

_ASK = """
addEventListener("load", async () => {
  const found = await axe.run(document, { resultTypes: ["violations", "incomplete"] });
  const told = {
    passes: found.passes.map((rule) => rule.id),
    violations: found.violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))]),
    incomplete: found.incomplete.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))]),
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
  const pre = document.createElement("pre");
  pre.id = "axe-found";
  pre.textContent = JSON.stringify(told);
  document.body.append(pre);
});
"""


def browser() -> str:
    """The browser's command; without one the test is skipped."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("there is no browser: install Debian's chromium")
    return found


def axe() -> str:
    """The source of axe-core, which a Python package ships; without it the test is skipped."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.submodule_search_locations is None:
        pytest.skip("there is no axe-core: install the extra 'accessibility'")
    return (Path(next(iter(spec.submodule_search_locations))) / "axe.min.js").read_text(encoding="utf-8")


def judged(page: str, scratch: Path, width: int = 1280) -> dict[str, Any]:
    """What axe-core finds in a page; its own policy would let no script in, so that is taken out first."""
    command, source = browser(), axe()
    open_page, policies = re.subn(r"<meta http-equiv=.Content-Security-Policy.[^>]*>", "", page)
    assert policies == page.count("http-equiv")
    file = scratch / "page.html"
    file.write_text(
        open_page.replace("</body>", f"<script>{source}</script><script>{_ASK}</script></body>"),
        encoding="utf-8",
    )
    ran = subprocess.run(
        [
            *(command, "--headless", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"),
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            *(f"--user-data-dir={scratch / 'profile'}", f"--window-size={width},900"),
            *("--virtual-time-budget=30000", "--dump-dom", file.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    found = re.search(r'<pre id="axe-found">(.*?)</pre>', ran.stdout, re.DOTALL)
    assert found is not None, ran.stderr[-2000:]
    told: dict[str, Any] = json.loads(unescape(found[1]))
    return told
