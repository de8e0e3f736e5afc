"""When `topological_order` comes to each node of a graph, and when it leaves it."""

from collections.abc import Iterator

from docs.plots.shared.paper import Picture, cell, sheet
from microgpt.graph import topological_order

GRAPH = {"e": "dc", "d": "ca", "c": "ab", "a": "", "b": ""}


class Watched:
    """A node that notes when the walk comes to it, and when no child is left."""

    def __init__(self, name: str, made: dict[str, "Watched"], log: list[str]) -> None:
        self.name, self.made, self.log = name, made, log

    @property
    def _children(self) -> Iterator["Watched"]:
        self.log.append(self.name)
        yield from (self.made[name] for name in GRAPH[self.name])
        self.log.append(self.name)


def picture() -> Picture:
    log, made = list[str](), dict[str, Watched]()
    made |= {name: Watched(name, made, log) for name in GRAPH}
    order = [node.name for node in topological_order(made["e"])]
    figure, (axes,) = sheet(180, left=40, top=4, bottom=4)
    axes.set(xlim=(0, len(log)), ylim=(5.5, -0.2))
    axes.axis("off")
    for name in GRAPH:
        first, last = (i for i, other in enumerate(log) if other == name)
        depth = sum(log[:first].count(other) == 1 for other in GRAPH)
        cell(axes, first, depth, last - first + 1, "first", 0.35)
        axes.text((first + last + 1) / 2, depth + 0.6, name, ha="center")
        axes.text(last + 0.5, 5.2, name, ha="center")
    axes.text(-0.2, 0.6, "path", ha="right")
    axes.text(-0.2, 5.2, "list", ha="right")
    words = f"Finished, and so in the list: {', '.join(order)}. Walk: {' '.join(log)}."
    return Picture(figure, "The walk through a graph, in time", words)
