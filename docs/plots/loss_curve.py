"""The loss of each step of a run, its running mean, and what counting achieves."""

from docs.plots.shared.paper import Picture, dots, key, sheet
from docs.plots.shared.runs import STEPS, running_mean, trained
from docs.plugins.inks import INKS
from microgpt import ngrams

WINDOW = 50


def picture() -> Picture:
    run = trained()
    figure, (axes,) = sheet(300, right=76)
    faint = {"color": INKS["faint"], "alpha": 0.5, "label": "loss of one name"}
    dots(axes, enumerate(run.losses, 1), 2.5, **faint)
    means = running_mean(run.losses, WINDOW)
    name = f"mean of the last {WINDOW}"
    axes.plot(range(WINDOW, STEPS + 1), means, lw=2.2, color=INKS["first"], label=name)
    axes.set(xlim=(0, STEPS), xlabel="step")
    key(axes, columns=2)
    words = f"The {name} losses is {means[0]:.2f} at step {WINDOW}"
    words += f" and {means[-1]:.2f} at step {STEPS}. Single losses lie between"
    words += f" {min(run.losses):.2f} and {max(run.losses):.2f}."
    for name, loss in {
        "uniform": ngrams.uniform(run.tokenizer),
        "unigram": ngrams.unigram(run.docs, run.tokenizer),
        "bigram": ngrams.bigram(run.docs, run.tokenizer),
    }.items():
        axes.axhline(loss, color=INKS["second"], lw=1.4, dashes=(4, 3))
        axes.text(STEPS * 1.02, loss, name, color=INKS["second"], va="center")
        above = [step for step, mean in enumerate(means, WINDOW) if mean >= loss]
        last = (
            f"below it for good after step {above[-1]}" if above else "always below it"
        )
        words += f" The {name} loss is {loss:.2f}, and the mean is {last}."
    return Picture(figure, f"The loss in {STEPS:,} steps of training", words)
