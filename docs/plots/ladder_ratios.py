"""How many times as fast as the specimen each rung was when last measured."""

import json
from pathlib import Path

from docs.plots.shared.paper import Picture, sheet
from docs.plugins.inks import INKS
from docs.plugins.measured import three

STORED = Path(__file__).parents[1] / "measured" / "ladder.json"


def picture() -> Picture:
    found = json.loads(STORED.read_text("utf-8"))
    rungs = found["rungs"]
    figure, (axes,) = sheet(48 + 30 * len(rungs), left=92, right=76, top=4, bottom=44)
    words = f"Measured {found['date']} with Python {found['python']}."
    for row, (name, rung) in enumerate(rungs.items()):
        low, middle, high = rung["ratio"]
        axes.barh(row, middle, 0.6, color=INKS["first"])
        axes.plot((low, high), (row, row), color=INKS["text"], lw=1.5)
        label = f"{three(middle)} ×"
        axes.text(max(middle, high) * 1.15, row, label, va="center")
        words += f" {name}: {label}, from {three(low)} to {three(high)}."
    most = max(rung["ratio"][1] for rung in rungs.values())
    axes.set(xscale="log", xlim=(0.5, 2 * most), ylim=(len(rungs) - 0.5, -0.5))
    axes.set_yticks(range(len(rungs)), list(rungs))
    axes.set_xlabel("times as fast as the specimen")
    return Picture(figure, "How fast each rung is", words)
