"""The mixture that the chapter on attention computes by hand, for the name *mari*."""

from docs.plots.shared.paper import Picture, column, sheet
from docs.plugins.inks import INKS
from microgpt.model import attention
from microgpt.number import dot, softmax

LABELS = ["BOS", "m", "a", "r", "i"]
KEYS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
VALUES = [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
QUERY = [0.0, 3.0]
ROWS = {0.6: "key: vowel?", 1.6: "consonant?", 2.6: "fit", 3.4: "over √2"}
ROWS |= {5.6: "weight", 7.0: "value: m?", 8.0: "r?"}


def picture() -> Picture:
    fits = [dot(QUERY, key) for key in KEYS]
    scaled = [fit * 2**-0.5 for fit in fits]
    weights = softmax(scaled)
    result = attention(QUERY, KEYS, VALUES)
    figure, (axes,) = sheet(360, left=90, right=4, top=4, bottom=4)
    axes.set(xlim=(0, 6.9), ylim=(9, -0.8))
    axes.axis("off")
    for y, text in ROWS.items():
        axes.text(-0.2, y, text, ha="right")
    for x, label in enumerate(LABELS):
        column(axes, x, 0, KEYS[x], label)
        axes.text(x + 0.47, 2.6, f"{fits[x]:g}", ha="center")
        axes.text(x + 0.47, 3.4, f"{scaled[x]:.3g}", ha="center")
        axes.bar(x + 0.47, -3 * weights[x], 0.93, 5.2, color=INKS["first"])
        axes.text(x + 0.47, 5.65, f"{weights[x]:.2f}", ha="center")
        column(axes, x, 6.4, VALUES[x])
    column(axes, 5.9, 0, QUERY, "query")
    column(axes, 5.9, 6.4, result, "result")
    shares = ", ".join(f"{label} {w:.2f}" for label, w in zip(LABELS, weights))
    words = f"Weights: {shares}. Result: {result[0]:.2f} of m, {result[1]:.2f} of r."
    return Picture(figure, "Attention by hand at the last letter of mari", words)
