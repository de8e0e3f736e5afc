"""What a writer of names gains and forgets while it is rewarded, by its leash."""

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.rewarded import learn
from docs.plugins.inks import INKS

LEASHES = [
    (0.0, INKS["first"], (None, None)),
    (0.1, INKS["second"], (4, 2)),
    (1.0, INKS["third"], (1, 1)),
]


def picture() -> Picture:
    figure, (axes,) = sheet(300, left=48, right=20)
    words = "Each line begins with the same writer."
    for leash, color, dashes in LEASHES:
        losses, shares = zip(*learn(leash))
        name = f"leash {leash}"
        axes.plot(losses, shares, lw=2, color=color, dashes=dashes, label=name)
        axes.plot(losses[-1], shares[-1], "o", ms=6, color=color)
        words += f" With {name}: from {shares[0]:.2f} at a loss of {losses[0]:.2f}"
        words += f" to {shares[-1]:.2f} at {losses[-1]:.2f}."
    axes.set(xlabel="loss on names", ylabel="share that ends in a", ylim=(0, 1.05))
    key(axes, columns=len(LEASHES))
    return Picture(figure, "Reward and loss of a writer", words)
