"""How much arithmetic each part of a step takes, on average over the names."""

from docs.plots.shared.paper import Picture, sheet
from docs.plots.shared.work import average
from docs.plugins.inks import INKS
from microgpt import Config


def picture() -> Picture:
    found = average(Config(27))
    figure, (axes,) = sheet(150, left=74, right=86, top=4, bottom=6)
    words = "Floating-point operations of a step."
    for row, (part, number) in enumerate(found.items()):
        axes.barh(row, number, 0.6, color=INKS["second" if part == "Adam" else "first"])
        label = f"{number:,.0f}"
        axes.text(number * 1.02, row, label, va="center")
        words += f" {part}: {label}."
    words += f" Together: {found.total:,.0f}."
    axes.set(ylim=(len(found) - 0.5, -0.5), xticks=[])
    axes.spines["bottom"].set_visible(False)
    axes.set_yticks(range(len(found)), list(found))
    return Picture(figure, "The arithmetic of a step", words)
