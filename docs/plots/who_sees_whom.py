"""Which logits of a name change when one of its tokens does."""

from typing import Any

from docs.plots.shared.paper import Picture, cell, sheet
from docs.plots.shared.runs import trained

NAME = "maria"
LABELS = ["BOS", *NAME]
CACHES = ("a fresh cache", "a cache with the future")


def picture() -> Picture:
    run = trained()
    tokens = run.tokenizer.encode(NAME)[:-1]
    figure, panels = sheet(270, 1, 2, left=46, top=50, bottom=4, gap=(46, 0))
    words = "How many logits change with a token of another position, or of the same."
    for fillings, (axes, title) in enumerate(zip(panels, CACHES), 1):
        axes.set_title(title, pad=26)
        axes.set(aspect=1, xlim=(0, len(tokens)), ylim=(len(tokens), 0))
        axes.axis("off")
        before, pairs = logits(run.gpt, tokens, fillings), 0
        for j, label in enumerate(LABELS):
            axes.text(-0.25, j + 0.6, label, ha="right")
            axes.text(j + 0.47, -0.3, label, ha="center")
            changed = [*tokens[:j], tokens[j] - 1, *tokens[j + 1 :]]
            for i, after in enumerate(logits(run.gpt, changed, fillings)):
                cell(axes, j, i, 1, "faint", 0.12)
                cell(axes, j, i, 1, "first", 0.6 * (after != before[i]))
                pairs += after != before[i]
        words += f" With {title}: {pairs} of {len(tokens) ** 2} pairs."
    return Picture(figure, f"Who sees whom in {NAME}", words)


def logits(gpt: Any, tokens: list[int], fillings: int) -> list[list[float]]:
    """The logits at each position, when the cache is filled for the last time."""
    cache = gpt.cache()
    for _ in range(fillings):
        found = [gpt(token, pos, cache) for pos, token in enumerate(tokens)]
    return found
