"""How a fit that RoPE turns depends on the distance, for two bases."""

from math import cos

from docs.plots.shared.paper import Picture, key, sheet
from docs.plugins.inks import INKS
from microgpt.number import total

SIZE = 64  # of a head
FARTHEST = 200
BASES = [(10_000, INKS["first"], (None, None)), (500_000, INKS["second"], (4, 2))]


def turned(distance: int, base: int) -> float:
    """The cosine between a vector of ones and the same one, turned."""
    angles = [distance * base ** (-i / SIZE) for i in range(0, SIZE, 2)]
    return float(total(list(map(cos, angles))) / len(angles))


def picture() -> Picture:
    figure, (axes,) = sheet(240, right=20)
    words = f"A head of {SIZE} numbers; 1 is the fit at the same place."
    for base, color, dashes in BASES:
        fits = [turned(distance, base) for distance in range(FARTHEST + 1)]
        name = f"base {base:,}"
        axes.plot(fits, lw=2, color=color, dashes=dashes, label=name)
        listed = ", ".join(f"{fits[i]:.2f} at {i}" for i in (0, 1, 10, 50, FARTHEST))
        words += f" With {name}: {listed}."
    axes.axhline(0, lw=1, color=INKS["faint"])
    axes.set(xlim=(0, FARTHEST), xlabel="distance")
    key(axes, columns=len(BASES))
    return Picture(figure, "RoPE by distance", words)
