"""A table of pairs learns by gradient descent what counting gives at once."""

import numpy as np

from docs.plots.shared.paper import Picture, key, sheet
from docs.plugins.inks import INKS
from microgpt import Tokenizer, load_names
from microgpt.ngrams import bigram, windows

SHOWN = np.unique(np.geomspace(1, 3000, 80).astype(int))
WAYS = {"on the same names": ("first", 0.0), "on new names": ("second", 0.1)}


def picture() -> Picture:
    names = load_names()
    tokenizer = Tokenizer(names)
    parts = [name for i, name in enumerate(names) if i % 10], names[::10]
    counts = np.zeros((2, tokenizer.vocab_size, tokenizer.vocab_size))
    for part, docs in enumerate(parts):
        for (a,), b in windows(2, docs, tokenizer):
            counts[part, a, b] += 1
    shares = counts / counts.sum((1, 2), keepdims=True)
    table, losses = np.zeros(counts[0].shape), []
    for step in range(1, SHOWN[-1] + 1):
        probs = np.exp(table) / np.exp(table).sum(1, keepdims=True)
        if step in SHOWN:  # the loss before this step
            losses.append(-(shares * np.log(probs)).sum((1, 2)))
        table -= 30 * (shares[0].sum(1, keepdims=True) * probs - shares[0])
    figure, (axes,) = sheet(290, right=20)
    words = f"The loss of a table of pairs in {SHOWN[-1]:,} steps of gradient descent."
    for curve, asked, (title, how) in zip(zip(*losses), parts, WAYS.items()):
        ink, smoothing = how
        axes.plot(SHOWN, curve, lw=2, color=INKS[ink], label=title)
        loss = bigram(parts[0], tokenizer, asked, smoothing)
        axes.axhline(loss, color=INKS[ink], lw=1.4, dashes=(4, 3))
        words += f" {title.capitalize()}: {curve[-1]:.4f}, and {loss:.4f} by counting."
    axes.set(xscale="log", xlabel="steps", xlim=(4, SHOWN[-1]), ylim=(2.3, 2.8))
    axes.set_xticks([10, 100, 1000], ["10", "100", "1,000"])
    key(axes, columns=2)
    return Picture(figure, "A table by counting and by gradient descent", words)
