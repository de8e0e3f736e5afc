"""How many nodes and edges each rung keeps for the loss of one name."""

import random

from docs.plots.shared.paper import Picture, key, sheet
from docs.plugins.inks import INKS
from microgpt import Config
from microgpt.graph import topological_order
from microgpt.run import build

RUNGS = "value", "closures", "fused", "arrays", "by_hand"
NAME = [26, 0, 1, 2, 3, 4, 5, 26]
THICK = 0.36


def counts(rung: str) -> tuple[int, int]:
    """The nodes and the edges of a loss."""
    model = build(rung, Config(27), random.Random(42))
    nodes = topological_order(model.loss(NAME))
    return len(nodes), sum(len(node._children) for node in nodes)


def picture() -> Picture:
    figure, (axes,) = sheet(310, left=66, right=60, top=30)
    found = [counts(rung) for rung in RUNGS]
    words = "Nodes and edges of one loss."
    for kind, ink, shift in (0, "first", -0.5), (1, "second", 0.5):
        label = ("nodes", "edges")[kind]
        places = [row + shift * THICK for row in range(len(RUNGS))]
        numbers = [pair[kind] for pair in found]
        axes.barh(places, numbers, THICK * 0.9, color=INKS[ink], label=label)
        for place, number in zip(places, numbers, strict=True):
            axes.text(number * 1.15, place, f"{number:,}", va="center")
    for rung, (nodes, edges) in zip(RUNGS, found, strict=True):
        words += f" {rung}: nodes {nodes:,}, edges {edges:,}."
    axes.set(xscale="log", xlim=(0.5, 400_000), ylim=(len(RUNGS) - 0.4, -0.6))
    axes.set_yticks(range(len(RUNGS)), RUNGS)
    key(axes, columns=2)
    return Picture(figure, "What each rung keeps of one loss", words)
