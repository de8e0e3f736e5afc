"""What stands for the book: where a head of a trained model looks while it reads."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from textwrap import fill
from typing import Any

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from docs.plots.shared.runs import attention_weights, trained

HEAD = 3
SHORT, LONG = "anna", "marianne"
PAPER, INK, BLUE = "#fdfcf8", "#1f1c18", "#22558c"
FAINTEST = 0.1  # so that what is not looked at is seen, too
Rows = Sequence[Sequence[float]]


def looks(name: str) -> Rows:
    """How much each position takes of itself and of those before it."""
    run = trained()
    weights = attention_weights(run.gpt, run.tokenizer.encode(name)[:-1])[HEAD]
    return [row[: i + 1] for i, row in enumerate(weights.tolist())]


def ink(weight: float) -> float:
    return round(FAINTEST + (1 - FAINTEST) * weight, 2)


def icon_svg(rows: Rows) -> bytes:
    """The icon of a page, in units of a tenth of a square."""
    size = 10 * len(rows) + 6
    squares = "".join(
        f'<rect x="{10 * j + 3.5}" y="{10 * i + 3.5}" width="9" height="9"'
        f' fill-opacity="{ink(weight)}"/>'
        for i, row in enumerate(rows)
        for j, weight in enumerate(row)
    )
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"'
    paper = f'<rect width="{size}" height="{size}" rx="8" fill="{PAPER}"/>'
    return f'{opening} fill="{BLUE}">{paper}{squares}</svg>\n'.encode()


def squares(axes: Axes, rows: Rows) -> None:
    axes.set(aspect=1, xlim=(-0.35, len(rows) + 0.35), ylim=(len(rows) + 0.35, -0.35))
    axes.axis("off")
    for i, row in enumerate(rows):
        for j, weight in enumerate(row):
            place = (j + 0.05, i + 0.05)
            axes.add_patch(
                Rectangle(place, 0.9, 0.9, color=BLUE, alpha=ink(weight), linewidth=0)
            )


def icon_png(rows: Rows, pixels: int) -> bytes:
    """The icon for what shows no SVG."""
    figure = Figure((1, 1), dpi=pixels, facecolor="none")
    axes = figure.add_axes((0, 0, 1, 1))
    corner, side = -0.35, len(rows) + 0.7
    box = FancyBboxPatch(
        (corner, corner), side, side, "round,pad=0,rounding_size=0.8", color=PAPER
    )
    axes.add_patch(box)
    squares(axes, rows)
    return png(figure)


def social(rows: Rows, name: str, title: str, words: str, font: Path) -> bytes:
    """What is shown where somebody links to the book: 1200 by 630 pixels."""
    figure = Figure((12, 6.3), dpi=100, facecolor=PAPER)
    axes = figure.add_axes((0.06, 0.06, 0.44, 0.88))
    squares(axes, rows)
    serif: dict[str, Any] = {"font": font, "color": INK}
    for i, letter in enumerate(["BOS", *name]):
        size = 22 if len(letter) == 1 else 12
        axes.text(-0.2, i + 0.5, letter, ha="right", va="center", size=size, **serif)
    figure.text(0.54, 0.7, title, fontsize=68, **serif)
    lines = fill(words, 28)
    figure.text(0.54, 0.62, lines, fontsize=25, va="top", linespacing=1.15, **serif)
    return png(figure)


def png(figure: Figure) -> bytes:
    """The same bytes each time."""
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def files(title: str, words: str, font: Path) -> dict[str, bytes]:
    """All pictures, by the names of their files; `font` is a TrueType font."""
    short = looks(SHORT)
    with style.context("default", after_reset=True):
        return {
            "icon.svg": icon_svg(short),
            "icon.png": icon_png(short, 48),
            "touch.png": icon_png(short, 180),
            "social.png": social(looks(LONG), LONG, title, words, font),
        }
