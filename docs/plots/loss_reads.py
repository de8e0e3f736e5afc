"""All probabilities of a name, of which the loss reads one for each position."""

from itertools import pairwise

from matplotlib.axes import Axes

from docs.plots.shared.paper import Picture, sheet
from docs.plots.shared.runs import STEPS, Run, trained, untrained
from docs.plugins.inks import INKS
from microgpt.number import cross_entropy, softmax

NAME, FULL = "emma", 0.4  # as high as a row


def picture() -> Picture:
    figure, panels = sheet(420, 2, left=40, right=48, top=40, bottom=2, gap=(0, 48))
    runs = {"untrained": untrained(), f"after {STEPS:,} steps": trained()}
    said = map(draw, panels, runs, runs.values())
    words = f"Probabilities (and surprise) of what came in {NAME}: {'; '.join(said)}."
    return Picture(figure, f"What the loss reads in {NAME}", words)


def draw(axes: Axes, title: str, run: Run) -> str:
    tokens, labels = run.tokenizer.encode(NAME), [*run.tokenizer.chars, "BOS"]
    axes.axis((0, len(labels), len(tokens) - 1, 0))
    axes.axis("off")
    axes.set_title(title, pad=22, loc="left")
    for x, label in enumerate(labels):
        axes.text(x + 0.2, -0.15, label)
    cache, said = run.gpt.cache(), []
    for y, (token, target) in enumerate(pairwise(tokens), 1):
        logits = run.gpt(token, y - 1, cache)
        tops = [y - p / FULL for p in softmax(logits)]
        for i, some, ink in (0, tops, "faint"), (target, [tops[target]], "first"):
            ends = range(i, i + len(some) + 1)
            axes.stairs(some, ends, baseline=y, fill=True, color=INKS[ink], lw=0)
        axes.text(-0.4, y - 0.1, labels[token], ha="right")
        axes.text(27.4, y - 0.1, surprise := f"{cross_entropy(logits, target):.2f}")
        said.append(f"{labels[target]} {FULL * (y - tops[target]):.2f} ({surprise})")
    return f"{title} {', '.join(said)}"
