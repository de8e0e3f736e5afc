"""All matrices of the model, drawn to scale."""

from math import prod

from matplotlib.patches import Rectangle

from docs.plots.shared.paper import Picture, sheet
from docs.plugins.inks import INKS
from microgpt import Config, Tokenizer, load_names

PLACES = {  # the corners, and the ink of the part of the model
    **{"wte": (0, 0, "second"), "wpe": (27, 0, "third"), "lm_head": (54, 0, "second")},
    **{f"attn_w{x}": (27 * i, 39, "first") for i, x in enumerate("qkvo")},
    **{"mlp_fc1": (112, 0, "third"), "mlp_fc2": (0, 67, "third")},
}


def picture() -> Picture:
    shapes = Config(Tokenizer(load_names()).vocab_size).shapes()
    figure, (axes,) = sheet(341, left=4, right=4, top=2, bottom=2)
    axes.set(xlim=(-1, 132), ylim=(89, -6))
    axes.axis("off")
    words = "Each matrix with rows, columns and what they hold."
    for name, (rows, columns) in shapes.items():
        short = name.removeprefix("layer0.")
        x, y, ink = PLACES[short]
        size = f"{prod((rows, columns)):,}"
        axes.add_patch(Rectangle((x, y), columns, rows, color=INKS[ink], alpha=0.3))
        axes.text(x, y - 1.5, short)
        axes.text(x + columns / 2, y + rows / 2, size, ha="center", va="center")
        axes.text(x + columns + 0.7, y + rows / 2, rows, va="center")
        axes.text(x + columns / 2, y + rows + 4, columns, ha="center")
        words += f" {short}: {rows} by {columns}, {size}."
    total = sum(map(prod, shapes.values()))
    return Picture(figure, f"The {total:,} parameters in their matrices", words)
