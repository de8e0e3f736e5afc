"""What a small network says of each place while it learns a circle, and its bends."""

import random
from math import inf

import numpy as np

from docs.plots.shared.paper import Picture, dots, sheet
from docs.plugins.inks import INKS
from microgpt import SGD, number
from microgpt.nn import MLP

GRID = [i / 3 for i in range(-3, 4)]
SIGNS = {(x, y): 1 if x * x + y * y < 0.6 else -1 for x in GRID for y in GRID}
X, Y = np.meshgrid(*[np.linspace(-1.15, 1.15, 47)] * 2)


def picture() -> Picture:
    figure, panels = sheet(180, 1, 3, left=4, right=4, bottom=4, gap=(18, 0))
    mlp, done, words = MLP([2, 8, 1], rng=random.Random(1)), 0, []
    sgd = SGD(mlp.parameters(), lr=0.1)
    for axes, steps in zip(panels, (0, 20, 100)):
        for _ in range(steps - done):
            errors = [(mlp(p)[0] - sign) ** 2 for p, sign in SIGNS.items()]
            (number.total(errors) * (1 / len(errors))).backward()
            sgd.step()
        hidden, (out,) = (layer.neurons for layer in mlp.layers)
        says = 0 * X + float(out.bias)
        for neuron, weight in zip(hidden, out.weights):
            a, b, c = map(float, neuron.parameters())
            axes.contour(X, Y, bend := a * X + b * Y + c, [0], colors=INKS["faint"])
            says += float(weight) * bend.clip(0)
        axes.contourf(X, Y, says, [0, inf], colors=INKS["first"], alpha=0.3)
        right, done = sum(mlp(p)[0].data * sign > 0 for p, sign in SIGNS.items()), steps
        for sign, ink in {1: "first", -1: "second"}.items():
            dots(axes, [p for p in SIGNS if SIGNS[p] == sign], 4, color=INKS[ink])
        axes.set(aspect=1, xticks=[], yticks=[], ylim=(1.15, -1.15))
        axes.set_title(title := f"after {steps} steps")
        words.append(f"{title}, {right} of {len(SIGNS)} points are right")
    return Picture(figure, "A network learns a circle", "; ".join(words) + ".")
