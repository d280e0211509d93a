"""The weeks that come with the project, to try the service on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_INSTALLED = Path(__file__).parents[1] / "demo"
_BESIDE = Path(__file__).parents[2] / "fixtures"


@cache
def weeks() -> dict[str, Path]:
    """Where each of them is, by name."""
    folder = _INSTALLED if _INSTALLED.is_dir() else _BESIDE
    return {path.stem: path for path in sorted(folder.glob("*.json"))}
