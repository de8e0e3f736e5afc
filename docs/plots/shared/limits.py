"""The least time that a step can take on one core, and what the rungs make of it."""

import json
from pathlib import Path

from docs.plots.shared.work import average, exponentials, lengths, weights
from microgpt import Config

MEASURED = Path(__file__).parents[2] / "measured"
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
