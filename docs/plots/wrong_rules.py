"""The loss of a training with right rules, and of two with one wrong rule each."""

from typing import Any
from unittest.mock import patch

import numpy as np

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.runs import STEPS, done, running_mean, trained
from docs.plugins.inks import INKS
from microgpt import Adam
from microgpt.ladder.arrays import Value

WINDOW, RUN = 100, (Adam, None, STEPS, 42, 4)
LINES = ("first", (None, None)), ("second", (4, 2)), ("third", (1, 1))


def relu(x: Any) -> Any:
    return Value(np.maximum(x.data, 0.0), (x,), (lambda grad: grad,))


def softmax(x: Any, scale: float, mask: Any) -> Any:
    exps = np.exp(x.data * scale + mask)
    probs = exps / exps.sum(-1, keepdims=True)
    return Value(probs, (x,), (lambda grad: scale * probs * grad,))


def picture() -> Picture:
    figure, (axes,) = sheet(280, right=20)
    runs, words = {"right rules": trained().losses}, f"Means of {WINDOW} losses."
    for rule in (relu, softmax):
        with patch.object(Value, rule.__name__, rule):
            runs[f"wrong {rule.__name__}"] = done.__wrapped__(*RUN).losses
    for (name, losses), (ink, dashes) in zip(runs.items(), LINES):
        ends, means = range(WINDOW, STEPS + 1), running_mean(losses, WINDOW)
        axes.plot(ends, means, color=INKS[ink], dashes=dashes, label=name)
        words += f" {name}: {means[0]:.2f} at first, {means[-1]:.3f} at last."
    key(axes, columns=3)
    return Picture(figure, "The loss with a wrong rule", words)
