"""How many points of the circle a network gets right, by its hidden neurons."""

import random

import numpy as np

from docs.plots.circle import SIGNS
from docs.plots.shared.paper import Picture, dots, sheet
from docs.plugins.inks import INKS
from microgpt.nn import MLP

WIDTHS, SEEDS = range(1, 11), [*range(1, 21)]
P, SIGN = np.array([*SIGNS]), np.array([*SIGNS.values()])


def right(width: int, seeds: list[int] = SEEDS, steps: int = 300) -> list[int]:
    """Train a network for each seed, all at once; count the points it gets right."""
    layers = [MLP([2, width, 1], float, random.Random(seed)).layers for seed in seeds]
    w = np.array([[n.weights for n in hidden.neurons] for hidden, _ in layers])
    v = np.array([out.neurons[0].weights for _, out in layers])
    b, c = np.zeros(v.shape), np.zeros(len(v))
    for _ in range(steps + 1):
        bends = P @ w.mT + b[:, None]
        says = (bends.clip(0) @ v[:, :, None])[:, :, 0] + c[:, None]
        g = (0.1 * 2 / len(P) * (says - SIGN))[:, :, None]
        back = g * v[:, None] * (bends > 0)
        v, c = v - (bends.clip(0).mT @ g)[:, :, 0], c - g.sum((1, 2))
        w, b = w - back.mT @ P, b - back.sum(1)
    return [int(n) for n in (says * SIGN > 0).sum(1)]


def picture() -> Picture:
    figure, (axes,) = sheet(230, left=56, top=8, right=20)
    found = {n: right(n) for n in WIDTHS}
    dots(axes, [(n, x) for n in found for x in found[n]], 5, color=INKS["faint"])
    medians = [float(np.median(found[n])) for n in WIDTHS]
    axes.plot(WIDTHS, medians, lw=2, color=INKS["first"])
    axes.set(xlabel="hidden neurons", ylabel="points right", xticks=WIDTHS)
    words = ", ".join(f"{n} neurons {x:g}" for n, x in zip(WIDTHS, medians))
    return Picture(figure, "Points on the right side", f"Medians: {words}.")
