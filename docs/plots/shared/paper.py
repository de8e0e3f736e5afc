"""What pictures are drawn on: a figure as wide as a page has room, and inks.

A point of Matplotlib becomes a pixel of the page.
"""

from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from math import nan
from typing import Any, NamedTuple

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from docs.plugins.inks import FONT_SIZE, INKS

WIDTH = 480
POINTS = 72  # in Matplotlib's inches
STYLE = {
    "axes.edgecolor": INKS["faint"],
    "axes.facecolor": "none",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "none",
    "font.size": FONT_SIZE,
    "legend.borderaxespad": 0,
    "legend.borderpad": 0,
    "legend.fontsize": FONT_SIZE,
    "legend.frameon": False,
    "path.simplify": False,  # it would drop the dots
    "svg.fonttype": "none",
    "svg.hashsalt": "microgpt",
    "xtick.color": INKS["faint"],
    "xtick.labelcolor": INKS["text"],
    "xtick.labelsize": FONT_SIZE,
    "ytick.color": INKS["faint"],
    "ytick.labelcolor": INKS["text"],
    "ytick.labelsize": FONT_SIZE,
}


class Picture(NamedTuple):
    """A figure, what it is, and what it shows, for those who do not see it."""

    figure: Figure
    title: str
    words: str


class Drawn(NamedTuple):
    """A picture as the SVG of Matplotlib."""

    svg: str
    title: str
    words: str


def draw(picture: Callable[[], Picture]) -> Drawn:
    """Draw in the style of the book, whatever the settings of this machine are."""
    with style.context(STYLE, after_reset=True):
        figure, title, words = picture()
        file = StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", metadata=nothing)
    return Drawn(file.getvalue(), title, words)


def sheet(
    height: float,
    rows: int = 1,
    columns: int = 1,
    *,
    left: float = 32,
    right: float = 8,
    top: float = 24,
    bottom: float = 40,
    gap: tuple[float, float] = (0, 0),
) -> tuple[Figure, list[Axes]]:
    """A figure with axes; margins and the gaps, across and down, are in pixels."""
    figure = Figure((WIDTH / POINTS, height / POINTS))
    figure.patch.set_visible(False)
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    across = (WIDTH - left - right - gap[0] * (columns - 1)) / columns
    down = (height - top - bottom - gap[1] * (rows - 1)) / rows
    figure.subplots_adjust(
        left=left / WIDTH,
        right=1 - right / WIDTH,
        top=1 - top / height,
        bottom=bottom / height,
        wspace=gap[0] / across,
        hspace=gap[1] / down,
    )
    for panel in axes:
        panel.patch.set_visible(False)
    return figure, axes


def dots(
    axes: Axes, points: Iterable[tuple[float, float]], width: float, **how: Any
) -> None:
    """A round dot for each point; all are lines without length in one short path."""
    ends = [end for point in points for end in (point, point, (nan, nan))]
    style = {"lw": width, "solid_capstyle": "round", **how, "label": None}
    axes.plot(*zip(*ends), **style)
    axes.plot([], [], "o", ms=width, **how)  # what `key` shows, where it has a label


def key(axes: Axes, columns: int) -> None:
    """What each line is, in a row above the axes."""
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.02), ncols=columns)


def cell(
    axes: Axes, x: float, y: float, width: float, ink: str, opacity: float
) -> None:
    """A cell of a table, one high, with a gap to the right and below."""
    rectangle = Rectangle((x, y), width - 0.07, 0.93, lw=0, color=INKS[ink])
    rectangle.set_alpha(opacity)
    axes.add_patch(rectangle)


def column(
    axes: Axes, x: float, y: float, numbers: Iterable[float], label: str = ""
) -> None:
    """Numbers one below the other, each in a cell: the larger, the stronger."""
    axes.text(x + 0.47, y - 0.3, label, ha="center")
    for row, number in enumerate(numbers):
        cell(axes, x, y + row, 1, "faint", 0.12)
        cell(axes, x, y + row, 1, "second", min(0.5 * number, 0.5))
        axes.text(x + 0.47, y + row + 0.6, f"{number:.2g}", ha="center")


def vector(
    axes: Axes, y: float, label: str, xs: Sequence[float], strong: float = 2.5
) -> None:
    """Numbers as cells: the ink is the sign, full from `strong` on; 16 in a line."""
    axes.text(-0.4, y + 0.45, label, ha="right", va="center")
    for start in range(0, len(xs), 16):
        cell(axes, 0, y + start // 16, min(16, len(xs) - start), "faint", 0.1)
    for i, x in enumerate(xs):
        ink, opacity = "first" if x > 0 else "second", min(1.0, abs(x) / strong)
        if x:
            cell(axes, i % 16, y + i // 16, 1, ink, opacity)
