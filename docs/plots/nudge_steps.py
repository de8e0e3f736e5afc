"""How far nudged slopes are off, by the size of the step: for e^x and for the model."""

from docs.plots.shared.nudged import STEPS, errors
from docs.plots.shared.paper import Picture, key, sheet
from docs.plugins.inks import INKS

LINES = [("third", (1, 1)), ("second", (4, 2)), ("first", (None, None))]


def picture() -> Picture:
    figure, (axes,) = sheet(310, left=44, right=20)
    words = "The relative error of a nudged slope."
    for (name, found), (ink, dashes) in zip(errors().items(), LINES, strict=True):
        color = INKS[ink]
        axes.plot(STEPS, found, lw=2, color=color, dashes=dashes, label=name)
        error, step = min(zip(found, STEPS))
        words += f" {name}: {found[0]:.0e} at the largest step, {error:.0e} at best,"
        words += f" at the step {step:.0e}, {found[-1]:.0e} at the smallest."
    axes.set(xscale="log", yscale="log", xlim=(STEPS[0], STEPS[-1]), xlabel="step")
    for axis, places in (axes.xaxis, (-1, -6, -10, -14)), (axes.yaxis, (0, -4, -8)):
        axis.set_ticks([10.0**i for i in places], [f"1e{i}" for i in places])
        axis.set_ticks([], minor=True)
    axes.set_title("relative error", loc="left", pad=24)
    key(axes, columns=3)
    return Picture(figure, "The error of a nudged slope, by its step", words)
