"""Where each head of a trained model looks while it reads a name."""

from typing import Any

from matplotlib.axes import Axes

from docs.plots.shared.paper import Picture, cell, sheet
from docs.plots.shared.runs import attention_weights, trained

NAME = "marianne"
LABELS = ["BOS", *NAME]


def picture() -> Picture:
    run = trained()
    tokens = run.tokenizer.encode(NAME)[:-1]
    figure, panels = sheet(498, 2, 2, left=46, bottom=4, top=50, gap=(46, 64))
    words = f"While the model reads {NAME}, each position takes most from:"
    for head, weights in enumerate(attention_weights(run.gpt, tokens), 1):
        panels[head - 1].set_title(f"head {head}", pad=26)
        draw(panels[head - 1], weights)
        words += f" Head {head}: {', '.join(map(strongest, range(99), weights))}."
    return Picture(figure, f"Attention of each head while reading {NAME}", words)


def draw(axes: Axes, weights: Any) -> None:
    axes.set(aspect=1, xlim=(0, len(LABELS)), ylim=(len(LABELS), 0))
    axes.axis("off")
    for i, label in enumerate(LABELS):
        axes.text(-0.25, i + 0.5, label, ha="right", va="center")
        x, side = (i + 0.95, "right") if label == "BOS" else (i + 0.47, "center")
        axes.text(x, -0.3, label, ha=side)
        cell(axes, 0, i, i + 1, "faint", 0.12)
        for j in range(i + 1):
            cell(axes, j, i, 1, "first", weights[i, j])


def strongest(i: int, weights: Any) -> str:
    j = weights.argmax()
    return f"{i} {LABELS[i]} from {j} {LABELS[j]} ({weights[j]:.2f})"
