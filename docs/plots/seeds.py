"""Three numbers that a run may end with, from several seeds."""

from statistics import fmean

from docs.plots.shared.paper import Picture, dots, key, sheet
from docs.plots.shared.runs import mean_loss, trained, unseen
from docs.plugins.inks import INKS

SEEDS = (42, 1, 2, 3)
ENDS = {"last": "second", "mean of 200": "third", "unseen": "first"}


def ends(seed: int) -> list[float]:
    """What the run prints last, its last mean, and the mean on unseen names."""
    run = trained(seed=seed)
    return [run.losses[-1], fmean(run.losses[-200:]), mean_loss(run.gpt, unseen(run))]


def picture() -> Picture:
    figure, (axes,) = sheet(220, left=76, right=20)
    found = [ends(seed) for seed in SEEDS]
    words = "How runs end that differ in their seed alone."
    for (name, ink), losses in zip(ENDS.items(), zip(*found)):
        points = zip(losses, range(len(SEEDS)))
        dots(axes, points, 10, color=INKS[ink], label=name)
        listed = ", ".join(f"{loss:.3f}" for loss in losses)
        words += f" {name}: {listed}."
    axes.set(ylim=(len(SEEDS) - 0.5, -0.5), xlabel="loss")
    axes.set_yticks(range(len(SEEDS)), [f"seed {seed}" for seed in SEEDS])
    key(axes, columns=len(ENDS))
    return Picture(figure, "The end of a run, from several seeds", words)
