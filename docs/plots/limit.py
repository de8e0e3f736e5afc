"""How far each rung is from the least time that a step can take on one core."""

from docs.plots.shared.limits import distances, floor
from docs.plots.shared.paper import Picture, sheet
from docs.plugins.inks import INKS
from docs.plugins.measured import three


def told(real: str) -> str:
    parts = floor(real)
    told = " + ".join(f"{name} {part:,.0f}" for name, part in parts.items())
    return f"{real}: {told} = {sum(parts.values()):,.0f} ns"


def picture() -> Picture:
    found = distances()
    figure, (axes,) = sheet(96 + 30 * len(found), left=92, right=70, top=4, bottom=92)
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
