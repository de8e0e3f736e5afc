"""Gradients of the model against nudging, with the right relu and with a wrong one."""

import random
from typing import Any

from docs.plots.shared.paper import Picture, dots, key, sheet
from docs.plugins.inks import INKS
from microgpt import GPT, Config, Value, number
from microgpt.nudge import nudge

TOKENS, CONFIG, SPAN = [26, 4, 12, 12, 0, 26], Config(27), (-0.03, 0.03)
FLOATS = GPT(CONFIG, float, random.Random(42)).floats()
NAMES = [name for name, (a, b) in CONFIG.shapes().items() for _ in range(a * b)]
WHERE, LATE = {"before relu": "first", "after it": "second"}, ("fc2", "ead")


class Careless(Value):
    def relu(self) -> Value:
        return Careless(number.relu(self.data), (self,), (1.0,))


def loss(x: float, i: int) -> Any:
    return GPT(CONFIG, float, weights=[*FLOATS[:i], x, *FLOATS[i + 1 :]]).loss(TOKENS)


def picture() -> Picture:
    figure, panels = sheet(280, 1, 2, left=64, right=16, gap=(72, 0))
    some, words = random.Random(1).sample(range(len(FLOATS)), 180), ""
    slopes = {i: nudge(lambda x, i=i: loss(x, i), FLOATS[i])[0] for i in some}
    for axes, kind in zip(panels, (Value, Careless)):
        (gpt := GPT(CONFIG, kind, weights=FLOATS)).loss(TOKENS).backward()
        pairs = {i: (slopes[i], gpt.parameters()[i].grad) for i in some}
        for late, (where, ink) in enumerate(WHERE.items()):
            part = [pairs[i] for i in some if (NAMES[i][-3:] in LATE) == late]
            dots(axes, part, 5, color=INKS[ink], alpha=0.7, label=where)
            off = sum(abs(x - y) > 1e-6 for x, y in part)
            words += f"{kind.__name__}, {where}: {off} of {len(part)} are off. "
        axes.set(xlim=SPAN, ylim=SPAN, xlabel="nudged", ylabel=kind.__name__)
    key(panels[0], columns=2)
    return Picture(figure, "Gradients and nudged slopes", words.strip())
