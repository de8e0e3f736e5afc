"""Where each matrix of the model lies in the vector of all weights."""

from docs.plots.shared.paper import Picture, sheet
from docs.plugins.inks import INKS
from microgpt import Config
from microgpt.ladder import by_hand


def parts() -> list[tuple[str, int]]:
    """The matrices in their order, and how many numbers each holds."""
    places, _ = by_hand.GPT(Config(27))._places()
    found = {name: matrix.data.size for name, matrix in places.items()}
    del found["layer0.attn_wq"], found["layer0.attn_wk"]  # they are parts of wqkv
    return [(name.rpartition("_")[2], size) for name, size in found.items()]


def picture() -> Picture:
    figure, (axes,) = sheet(96, left=2, right=2, top=44, bottom=22)
    start, words = 0, "The vector of weights:"
    for row, (name, size) in enumerate(parts()):
        name = "lm_head" if name == "head" else name
        ink = ("first", "second")[row % 2]
        axes.barh(0, size - 8, 0.9, left=start, color=INKS[ink])
        above = 0.55 + 0.65 * (row % 2)
        axes.text(start + size / 2, above, name, ha="center", va="bottom")
        axes.text(start + size / 2, -0.6, f"{size:,}", ha="center", va="top")
        words += f" {name} {size:,},"
        start += size
    axes.set(xlim=(0, start), ylim=(-0.5, 0.5))
    axes.axis("off")
    return Picture(figure, "Matrices side by side in one vector", f"{words[:-1]}.")
