"""The cover of the e-book: what a trained model looks back at while it reads a name."""

from pathlib import Path
from typing import Any

from matplotlib import style
from matplotlib.figure import Figure

from docs.plots.looking_back import LABELS, NAME, arc
from docs.plots.shared.emblem import INK, PAPER, png
from docs.plots.shared.runs import attention_weights, trained

SIZE, DOTS = (8, 12), 200  # inches, and dots in each
HEADS = ((0, 1, "#22558c"), (3, -1, "#a14a12"))  # which, on what side, in what color


def draw(title: str, author: str, font: Path) -> bytes:
    """The cover as a PNG; `font` is a TrueType font."""
    serif: dict[str, Any] = {"font": font, "color": INK}
    with style.context("default", after_reset=True):
        figure = Figure(SIZE, dpi=DOTS, facecolor=PAPER)
        figure.text(0.08, 0.9, title, fontsize=50, va="top", **serif)
        figure.text(0.08, 0.07, author, fontsize=20, **serif)
        arcs(figure, serif)
        return png(figure)


def arcs(figure: Figure, serif: dict[str, Any]) -> None:
    """The arcs of the book's first page, across the cover."""
    run = trained()
    heads = attention_weights(run.gpt, run.tokenizer.encode(NAME)[:-1])
    axes = figure.add_axes((0.06, 0.2, 0.88, 0.5))
    axes.set(xlim=(-0.5, len(LABELS) - 0.5), ylim=(-3.2, 3.2))
    axes.axis("off")
    for i, label in enumerate(LABELS):
        axes.text(i, -0.1, label, ha="center", fontsize=36, **serif)
        for j in range(i):
            for head, side, color in HEADS:
                drawn = arc(j, i, side, "text", heads[head, i, j])
                drawn.set(edgecolor=color, linewidth=16 * heads[head, i, j])
                axes.add_patch(drawn)
