"""What the tape of one name holds behind the weights: records and numbers by rule."""

import random

from docs.plots.shared.paper import Picture, key, sheet
from docs.plugins.inks import INKS
from microgpt import Config
from microgpt.ladder import tape

NAME = [26, 0, 1, 2, 3, 4, 5, 26]


def counts() -> dict[str, tuple[int, int]]:
    """For each rule: how many records name it, and how many numbers they wrote."""
    found: dict[str, tuple[int, int]] = {}
    loss = tape.GPT(Config(27), random.Random(42)).loss(NAME)
    for back, out, _ in loss.tape.records:
        rule = back.__name__.removesuffix("_back")
        records, numbers = found.get(rule, (0, 0))
        found[rule] = records + 1, numbers + out.stop - out.start
    return dict(sorted(found.items(), key=lambda item: -item[1][1]))


def picture() -> Picture:
    figure, (axes,) = sheet(330, left=80, right=60, top=30)
    found, words = counts(), "Records and numbers on a tape."
    for kind, ink, shift in (0, "first", -0.18), (1, "second", 0.18):
        numbers = [pair[kind] for pair in found.values()]
        places = [row + shift for row in range(len(found))]
        label = ("records", "numbers")[kind]
        bars = axes.barh(places, numbers, 0.32, color=INKS[ink], label=label)
        axes.bar_label(bars, [f"{number:,}" for number in numbers], padding=4)
    for rule, (records, written) in found.items():
        words += f" {rule}: records {records:,}, numbers {written:,}."
    axes.set(xscale="log", xlim=(0.7, 4000), ylim=(len(found) - 0.5, -0.5))
    axes.set_yticks(range(len(found)), list(found))
    key(axes, columns=2)
    return Picture(figure, "What the tape of one name holds", words)
