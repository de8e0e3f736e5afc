"""Adam and SGD on the same documents: running means of the loss."""

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.runs import STEPS, running_mean, trained
from docs.plugins.inks import INKS
from microgpt import SGD, Adam

WINDOW = 50
RUNS = [
    (Adam, 0.01, INKS["first"], (None, None)),
    (SGD, 0.01, INKS["second"], (4, 2)),
    (SGD, 0.1, INKS["third"], (1, 1)),
]


def picture() -> Picture:
    figure, (axes,) = sheet(300, right=20)
    words = f"Mean of the last {WINDOW} losses."
    ends = range(WINDOW, STEPS + 1)
    for optimizer, lr, color, dashes in RUNS:
        means = running_mean(trained(optimizer, lr).losses, WINDOW)
        name = f"{optimizer.__name__}, {lr}"
        axes.plot(ends, means, lw=2, color=color, dashes=dashes, label=name)
        places = [WINDOW, STEPS // 4, STEPS // 2, STEPS]
        listed = ", ".join(f"{means[i - WINDOW]:.2f} at step {i}" for i in places)
        words += f" {name}: {listed}."
    axes.set(xlim=(0, STEPS), xlabel="step")
    key(axes, columns=len(RUNS))
    return Picture(figure, "The loss with Adam and with SGD", words)
