"""How a program that reads a whole name at once comes from fits to weights."""

from math import inf

from matplotlib.axes import Axes

from docs.plots.shared.paper import Picture, cell, sheet
from docs.plots.shared.runs import attention_fits, attention_weights, trained

LABELS = ["BOS", *"mar"]
TITLES = ("fits", "with the mask", "weights")


def picture() -> Picture:
    run = trained()
    tokens = run.tokenizer.encode("mar")[:-1]
    fits = attention_fits(run.gpt, tokens)[0].tolist()
    weights = attention_weights(run.gpt, tokens)[0].tolist()
    hidden = [[*row[: i + 1], *[-inf] * (3 - i)] for i, row in enumerate(fits)]
    figure, panels = sheet(210, 1, 3, left=40, right=0, top=52, bottom=4, gap=(14, 0))
    for axes, title, grid in zip(panels, TITLES, (fits, hidden, weights)):
        axes.set_title(title, pad=26)
        draw(axes, grid)
    for i, label in enumerate(LABELS):
        panels[0].text(-0.2, i + 0.6, label, ha="right")
    rows = (" ".join(f"{w:.2f}" for w in row) for row in weights)
    words = f"Weights: {'; '.join(rows)}."
    return Picture(figure, "Fits, mask and weights for mar", words)


def draw(axes: Axes, grid: list[list[float]]) -> None:
    """The numbers of a square table."""
    axes.set(aspect=1, xlim=(0, 4), ylim=(4, 0))
    axes.axis("off")
    for i, row in enumerate(grid):
        axes.text(i + 0.47, -0.3, LABELS[i], ha="center")
        for j, x in enumerate(row):
            cell(axes, j, i, 1, "first", 0.15 * (x > -inf))
            text = f"{x:.1f}".replace("-", "−").replace("inf", "∞")
            axes.text(j + 0.47, i + 0.6, text, ha="center")
