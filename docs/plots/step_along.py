"""The loss along one step of Adam, and beyond."""

import numpy as np

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.runs import mean_loss, unseen, untrained
from docs.plugins.inks import INKS
from microgpt import Adam
from microgpt.ladder import arrays

SCALES = np.linspace(0, 30, 31)


def picture() -> Picture:
    docs, tokenizer, start, _ = run = untrained()
    gpt = arrays.GPT(start.config, weights=start.floats())
    tokens, before = tokenizer.encode(docs[0]), gpt.theta.data.copy()
    gpt.loss(tokens).backward()
    slopes = gpt.theta.grad
    Adam(gpt.parameters()).step()
    move = gpt.theta.data - before
    figure, (axes,) = sheet(280, left=44)
    words = "Losses by how many times the step is taken."
    for name, documents, ink in (
        (docs[0], [tokens], "first"),
        ("other names", unseen(run)[:50], "second"),
    ):
        found = []
        for scale in SCALES:
            gpt.theta.data = before + scale * move
            found.append(mean_loss(gpt, documents))
        axes.plot(SCALES, found, lw=2.2, color=INKS[ink], label=name)
        best = int(np.argmin(found))
        ends = f"{found[0]:.2f} at first, {found[1]:.2f} after the step"
        words += f" {name}: {ends}, lowest at {best} times it, {found[best]:.2f}."
    promise = mean_loss(start, [tokens]) + SCALES * (slopes @ move)
    axes.plot(SCALES, promise, color=INKS["faint"], dashes=(4, 3), label="promised")
    axes.set(xlim=(0, 30), ylim=(0, 10), xlabel="times the step", ylabel="loss")
    key(axes, columns=3)
    return Picture(figure, "The loss along one step", words)
