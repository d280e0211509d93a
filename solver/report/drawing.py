"""How plots are drawn, and how they come to stand in a page: as SVG without any id or style of its own.

Colours are those of Okabe and Ito, which most colour-blind people can tell apart; what matters is also told
apart by hatching, marks or numbers.

References
----------
M. Okabe and K. Ito, "Color universal design", 2008, https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, YELLOW = "#0072B2", "#D55E00", "#009E73", "#F0E442"
SKY, PURPLE, GREY, PALE, INK = "#56B4E9", "#CC79A7", "#8A8F98", "#E4E7EB", "#1B1F24"

Box = tuple[float, float, float, float]
"""Left, lower edge, width and height."""

WIDTH = 7.4
"""Inches: a portrait page of A4 less its margins."""

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.size": 8.0,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "rota",
}


@contextmanager
def style() -> Iterator[None]:
    """The look of every plot; to be held while one is drawn and while it is written."""
    with mpl.rc_context(_STYLE):
        yield


def blank(height: float) -> Figure:
    """An empty figure of the page's width, ``height`` inches high."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


def boxes(
    axis: Axes,
    places: Sequence[Box],
    colour: str | Sequence[str],
    *,
    edge: str = "white",
    width: float = 0.0,
    hatch: str = "",
) -> None:
    """Many rectangles at once, which is much faster than one by one; the axis keeps its limits."""
    if not places:
        return
    corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in places]
    drawn = PolyCollection(corners, facecolors=colour, edgecolors=edge, linewidths=width, hatch=hatch or None)
    drawn.set_in_layout(False)
    axis.add_collection(drawn, autolim=False)


def svg(figure: Figure, name: str) -> str:
    """The figure as an element of a page; ``name`` makes its ids its own."""
    out = BytesIO()
    with style():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue().decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r' xmlns(?::xlink)?="[^"]*"', "", text)
    text = re.sub(r'xlink:href="#', f'href="#{name}-', text)
    text = text.replace("url(#", f"url(#{name}-")
    return text.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def png(figure: Figure, title: str) -> bytes:
    """The figure as a picture of 200 dots an inch, with its title above it."""
    out = BytesIO()
    with style():
        figure.set_size_inches(figure.get_figwidth(), figure.get_figheight() + 0.35)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        figure.savefig(out, format="png", dpi=200, metadata={"Software": None})
    return out.getvalue()


def readable_on(colour: str) -> str:
    """Black or white: whichever stands out more, by the contrast ratio of WCAG 2; it is over 4.5 then."""
    return "#000000" if (luminance(colour) + 0.05) ** 2 > 0.05 * 1.05 else "#FFFFFF"


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``, 0 to 1 (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
