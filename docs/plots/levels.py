"""The operations of one loss by level: an operation stands above all its inputs."""

from collections import Counter

from docs.plots.shared.paper import Picture, sheet
from docs.plugins.inks import INKS
from microgpt import GPT, Config
from microgpt.graph import topological_order

TOKENS = [26, 0, 1, 2, 3, 4, 5, 26]


def picture() -> Picture:
    wide = widths(GPT(Config(27)).loss(TOKENS))
    levels = range(1, len(wide) + 1)
    figure, (axes,) = sheet(240, left=64, top=12)
    axes.fill_between(levels, wide, step="mid", lw=0, color=INKS["first"])
    axes.set(xlim=(0, len(wide) + 1), ylim=(0, None))
    axes.set(xlabel="level", ylabel="operations")
    top = max(wide)
    words = (
        f"{sum(wide):,d} operations on {len(wide)} levels."
        f" The widest has {top:,d}, {wide.count(1)} have a single one,"
        f" the mean is {sum(wide) / len(wide):.0f}."
    )
    return Picture(figure, "The operations of one loss, level by level", words)


def widths(root: object) -> list[int]:
    """How many operations there are at each level, from the leaves to the root."""
    level = dict[object, int]()
    for node in topological_order(root):
        below = [level[child] for child in node._children]
        level[node] = 1 + max(below, default=-1)
    counted = Counter(level.values())
    return [counted[i] for i in range(1, max(counted) + 1)]
