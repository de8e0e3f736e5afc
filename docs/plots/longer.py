"""The loss on unseen names by the number of steps, beside tables of the same names."""

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.runs import UNSEEN, token_loss, trained, unseen
from docs.plugins.inks import INKS
from microgpt.ngrams import ngram

STEPS = (125, 250, 500, 1000, 2000)
DASHES = {2: (4, 2), 3: (1, 1), 4: (6, 2, 1, 2)}


def table_loss(n: int, steps: int) -> float:
    """What counting the names of a run knows of the unseen ones."""
    docs, tokenizer = trained().docs, trained().tokenizer
    return float(ngram(n, docs[:steps], tokenizer, docs[UNSEEN], smoothing=0.1))


def picture() -> Picture:
    figure, (axes,) = sheet(300, left=36)
    runs = [trained(steps=steps) for steps in STEPS]
    lines = {"model": [token_loss(run.gpt, unseen(run)) for run in runs]}
    for n in DASHES:
        lines[f"{n - 1} before"] = [table_loss(n, steps) for steps in STEPS]
    words = "Loss in nats a token, over unseen names."
    for (name, losses), dashes in zip(lines.items(), [(None, None), *DASHES.values()]):
        color = INKS["first" if name == "model" else "second"]
        (line,) = axes.plot(STEPS, losses, lw=2, color=color, dashes=dashes, label=name)
        line.set(marker="o", markersize=5)
        listed = ", ".join(f"{loss:.2f} at {n}" for n, loss in zip(STEPS, losses))
        words += f" {name}: {listed}."
    axes.set_xscale("log", base=2)
    axes.set_xticks(STEPS, [f"{steps:,}" for steps in STEPS], minor=False)
    axes.set(xlabel="names learned from")
    key(axes, columns=len(lines))
    return Picture(figure, "The loss by the number of names", words)
