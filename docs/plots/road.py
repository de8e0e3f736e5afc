"""The losses of the six programs on the road, and what plain counting achieves."""

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.road import losses
from docs.plots.shared.runs import STEPS, running_mean, trained
from docs.plugins.inks import INKS
from microgpt import ngrams

WINDOW = 100
LINES = {
    "count": ("text", (1, 1)),
    "by_hand": ("third", (None, None)),
    "attention": ("second", (None, None)),
    "heads": ("text", (4, 4)),
    "adam": ("first", (None, None)),
}


def picture() -> Picture:
    figure, (axes,) = sheet(340, right=76, top=44)
    words = f"Mean of the last {WINDOW} losses."
    for program, (ink, dashes) in LINES.items():
        means = running_mean(losses()[program], WINDOW)
        twins = [name for name in losses() if losses()[name] is losses()[program]]
        name = ", ".join(twins)
        ends, color = range(WINDOW, STEPS + 1, 10), INKS[ink]
        axes.plot(ends, means[::10], lw=2, color=color, dashes=dashes, label=name)
        listed = ", ".join(
            f"{means[i - WINDOW]:.2f} at step {i}" for i in (WINDOW, STEPS // 2, STEPS)
        )
        words += f" {name}: {listed}."
    for yardstick in (ngrams.unigram, ngrams.bigram):
        loss = yardstick(trained().docs, trained().tokenizer)
        axes.axhline(loss, color=INKS["faint"], lw=1.4, dashes=(4, 3))
        axes.text(STEPS * 1.02, loss, yardstick.__name__, va="center")
        words += f" The {yardstick.__name__} loss is {loss:.2f}."
    axes.set(xlim=(0, STEPS), xlabel="step")
    key(axes, columns=3)
    return Picture(figure, f"{STEPS:,} steps of each program", words)
