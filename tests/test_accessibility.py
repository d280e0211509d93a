"""The report as a browser shows it, judged by axe-core: on a screen, on a telephone, and as it is printed."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pytest

from solver.answer import document
from solver.make import request_bytes
from solver.question.reading import read_request
from solver.report import read_week, report_html
from solver.search.clerk import clerk
from tests.accessible import judged
from tests.answers import solved

LEVERS = [
    {
        "lever": name,
        "detail": "More.",
        "gain_minutes": 60,
        "gain_bound_minutes": 90,
        "weakens_protection": weak,
    }
    for name, weak in (("clinician_day", False), ("less_admin", True))
]


@lru_cache
def a_page() -> str:
    """Boards, doubles, levers, whys, diaries and each clinician's own page."""
    question = read_request(request_bytes(2, 30, 5, "doubles"))
    told = document(question, solved(question.clinic, clerk(question.clinic)))
    told["verdict"] |= {"levers": LEVERS, "binding": ["breaks"]}
    return report_html(read_week(json.dumps(told), question, why_seconds=0.0))


def in_print(page: str) -> str:
    """The page with the rules of its print in force."""
    assert page.count("@media print {") == 1
    return page.replace("@media print {", "@media all {")


def test_nothing_on_a_screen_is_found_wrong(tmp_path: Path) -> None:
    found = judged(a_page(), tmp_path)
    assert found["violations"] == []
    assert found["incomplete"] == []
    looked_at = {"color-contrast", "heading-order", "html-has-lang", "role-img-alt", "region"}
    assert set(found["passes"]) >= looked_at


def test_a_telephone_shows_the_whole_page_without_scrolling_sideways(tmp_path: Path) -> None:
    found = judged(a_page(), tmp_path, width=390)
    assert found["violations"] == []
    assert found["wide"] == 0


def test_nothing_in_print_is_found_wrong(tmp_path: Path) -> None:
    assert judged(in_print(a_page()), tmp_path, width=760)["violations"] == []


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ('<html lang="en-GB">', "<html>", "html-has-lang"),
        ("--soft: #4a525c", "--soft: #c0c4ca", "color-contrast"),
    ],
)
def test_what_is_wrong_would_be_found(tmp_path: Path, good: str, bad: str, rule: str) -> None:
    assert good in a_page()
    head, _, _ = a_page().replace(good, bad).partition('<section id="board-section"')
    found = judged(f"{head}</main></body></html>", tmp_path)
    assert rule in {name for name, _ in found["violations"]}
