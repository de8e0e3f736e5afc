"""The arithmetic for all slopes of one loss, in three ways, by the size of a model."""

import random

from docs.plots.shared.paper import Picture, key, sheet
from docs.plugins.inks import INKS
from microgpt import GPT, Config
from microgpt.graph import topological_order

SIZES = (4, 8, 12, 16)
LINES = {
    "nudging": ("second", (4, 2)),
    "forward mode": ("third", (1, 1)),
    "reverse mode": ("first", (None, None)),
}


def costs(n_embd: int) -> tuple[int, list[int]]:
    """The parameters of a model, and what each way costs for it."""
    gpt = GPT(Config(27, n_embd=n_embd), rng=random.Random(42))
    order = topological_order(gpt.loss([26, 4, 12, 12, 0, 26]))
    loss = sum(bool(node._children) for node in order)
    local_grads = sum(len(node._local_grads) for node in order)
    n = len(gpt.parameters())
    return n, [2 * n * loss, n * (loss + local_grads), loss + local_grads]


def picture() -> Picture:
    figure, (axes,) = sheet(280, left=48, right=20)
    found, words = [costs(n_embd) for n_embd in SIZES], ""
    for i, (name, (ink, dashes)) in enumerate(LINES.items()):
        points = [(n, ways[i]) for n, ways in found]
        how = {"color": INKS[ink], "dashes": dashes, "marker": "o", "ms": 5}
        axes.semilogy(*zip(*points), lw=2, label=name, **how)
        words += f" {name}: " + ", ".join(f"{y} for {n} parameters" for n, y in points)
        words += "."
    axes.set(xlabel="parameters", xticks=[n for n, _ in found])
    key(axes, columns=3)
    return Picture(figure, "What all slopes cost", words.strip())
