"""Who holds whom after one product, in two designs that keep functions."""

from inspect import getclosurevars

from docs.plots.shared.paper import Picture, sheet
from docs.plugins.inks import INKS
from microgpt import closures
from tests.specimens import closures as published

PLACES = {"c": (1, 0), "function": (1, 1.5), "a": (0, 3), "b": (2, 3)}
DESIGNS = {"microgpt.closures": closures.Value, "as often published": published.Value}


def picture() -> Picture:
    figure, panels = sheet(230, 1, 2, left=4, right=4, top=30, bottom=4)
    words = "After c = a * b."
    for axes, (title, kind) in zip(panels, DESIGNS.items()):
        axes.set_title(title)
        axes.set(xlim=(-0.5, 2.5), ylim=(3.3, -0.3))
        axes.axis("off")
        for name, place in PLACES.items():
            axes.text(*place, name, ha="center", va="center")
        for holder, held in (found := pairs(kind)):
            ink, bend = INKS["second" if held == "c" else "faint"], (held != "b") * 0.4
            arrow = {"arrowstyle": "->", "color": ink, "shrinkA": 12, "shrinkB": 12}
            arrow |= {"connectionstyle": f"arc3,rad={bend - 0.2}"}
            axes.annotate("", PLACES[held], PLACES[holder], arrowprops=arrow)
        words += f" {title}: {', '.join(f'{x} holds {y}' for x, y in found)}."
    return Picture(figure, "Who holds whom", words)


def pairs(kind: type) -> list[tuple[str, str]]:
    """The names of what holds and of what is held."""
    a, b = kind(2.0), kind(5.0)
    c = a * b
    names = {a: "a", b: "b", c: "c", c._backward: "function"}
    held = [x for x in getclosurevars(c._backward).nonlocals.values() if x in names]
    found = [(c, c._backward), *((c, x) for x in c._prev)]
    found += [(c._backward, x) for x in held]
    return sorted((names[holder], names[x]) for holder, x in found)
