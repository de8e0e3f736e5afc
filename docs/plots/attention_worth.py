"""What attention is worth: the loss on unseen names of models trained without it."""

from docs.plots.shared.paper import Picture, dots, sheet
from docs.plots.shared.runs import mean_loss, places, unseen, untrained
from docs.plugins.inks import INKS
from microgpt import train
from microgpt.ladder import arrays

STEPS, SEEDS = 2000, (42, 1)
KINDS = {"attention": "", "equal weights": "attn_wq", "no attention": "attn_wo"}


def picture() -> Picture:
    figure, (axes,) = sheet(180, left=104, right=44, top=8)
    words = f"Mean loss on unseen names after {STEPS} steps."
    for seed, ink in zip(SEEDS, ("first", "second")):
        losses = [unseen_loss(seed, matrix) for matrix in KINDS.values()]
        dots(axes, zip(losses, range(len(losses))), 10, color=INKS[ink])
        for row, (kind, loss) in enumerate(zip(KINDS, losses)):
            axes.text(loss, row - 0.25, f"{loss:.3f}", ha="center", color=INKS[ink])
            words += f" Seed {seed}, {kind}: {loss:.3f}."
    axes.set(ylim=(2.4, -0.6), xlabel="mean loss on unseen names")
    axes.set_yticks(range(len(KINDS)), KINDS)
    return Picture(figure, "What attention is worth", words)


def unseen_loss(seed: int, matrix: str) -> float:
    """The loss after a run in which a matrix, if one is named, is held at zero."""
    run = untrained(seed)
    gpt = arrays.GPT(run.gpt.config, weights=run.gpt.floats())
    held = places(gpt.config, f"layer0.{matrix}") if matrix else slice(0)
    gpt.theta.data[held] = 0.0
    for _ in train(gpt, run.docs, run.tokenizer, STEPS):
        gpt.theta.data[held] = 0.0
    return mean_loss(gpt, unseen(run))
