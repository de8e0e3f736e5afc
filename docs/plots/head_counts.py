"""The loss of models with one head and with more, from two seeds."""

from docs.plots.shared.paper import Picture, sheet
from docs.plots.shared.runs import STEPS, mean_loss, trained, unseen
from docs.plugins.inks import INKS

SEEDS = {
    42: ((1, 4, 8), "first", (None, None)),
    1: ((1, 8), "second", (4, 2)),  # the ends only: each run takes its time
}


def picture() -> Picture:
    figure, (axes,) = sheet(240, left=44, right=70, top=8)
    words = f"Mean loss after {STEPS:,} steps, over names that the run has not seen."
    for seed, (counts, ink, dashes) in SEEDS.items():
        runs = [trained(seed=seed, n_head=n_head) for n_head in counts]
        losses = [mean_loss(run.gpt, unseen(run)) for run in runs]
        color = INKS[ink]
        axes.plot(counts, losses, lw=2, color=color, dashes=dashes, marker="o", ms=5)
        axes.text(8.4, losses[-1], f"seed {seed}", color=color, va="center")
        listed = ", ".join(f"{n} {loss:.3f}" for n, loss in zip(counts, losses))
        words += f" Seed {seed}, by the number of heads: {listed}."
    axes.set_xscale("log", base=2)
    axes.set_xticks(SEEDS[42][0], map(str, SEEDS[42][0]))
    axes.set(xlim=(0.9, 8.2), xlabel="heads")
    return Picture(figure, "The loss by the number of heads", words)
