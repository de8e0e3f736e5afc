"""The loss of four layers that add to the stream, and of four that replace it."""

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.runs import STEPS, running_mean, untrained
from docs.plots.shared.variants import Replacing
from docs.plugins.inks import INKS
from microgpt import ngrams, train
from microgpt.ladder import arrays

LAYERS, WINDOW = 4, 50


def picture() -> Picture:
    docs, tokenizer, start, _ = untrained(n_layer=LAYERS)
    figure, (axes,) = sheet(280, right=76)
    words = f"Mean of the last {WINDOW} losses with {LAYERS} layers."
    for kind, name, ink in (
        (arrays.GPT, "add", "first"),
        (Replacing, "replace", "third"),
    ):
        gpt = kind(start.config, weights=start.floats())
        losses = [step.loss for step in train(gpt, docs, tokenizer, STEPS)]
        means = running_mean(losses, WINDOW)
        axes.plot(range(WINDOW, STEPS + 1), means, lw=2.2, color=INKS[ink], label=name)
        words += (
            f" Layers that {name}: {means[0]:.2f} at first, {means[-1]:.2f} at last."
        )
    for name, count in ("unigram", ngrams.unigram), ("bigram", ngrams.bigram):
        loss = count(docs, tokenizer)
        axes.axhline(loss, color=INKS["second"], lw=1.4, dashes=(4, 3))
        axes.text(STEPS * 1.02, loss, name, color=INKS["second"], va="center")
        words += f" The {name} loss is {loss:.2f}."
    axes.set(xlim=(0, STEPS), xlabel="step")
    key(axes, columns=2)
    return Picture(figure, "Layers that add, and layers that replace", words)
