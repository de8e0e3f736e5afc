"""The loss as one number of the model moves, with the slopes that two steps find."""

from docs.plots.shared.nudged import FIRST, MODEL, loss_at
from docs.plots.shared.paper import Picture, dots, key, sheet
from docs.plugins.inks import INKS
from microgpt.nudge import nudge

H = 0.5
REACH = 1.0
POINTS = 60


def picture() -> Picture:
    x = MODEL.floats()[FIRST]
    here, up, down = (loss_at(at) for at in (x, x + H, x - H))
    one, both, slope = (up - here) / H, (up - down) / (2 * H), nudge(loss_at, x)[0]
    xs = [x + REACH * (2 * i / POINTS - 1) for i in range(POINTS + 1)]
    figure, (axes,) = sheet(280, left=56, right=4)
    axes.plot(xs, [loss_at(at) for at in xs], lw=2, color=INKS["text"], label="loss")
    second, first = INKS["second"], INKS["first"]
    (line,) = axes.plot([x, x + H], [here, up], lw=2, color=second, label="one side")
    line.set_dashes((4, 2))
    axes.plot([x - H, x + H], [down, up], lw=2, color=first, label="both sides")
    dots(axes, [(x - H, down), (x, here), (x + H, up)], 6, color=INKS["text"])
    axes.set(xlim=(xs[0], xs[-1]), xlabel="the number", xticks=[x - H, x, x + H])
    axes.set_xticklabels(["x − h", "x", "x + h"])
    key(axes, columns=3)
    words = f"With a step of {H:g}, one side finds the slope {one:.4f}, both sides"
    words += f" {both:.4f}. A step of a millionth finds {slope:.4f}."
    return Picture(figure, "The loss of emma as one number moves", words)
