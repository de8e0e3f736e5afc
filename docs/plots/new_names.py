"""How many of the names that a model writes are new, by temperature."""

import random

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.runs import STEPS, trained
from docs.plugins.inks import INKS
from microgpt import sample

TEMPERATURES, COUNT = (0.2, 0.5, 0.8, 1.0), 150
KINDS = {"learned": 0.9, "in the list": 0.35, "new": 0.75, "repeated": 0.3}
COLORS = [INKS[ink] for ink in ("second", "second", "first", "faint")]


def sorted_out(temperature: float) -> dict[str, int]:
    run, rng, before = trained(), random.Random(0), set[str]()
    counts = dict.fromkeys(KINDS, 0)
    for _ in range(COUNT):
        name = sample(run.gpt, run.tokenizer, temperature, rng)
        kind = "in the list" if name in run.docs else "new"
        kind = "learned" if name in run.docs[:STEPS] else kind
        counts["repeated" if name in before else kind] += 1
        before.add(name)
    return counts


def picture() -> Picture:
    (figure, (axes,)), words = sheet(220, left=52), f"Of {COUNT} names."
    for row, temperature in enumerate(TEMPERATURES):
        counts, start = sorted_out(temperature), 0
        for (kind, count), color in zip(counts.items(), COLORS):
            bar = axes.barh(row, count, 0.7, start, color=color, label="_" * row + kind)
            bar[0].set_alpha(KINDS[kind])
            start += count
        listed = (f"{count} {kind}" for kind, count in counts.items())
        words += f" At temperature {temperature}: {', '.join(listed)}."
    axes.set(xlim=(0, COUNT), ylim=(3.5, -0.5), ylabel="temperature", xlabel="names")
    axes.set_yticks(range(len(TEMPERATURES)), map(str, TEMPERATURES))
    key(axes, columns=len(KINDS))
    return Picture(figure, "New names by temperature", words)
