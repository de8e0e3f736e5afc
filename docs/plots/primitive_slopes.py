"""The four primitives of one child: the curve of each, and a tangent to it."""

from docs.plots.shared.paper import Picture, dots, sheet
from docs.plugins.inks import INKS
from microgpt import Value

POINTS = 80
PANELS = {  # the operation, where it is taken, from where to where it is drawn
    "x ** -1": (lambda x: x**-1, 2.0, (0.25, 4.0)),
    "exp": (Value.exp, 1.0, (-2.0, 2.0)),
    "log": (Value.log, 0.5, (0.05, 4.0)),
    "relu": (Value.relu, -2.0, (-4.0, 4.0)),
}


def picture() -> Picture:
    figure, panels = sheet(400, 2, 2, left=28, top=30, bottom=24, gap=(44, 54))
    words = "Curves with a tangent."
    for axes, (name, (function, at, (left, right))) in zip(panels, PANELS.items()):
        result = function(Value(at))
        (slope,) = result._local_grads
        xs = [left + (right - left) * i / POINTS for i in range(POINTS + 1)]
        ys = [function(Value(x)).data for x in xs]
        axes.plot(xs, ys, lw=2, color=INKS["text"])
        reach = (right - left) * 0.22 / max(1.0, abs(slope))
        ends = [at - reach, at + reach]
        tangent = [result.data + slope * (x - at) for x in ends]
        axes.plot(ends, tangent, lw=2.2, color=INKS["first"])
        dots(axes, [(at, result.data)], 7, color=INKS["first"])
        axes.set_title(f"{name} at {at:g}: slope {slope:.4g}", loc="left", pad=10)
        axes.set(xlim=(left, right))
        words += f" {name} at {at:g}: result {result.data:.4g}, slope {slope:.4g}."
    return Picture(figure, "Four primitives and a slope of each", words)
