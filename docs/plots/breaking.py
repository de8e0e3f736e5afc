"""Where a loss is right, where somebody speaks up, and where nobody does."""

import math
import random
from itertools import groupby

from docs.plots.shared.paper import Picture, sheet
from docs.plugins.inks import INKS
from microgpt import GPT, Config, Value
from microgpt.number import cross_entropy

WEIGHTS = GPT(Config(27), float, random.Random(42)).floats()
SHADES = {"right": 0.08, "raises": 0.2, "NaN": 0.35, "wrong": 0.55}


def outcome(gap: int, power: int) -> str:
    logits, weights = (Value(gap), Value(0)), [10.0**power * x for x in WEIGHTS]
    try:
        cross_entropy(logits, 1).backward()
        loss = GPT(Config(27), float, weights=weights).loss([26, 0, 1, 2, 3, 4, 5, 26])
    except ValueError:
        return "raises"
    right = abs(logits[1].grad + 1) < 1e-9 if gap else power < 2
    return "NaN" if math.isnan(loss) else "right" if right else "wrong"


def picture() -> Picture:
    figure, panels = sheet(180, 2, left=24, right=16, top=28, bottom=28, gap=(0, 56))
    names, words = ("distance of two logits", "power of ten in all weights"), []
    gaps = [(gap, outcome(gap, 0)) for gap in range(680, 771)]
    powers = [(power, outcome(0, power)) for power in range(-25, 201)]
    for axes, name, found in zip(panels, names, (gaps, powers)):
        axes.set_title(f"By the {name}", loc="left")
        axes.set(xlim=(found[0][0], found[-1][0]), ylim=(0, 1), yticks=[])
        for what, group in groupby(found, key=lambda pair: pair[1]):
            left, *_, right = (x for x, _ in group)
            words += [f"{what} from {left} to {right} by the {name}"]
            axes.axvspan(left, right, lw=0, color=INKS["first"], alpha=SHADES[what])
            axes.text((left + right) / 2, 0.4, what, ha="center")
    return Picture(figure, "Where a loss fails and who says so", ", ".join(words) + ".")
