"""The loss before and after training, by the size of the weights that are drawn."""

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.runs import mean_loss, unseen, untrained
from docs.plugins.inks import INKS
from microgpt import train
from microgpt.ladder import arrays
from microgpt.model import STD

STEPS, STRETCHES = 250, (0.1, 0.3, 1, 3, 10)


def picture() -> Picture:
    run = untrained()
    names, before, after = unseen(run)[:200], [], []
    for stretch in STRETCHES:
        weights = [stretch * x for x in run.gpt.floats()]
        gpt = arrays.GPT(run.gpt.config, weights=weights)
        before.append(mean_loss(gpt, names))
        for _ in train(gpt, run.docs, run.tokenizer, STEPS):
            pass
        after.append(mean_loss(gpt, names))
    figure, (axes,) = sheet(250, right=20)
    sizes = [STD * stretch for stretch in STRETCHES]
    words = "The mean loss on unseen names by the standard deviation of the weights."
    for title, losses, ink in (
        ("before training", before, "second"),
        (f"after {STEPS} steps", after, "first"),
    ):
        axes.plot(sizes, losses, lw=2, color=INKS[ink], marker="o", ms=5, label=title)
        listed = ", ".join(f"{x:.3g} {loss:.2f}" for x, loss in zip(sizes, losses))
        words += f" {title.capitalize()}: {listed}."
    axes.set(xscale="log", yscale="log", xlabel="standard deviation")
    axes.set_xticks(sizes, [f"{x:.3g}" for x in sizes], minor=False)
    axes.set_xticks([], minor=True)
    axes.set_yticks([2.5, 5, 10, 20, 50, 100], ["2.5", "5", "10", "20", "50", "100"])
    axes.set_yticks([], minor=True)
    key(axes, columns=2)
    return Picture(figure, "The loss by the size of the weights drawn", words)
