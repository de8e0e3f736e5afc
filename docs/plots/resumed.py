"""How a run goes on after a break that has forgotten some of Adam's numbers."""

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.resuming import BREAK, forgetful
from docs.plots.shared.runs import STEPS, running_mean, trained
from docs.plugins.inks import INKS

WINDOW = 25
LINES = {
    "m, v and t forgotten": ("mvt", "first", (None, None)),
    "m and v forgotten": ("mv", "second", (4, 2)),
}


def picture() -> Picture:
    figure, (axes,) = sheet(240, left=44, right=20)
    words = "How much larger the losses are than without a break."
    for name, (forgotten, ink, dashes) in LINES.items():
        pairs = zip(forgetful(forgotten)[BREAK:], trained().losses[BREAK:])
        extra = running_mean([a - b for a, b in pairs], WINDOW)
        color, steps = INKS[ink], range(BREAK + WINDOW, STEPS + 1)
        axes.plot(steps, extra, lw=2, color=color, dashes=dashes, label=name)
        listed = (
            f"{extra[i - WINDOW]:+.3f} at {BREAK + i}" for i in (25, 50, 100, 500)
        )
        words += f" {name}, in steps of {WINDOW}: {', '.join(listed)}."
    axes.axhline(0, lw=1, color=INKS["faint"])
    axes.set(xlim=(BREAK, STEPS), xlabel="step")
    key(axes, columns=len(LINES))
    last = len(forgetful("v"))
    words += f" v forgotten: the last step is {last}, then training breaks off."
    return Picture(figure, "The price of forgetting", words)
