"""What normalizing is worth: the loss on unseen names of models that differ."""

from statistics import fmean

from docs.plots.shared.paper import Picture, dots, sheet
from docs.plots.shared.runs import unseen, untrained
from docs.plots.shared.variants import Normed, centered, same
from docs.plugins.inks import INKS
from microgpt import train
from microgpt.ladder import arrays

STEPS, SEEDS = 500, (42, 1)
KINDS = {
    "as it is": (arrays.Value.rmsnorm, arrays.Value.rmsnorm),
    "LayerNorm": (centered, centered),
    "not the first": (same, arrays.Value.rmsnorm),
    "none": (same, same),
}


def picture() -> Picture:
    figure, (axes,) = sheet(204, left=104, right=44, top=8)
    words = f"Mean loss on unseen names after {STEPS} steps."
    for seed, ink in zip(SEEDS, ("first", "second")):
        losses = [unseen_loss(seed, kind) for kind in KINDS]
        dots(axes, zip(losses, range(len(losses))), 10, color=INKS[ink])
        for row, (kind, loss) in enumerate(zip(KINDS, losses)):
            axes.text(loss, row - 0.25, f"{loss:.3f}", ha="center", color=INKS[ink])
            words += f" Seed {seed}, {kind}: {loss:.3f}."
    axes.set(xmargin=0.15, ylim=(3.4, -0.6), xlabel="mean loss on unseen names")
    axes.set_yticks(range(len(KINDS)), KINDS)
    return Picture(figure, "What normalizing is worth", words)


def unseen_loss(seed: int, kind: str) -> float:
    docs, tokenizer, start, _ = run = untrained(seed)
    gpt = Normed(start, *KINDS[kind])
    for _ in train(gpt, docs, tokenizer, STEPS):
        pass
    return fmean(float(gpt.loss(tokens)) for tokens in unseen(run))
