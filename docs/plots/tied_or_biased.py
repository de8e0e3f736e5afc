"""The loss on unseen names with biases, and with one matrix for two."""

from statistics import fmean

from docs.plots.shared.paper import Picture, dots, sheet
from docs.plots.shared.runs import UNSEEN, untrained
from docs.plots.shared.variants import Biased, Tied
from docs.plugins.inks import INKS
from microgpt import train
from microgpt.ladder import arrays

STEPS, SEEDS = 300, (42, 1)
KINDS = {"as it is": arrays.GPT, "with biases": Biased, "tied": Tied}


def picture() -> Picture:
    figure, (axes,) = sheet(190, left=100, right=34, top=8)
    words = f"The mean loss on unseen names after {STEPS} steps, for seeds"
    words += f" {' and '.join(map(str, SEEDS))}."
    for y, (title, kind) in enumerate(KINDS.items()):
        losses = [loss(kind, seed) for seed in SEEDS]
        for seed, mean, ink in zip(SEEDS, losses, ("first", "second")):
            dots(axes, [(mean, y)], 9, color=INKS[ink])
            axes.text(mean, y - 0.25, f"seed {seed}", color=INKS[ink], ha="center")
        words += f" {title.capitalize()}: {', '.join(f'{x:.3f}' for x in losses)}."
    axes.set_yticks(range(len(KINDS)), KINDS)
    axes.margins(x=0.15)
    axes.set(ylim=(len(KINDS) - 0.5, -0.7), xlabel="loss")
    return Picture(figure, "The loss with biases, and with tied matrices", words)


def loss(kind: type[arrays.GPT], seed: int) -> float:
    docs, tokenizer, start, _ = untrained(seed)
    gpt = kind(start.config, weights=start.floats())
    for _ in train(gpt, docs, tokenizer, STEPS):
        pass
    return fmean(float(gpt.loss(tokenizer.encode(name))) for name in docs[UNSEEN])
