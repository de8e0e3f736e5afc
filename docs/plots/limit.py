"""How far each rung is from the least time that a step can take on one core."""

import json
from pathlib import Path

from docs.plots.shared.paper import Picture, sheet
from docs.plots.shared.work import average, exponentials, lengths, weights
from docs.plugins.inks import INKS
from docs.plugins.measured import three
from microgpt import Config

MEASURED = Path(__file__).parents[1] / "measured"
CONFIG = Config(27)


def stored(name: str) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = json.loads(
        (MEASURED / f"{name}.json").read_text("utf-8")
    )
    return found


def floor(real: str) -> dict[str, float]:
    """The nanoseconds that the parts of a step take at the least, one after another."""
    ns = stored("limit")["reals"][real]
    counts = average(CONFIG)
    products = counts["matrices"] + counts["attention"]
    found = [exponentials(CONFIG, n) for n in lengths(CONFIG)]
    return {
        "products": products / 2 * ns["multiply_add"],
        "roots": weights(CONFIG) * ns["divide_by_root"],
        "exp": sum(found) / len(found) * ns["exponential"],
    }


def real_of(rung: str) -> str:
    return "float32" if rung.endswith("32") else "float64"


def distances() -> dict[str, float]:
    """How many times as long as the floor each rung takes."""
    floors = {real: sum(floor(real).values()) for real in ("float64", "float32")}
    rungs = stored("ladder")["rungs"].items()
    return {name: 1e6 * rung["ms"] / floors[real_of(name)] for name, rung in rungs}


def told(real: str) -> str:
    parts = floor(real)
    told = " + ".join(f"{name} {part:,.0f}" for name, part in parts.items())
    return f"{real}: {told} = {sum(parts.values()):,.0f} ns"


def picture() -> Picture:
    found = distances()
    figure, (axes,) = sheet(96 + 30 * len(found), left=84, right=70, top=4, bottom=92)
    words = f"{told('float64')}. {told('float32')}."
    for row, (name, times) in enumerate(found.items()):
        axes.barh(row, times - 1, 0.6, left=1, color=INKS["first"])
        label = f"{three(times)} ×"
        axes.text(times * 1.3, row, label, va="center")
        words += f" {name}: {label}."
    most = max(found.values())
    axes.set(xscale="log", xlim=(1, 2 * most), ylim=(len(found) - 0.5, -0.5))
    axes.set_yticks(range(len(found)), list(found))
    axes.set_xlabel(
        f"times the least\n{told('float64')}\n{told('float32')}", linespacing=1.5
    )
    return Picture(figure, "How far each rung is from the least", words)
