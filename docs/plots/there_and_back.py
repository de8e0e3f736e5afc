"""How large a name's vectors are on the way through the model, and their gradients."""

from functools import partial
from statistics import fmean

from docs.plots.shared.paper import Picture, sheet
from docs.plots.shared.runs import trained
from docs.plugins.inks import INKS
from microgpt.ladder import lists, ways

NAME = "emma"
STATIONS = ("embedding", "RMSNorm", "attention", "MLP", "logits")
SIDES = ("the way there →", "first"), ("← the way back: gradients", "second")


def sizes() -> list[list[float]]:
    """The root mean square at each station: of what is there, of its gradient."""
    run, found = trained(), []
    tokens = run.tokenizer.encode(NAME)
    gpt = lists.GPT(run.gpt.config, weights=run.gpt.floats())
    layer = [partial(part, "layer0.") for part in (gpt._attend, gpt._think)]
    parts = [gpt._embed, ways.rmsnorm, *layer, gpt.weights["lm_head"].linear]
    for i in range(len(parts)):
        x, _ = ways.chain(tokens[:-1], *parts[: i + 1])
        logits, way = ways.chain(x, *parts[i + 1 :])
        grad = way(ways.surprise(logits, tokens[1:])[1])
        pair = [[a * a for row in rows for a in row] for rows in (x, grad)]
        found.append([fmean(squares) ** 0.5 for squares in pair])
    return [list(row) for row in zip(*found)]


def picture() -> Picture:
    figure, panels = sheet(230, 2, left=8, right=8, top=24, bottom=28, gap=(0, 44))
    words = f"For the name {NAME}."
    for axes, (title, ink), numbers in zip(panels, SIDES, sizes()):
        axes.bar_label(axes.bar(STATIONS, numbers, 0.5, color=INKS[ink]), fmt="{:.2g}")
        axes.set(yticks=[], ylim=(0, 1.25 * max(numbers)), title=title)
        pairs = [f"{name} {number:.2g}" for name, number in zip(STATIONS, numbers)]
        words += f" {title.strip('→← ').capitalize()}: {', '.join(pairs)}."
    return Picture(figure, "The sizes of vectors and of their gradients", words)
