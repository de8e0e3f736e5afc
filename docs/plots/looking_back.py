"""What each letter of a name takes from those before it, as arcs, in two heads."""

from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from docs.plots.shared.paper import Picture, sheet
from docs.plots.shared.runs import attention_weights, trained
from docs.plugins.inks import INKS

NAME = "marianne"
LABELS = ["·", *NAME]
GAP = 0.3  # between the line of the letters and the feet of the arcs


def picture() -> Picture:
    run = trained()
    heads = attention_weights(run.gpt, run.tokenizer.encode(NAME)[:-1])
    figure, (axes,) = sheet(330, left=0, right=0, top=0, bottom=0)
    axes.set(xlim=(-0.4, len(NAME) + 0.4), ylim=(-3.0, 3.0))
    axes.axis("off")
    for i, label in enumerate(LABELS):
        axes.text(i, -0.1, label, ha="center", fontsize=30)
        for j in range(i):
            axes.add_patch(arc(j, i, 1, "first", heads[0, i, j]))
            axes.add_patch(arc(j, i, -1, "second", heads[3, i, j]))
    ends = [" ".join(f"{share:.2f}" for share in heads[i, -1]) for i in (0, 3)]
    words = f"The end of {NAME} takes from {' '.join(LABELS)}, in this order,"
    words += f" {ends[0]} in one head, and {ends[1]} in another."
    return Picture(figure, f"How a trained model looks back in {NAME}", words)


def arc(start: int, end: int, side: int, ink: str, share: float) -> PathPatch:
    shape = Affine2D().scale((end - start) / 2, side * (end - start) / 3)
    shape.translate((start + end) / 2, side * GAP)
    half = Path.arc(0, 180, n=2).transformed(shape)
    strength = {"lw": 13 * share, "alpha": 0.15 + 0.85 * share}
    return PathPatch(half, fc="none", ec=INKS[ink], **strength)
